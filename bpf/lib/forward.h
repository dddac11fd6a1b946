/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The fast path: one lookup, a rewrite that was computed when the flow was made, one redirect. What
 * is not settled goes through slow_path() once and comes back as a hit.
 */
#ifndef MARGAY_FORWARD_H
#define MARGAY_FORWARD_H

#include "extended.h"
#include "flow.h"
#include "icmp.h"
#include "rewrite.h"

static __always_inline int redirect_neigh(struct __sk_buff *skb, const struct mg_ct_value *v)
{
	struct bpf_redir_neigh neigh = { .nh_family = MG_AF };

#if MARGAY_FAMILY == 4
	neigh.ipv4_nh = v->next_hop.w[0];
#else
	__builtin_memcpy(neigh.ipv6_nh, &v->next_hop, sizeof(v->next_hop));
#endif
	skb->mark |= mg_config.mark;
	return bpf_redirect_neigh(v->ifindex, &neigh, sizeof(neigh), 0);
}

/* An egress hook cannot redirect into a peer; it takes the veth's own way. */
static __always_inline int act(struct __sk_buff *skb, const struct mg_ct_value *v,
			       enum mg_hook hook)
{
	switch (v->action) {
	case MG_CT_PEER:
		if (hook != MG_TO_NET) {
			count(MG_FWD_PEER, skb->len);
			return bpf_redirect_peer(v->ifindex, 0);
		}
		/* fallthrough */
	case MG_CT_VETH:
		count(MG_FWD_VETH, skb->len);
		return redirect_neigh(skb, v);
	case MG_CT_NEIGH:
		count(MG_FWD_NEIGH, skb->len);
		return redirect_neigh(skb, v);
	default:
		return to_stack(skb, MG_FWD_STACK);
	}
}

/* A packet whose flow is known and settled. l4: see rewrite(); 0: it has no transport header. */
static __always_inline int forward(struct __sk_buff *skb, const struct mg_packet *p,
				   struct mg_ct_value *v, enum mg_hook hook, __u32 l4)
{
	bool stays = v->action == MG_CT_STACK || hook == MG_TO_POD;
	bool hop = !stays && hook != MG_TO_NET; /* there the stack has counted the hop */
	__u32 now = ticks();

	if (v->last_seen != now)
		v->last_seen = now;
	if (hop && unlikely(p->ttl <= 1))
		return to_stack(skb, MG_STACK_TTL);
	if (hop || v->flags & MG_CT_REWRITE) {
		if (l4 ? !rewrite(skb, p, v, hop, l4) : !rewrite_fragment(skb, v, hop))
			return to_stack(skb, MG_STACK_SHORT);
	}
	if (stays)
		return to_stack(skb, MG_FWD_STACK);
	return act(skb, v, hook);
}

/* v: the entry that was found, or NULL. */
static __noinline int slow_path(struct __sk_buff *skb, const struct mg_packet *p,
				struct mg_ct_value *v, enum mg_hook hook)
{
	const struct mg_state *st = current_state();
	int verdict;

	if (!st)
		return TC_ACT_UNSPEC;
	if (v && !ct_is_for(v, hook))
		return to_stack(skb, MG_STACK_KERNEL_FLOW);
	/* It says nothing of its flow, and can begin none: its first fragment has done both. */
	if (p->later)
		return v && v->route_gen == st->route_gen ? MG_HIT
							  : to_stack(skb, MG_STACK_FRAGMENT);
	if (v) {
		verdict = ct_known(skb, p, v, st);
		if (verdict != TC_ACT_UNSPEC)
			return verdict;
	}
	if (may_need_room(p, hook, st) && make_room(skb, p, st) == MG_HIT)
		return MG_HIT;
	return new_flow(skb, p, hook, st);
}

/* Whether a packet is any of this hook's business. */
static __always_inline bool concerns(const struct __sk_buff *skb, enum mg_hook hook)
{
	if (skb->protocol != bpf_htons(MG_ETH_P))
		return false;
	if (is_egress(hook) && skb->mark & mg_config.mark)
		return false;
	if (!is_egress(hook) && skb->pkt_type != PACKET_HOST) /* a bridge, a sniffer */
		return false;
	/* A tagged packet on a VLAN's parent; it comes again on the VLAN's own device. */
	return !((hook == MG_FROM_NET || hook == MG_TO_NET) && skb->vlan_present);
}

/* An error goes as replies to what it quotes go; by the stack where that way may have moved. */
static __noinline int serve_error(struct __sk_buff *skb, const struct mg_packet *p,
				  const struct mg_state *st, enum mg_hook hook)
{
	struct mg_ct_key about = {};
	const struct mg_ct_value *v;
	bool stays;

	if (!pull_quote(skb) || !error_about(skb, p, &about))
		return to_stack(skb, MG_STACK_PROTO);
	/* A pod speaks with its own address. */
	if (hook == MG_FROM_POD && !addr_equal(&p->key.saddr, &about.saddr))
		return to_stack(skb, MG_STACK_SOURCE);
	v = ct_lookup(&about);
	if (!v || !ct_is_for(v, hook))
		return to_stack(skb, MG_STACK_PROTO);
	stays = v->action == MG_CT_STACK || hook == MG_TO_POD || v->route_gen != st->route_gen;
	if (!stays && p->ttl <= 1)
		return to_stack(skb, MG_STACK_TTL);
	if (v->flags & MG_CT_REWRITE && !rewrite_error(skb, p, &about, v))
		return to_stack(skb, MG_STACK_SHORT);
	if (!stays && hook != MG_TO_NET && !count_hop(skb))
		return to_stack(skb, MG_STACK_SHORT);
	count(MG_ICMP_ERROR, skb->len);
	return stays ? to_stack(skb, MG_FWD_STACK) : act(skb, v, hook);
}

/* As forward(), where the transport header is elsewhere, or in another fragment. */
static __noinline int forward_extended(struct __sk_buff *skb, const struct mg_packet *p,
				       struct mg_ct_value *v, enum mg_hook hook)
{
	return forward(skb, p, v, hook, p->later ? 0 : p->l4);
}

static __always_inline int handle(struct __sk_buff *skb, enum mg_hook hook)
{
	struct mg_packet p = {};
	const struct mg_state *st;
	struct mg_ct_value *v;
	int reason, verdict;

	if (!concerns(skb, hook))
		return TC_ACT_UNSPEC;
	st = current_state();
	if (unlikely(!st || st->mode == MG_MODE_PASS))
		return TC_ACT_UNSPEC;
	reason = parse(skb, &p);
	if (unlikely(reason == MG_EXTENDED))
		reason = parse_extended(skb, &p, is_egress(hook));
	if (unlikely(reason != MG_PARSED)) {
		if (reason == MG_STACK_PROTO && p.key.proto == MG_ICMP_PROTO)
			return serve_error(skb, &p, st, hook);
		return to_stack(skb, reason);
	}
	v = ct_lookup(&p.key);
	if (unlikely(!v || !ct_settled(&p, v, st, hook))) {
		verdict = slow_path(skb, &p, v, hook);
		if (verdict != MG_HIT)
			return verdict;
		v = ct_lookup(&p.key);
		/* Collected, or another's, at this very moment. */
		if (unlikely(!v || !ct_is_for(v, hook)))
			return to_stack(skb, MG_STACK_MIDFLOW);
	}
	if (unlikely(p.l4))
		return forward_extended(skb, &p, v, hook);
	return forward(skb, &p, v, hook, MG_L4_OFFSET);
}

#endif
