/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The first packet of a flow, in the order of docs/contracts.md: may it be ours, which Service,
 * which backend, where to, under which source, and then both entries. Whatever a step decides
 * against is returned as a verdict; MG_HIT means carry on.
 */
#ifndef MARGAY_FLOW_H
#define MARGAY_FLOW_H

#include "affinity.h"
#include "nat.h"
#include "refuse.h"
#include "stack-flows.h"

/* Carry on with the next step. */
#define MG_NEXT MG_HIT

static __always_inline int verdict_of(const struct __sk_buff *skb, int reason)
{
	return reason < MG_REFUSED ? to_stack(skb, reason) : drop(skb, reason);
}

/* 1. Flows that are older than us, or that somebody else keeps, stay with the stack. */
static __always_inline int may_begin(struct __sk_buff *skb, const struct mg_packet *p,
				     enum mg_hook hook, const struct mg_state *st)
{
	if (st->mode != MG_MODE_ACTIVE)
		return to_stack(skb, MG_STACK_MODE);
	if (p->key.proto == IPPROTO_TCP && !opens_connection(p))
		return to_stack(skb, MG_STACK_MIDFLOW);
	/* A hostPort may be the loopback address's: who is not the host itself has no business there. */
	if (addr_is_loopback(&p->key.daddr))
		return to_stack(skb, MG_STACK_HOST);
	/* Most of what a host sends is no Service's: one more miss settles that. */
	if (hook == MG_TO_NET && !frontend_exact(&p->key.daddr, p->key.dport, p->key.proto))
		return to_stack(skb, MG_STACK_HOST);
	/*
	 * What leaves the host with a Service's address was translated by nobody: all that kernel
	 * conntrack could know of it is the packet's own entry, a moment old.
	 */
	if (st->stack_flows && hook != MG_TO_NET && is_kernel_flow(skb, p, is_egress(hook)))
		return to_stack(skb, MG_STACK_KERNEL_FLOW);
	return MG_NEXT;
}

/* 2. The way back, which is also the check that a pod speaks with its own address. */
static __always_inline int way_back(struct __sk_buff *skb, const struct mg_packet *p,
				    enum mg_hook hook, struct mg_flow *flow)
{
	enum mg_place place = locate(&p->key.saddr, &flow->back);

	if (hook == MG_FROM_POD) {
		if (place != MG_AT_POD || flow->back.ifindex != skb->ifindex)
			return to_stack(skb, MG_STACK_SOURCE);
		return MG_NEXT;
	}
	if (is_egress(hook)) {
		path_to_stack(&flow->back);
		return MG_NEXT;
	}
	if (place == MG_AT_POD || place == MG_AT_HOST || place == MG_AT_NOWHERE)
		return to_stack(skb, MG_STACK_SOURCE);
	flow->outside = place != MG_AT_REMOTE_POD;
	return MG_NEXT;
}

/* 3. Service and backend: the destination in flow->reverse becomes the backend's. */
static __always_inline int translate(struct __sk_buff *skb, const struct mg_packet *p,
				     enum mg_hook hook, struct mg_flow *flow)
{
	struct mg_affinity_key who = { .addr = p->key.saddr };
	const struct mg_frontend *frontend;
	const struct mg_backend *backend;
	struct mg_range range;

	frontend = frontend_exact(&p->key.daddr, p->key.dport, p->key.proto);
	if (!frontend && hook != MG_TO_NET)
		frontend = frontend_nodeport(&p->key.daddr, p->key.dport, p->key.proto);
	if (!frontend)
		return MG_NEXT;
	if (frontend->flags & MG_FE_TO_STACK)
		return to_stack(skb, MG_STACK_FRONTEND);
	range = range_for(frontend, flow->outside);
	if (!range.count) {
		if (frontend->flags & (flow->outside ? MG_FE_DROP_OUTSIDE : MG_FE_DROP_INSIDE))
			return drop(skb, MG_DROP_LOCAL_ONLY);
		return refuse(skb, p, hook);
	}
	if (!source_allowed(frontend, &p->key.saddr))
		return drop(skb, MG_DROP_SOURCE_RANGE);
	backend = backend_for(frontend, &range, &who, client_hash(&p->key, frontend->service_id));
	if (!backend)
		return drop(skb, MG_DROP_BACKEND);
	flow->reverse.saddr = backend->addr;
	flow->reverse.sport = backend->port;
	flow->service_id = frontend->service_id;
	flow->translated = true;
	return MG_NEXT;
}

/* 4a. What comes from the network and is no Service's is ours only when a pod here is meant. */
static __always_inline int net_destination(struct __sk_buff *skb, enum mg_place place,
					   bool translated)
{
	if (place == MG_AT_POD || translated)
		return MG_NEXT;
	return to_stack(skb, place == MG_AT_HOST ? MG_STACK_HOST : MG_STACK_TRANSIT);
}

/* 4. Where it goes, and whether replies need the node's address to come back this way. */
static __always_inline int way_there(struct __sk_buff *skb, enum mg_hook hook, struct mg_flow *flow,
				     const struct mg_ct_key *key)
{
	const struct mg_addr daddr = flow->reverse.saddr;
	enum mg_place place = locate(&daddr, &flow->to);
	int verdict;

	if (place == MG_AT_NOWHERE)
		return drop(skb, MG_DROP_NO_ENDPOINT);
	if (hook == MG_FROM_NET) {
		verdict = net_destination(skb, place, flow->translated);
		if (verdict != MG_NEXT)
			return verdict;
		flow->new_port = place != MG_AT_POD && place != MG_AT_HOST;
	}
	if (hook == MG_FROM_POD) {
		/* Also where another CNI masquerades, or nobody does: that is the stack's to know. */
		if (place == MG_AT_WORLD && mg_config.egress_to_stack && !flow->translated)
			return to_stack(skb, MG_STACK_EGRESS);
		flow->new_port =
			addr_equal(&daddr, &key->saddr) ||
			(place == MG_AT_WORLD && (mg_config.nat_outgoing || flow->translated));
	}
	if (!path_complete(skb, &key->saddr, &daddr, &flow->to))
		return flow->translated ? drop(skb, MG_DROP_NO_ROUTE)
					: to_stack(skb, MG_STACK_NO_ROUTE);
	return MG_NEXT;
}

/* 5. Netfilter sees both directions of what stays in the stack, or none. */
static __always_inline int join_ways(struct __sk_buff *skb, const struct mg_packet *p,
				     struct mg_flow *flow)
{
	if (flow->to.action == MG_CT_STACK)
		path_to_stack(&flow->back);
	if (path_complete(skb, &flow->reverse.saddr, &p->key.saddr, &flow->back))
		return MG_NEXT;
	return flow->translated ? drop(skb, MG_DROP_NO_ROUTE) : to_stack(skb, MG_STACK_NO_ROUTE);
}

/*
 * From the stack to a pod: no Service, and both directions stay with the stack. The entry makes the
 * pod's replies go the way the request came, whoever sent it.
 */
static __always_inline void stack_to_pod(struct mg_flow *flow, const struct mg_ct_key *key)
{
	locate(&key->daddr, &flow->to);
	path_to_stack(&flow->to);
}

static __noinline int plan(struct __sk_buff *skb, const struct mg_packet *p, enum mg_hook hook,
			   struct mg_flow *flow)
{
	int verdict = way_back(skb, p, hook, flow);

	if (verdict != MG_NEXT)
		return verdict;
	if (hook == MG_TO_POD) {
		stack_to_pod(flow, &p->key);
		return MG_NEXT;
	}
	verdict = translate(skb, p, hook, flow);
	if (verdict != MG_NEXT)
		return verdict;
	verdict = way_there(skb, hook, flow, &p->key);
	if (verdict != MG_NEXT)
		return verdict;
	return join_ways(skb, p, flow);
}

/* The entries are there when this returns MG_HIT; any other value is the packet's verdict. */
static __noinline int new_flow(struct __sk_buff *skb, const struct mg_packet *p, enum mg_hook hook,
			       const struct mg_state *st)
{
	struct mg_flow flow = {};
	int verdict, reason;

	verdict = may_begin(skb, p, hook, st);
	if (verdict != MG_NEXT)
		return verdict;
	flow.reverse.saddr = p->key.daddr;
	flow.reverse.daddr = p->key.saddr;
	flow.reverse.sport = p->key.dport;
	flow.reverse.dport = p->key.sport;
	flow.reverse.proto = p->key.proto;
	flow.route_gen = st->route_gen;
	flow.first_flags = is_egress(hook) ? MG_CT_EGRESS : 0;
	flow.ask_kernel = st->stack_flows;
	verdict = plan(skb, p, hook, &flow);
	if (verdict != MG_NEXT)
		return verdict;
	if (!is_egress(hook) && flow.to.action == MG_CT_STACK)
		flow.reply_flags = MG_CT_EGRESS;
	/* The policies of both ends are judged here, once, on the plan: p->key and flow.reverse. */
	if (flow.new_port)
		flow.reverse.daddr = node_addr();
	reason = ct_create(skb, &flow, &p->key);
	if (reason == MG_DROP_CT_FULL && !flow.translated && !flow.new_port)
		return to_stack(skb, MG_STACK_CT_FULL);
	if (reason)
		return drop(skb, reason);
	count(MG_NEW_FLOW, skb->len);
	return MG_HIT;
}

/* Netfilter began the packet's flow, and may have chosen its tuple without knowing of ours. */
static __always_inline bool may_need_room(const struct mg_packet *p, enum mg_hook hook,
					  const struct mg_state *st)
{
	if (!is_egress(hook) || (p->key.proto == IPPROTO_TCP && !opens_connection(p)))
		return false;
	return st->stack_flows || st->mode == MG_MODE_DRAINING;
}

/*
 * The replies to a packet of netfilter's would be taken for those of a flow of ours: the packet gets
 * a source port that is nobody's, and its replies get theirs back, all of it outside the stack.
 * MG_HIT when the entries are there; TC_ACT_UNSPEC when there is nothing to do, or nothing to be had.
 */
static __noinline int make_room(struct __sk_buff *skb, const struct mg_packet *p,
				const struct mg_state *st)
{
	const struct mg_ct_value *ours;
	struct mg_flow flow = {};

	flow.reverse.saddr = p->key.daddr;
	flow.reverse.daddr = p->key.saddr;
	flow.reverse.sport = p->key.dport;
	flow.reverse.dport = p->key.sport;
	flow.reverse.proto = p->key.proto;
	ours = ct_lookup(&flow.reverse);
	if (!ours || ours->flags & MG_CT_EGRESS)
		return TC_ACT_UNSPEC;
	if (ct_over(&flow.reverse, ours)) {
		ct_delete_pair(&flow.reverse, ours);
		return TC_ACT_UNSPEC;
	}
	locate(&p->key.daddr, &flow.to);
	path_to_stack(&flow.to);
	locate(&p->key.saddr, &flow.back);
	path_to_stack(&flow.back);
	flow.route_gen = st->route_gen;
	flow.first_flags = MG_CT_EGRESS;
	flow.ask_kernel = true;
	flow.new_port = true;
	if (ct_create(skb, &flow, &p->key))
		return TC_ACT_UNSPEC;
	count(MG_MADE_ROOM, skb->len);
	return MG_HIT;
}

#endif
