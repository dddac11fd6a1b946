/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Making a flow: source port, both entries. */
#ifndef MARGAY_NAT_H
#define MARGAY_NAT_H

#include "config.h"
#include "half-open.h"
#include "hash.h"
#include "stack-flows.h"

#define MG_PORT_TRIES 16
#define MG_RECLAIM_TRIES 8

/* What is to be made. Ways and generation as seen from the first packet. */
struct mg_flow {
	struct mg_ct_key reverse; /* its dport is a wish unless new_port is set */
	struct mg_path to; /* where the first packet goes */
	struct mg_path back; /* where replies go */
	__u32 service_id;
	__u32 route_gen;
	__u32 half_open; /* see mg_ct_value */
	__u8 first_flags; /* MG_CT_EGRESS, or nothing */
	__u8 reply_flags;
	bool outside; /* the client is neither this node nor a pod of the cluster */
	bool translated; /* a Service was meant: without entries the packet cannot go on */
	bool ask_kernel; /* netfilter has flows too, whose tuples must not be taken */
	bool new_port; /* the replies need a tuple of their own: take a source port */
};

static __always_inline bool is_reverse_of(const struct mg_ct_value *value,
					  const struct mg_ct_key *key)
{
	return addr_equal(&value->new_saddr, &key->daddr) &&
	       addr_equal(&value->new_daddr, &key->saddr) && value->new_sport == key->dport &&
	       value->new_dport == key->sport;
}

/*
 * Where to begin to look for a source port: after the last one that was looked at, shifted by whom
 * it is for (RFC 6056, 3.3.3). Ports are so taken in turn, and the next is the one whose flow began
 * longest ago. CPUs that read the same number meet at a port, and all but one of them go on.
 */
static __always_inline __u32 first_port(const struct mg_flow *flow)
{
	__u32 zero = 0, hash = mg_config.hash_seed ^ flow->reverse.sport;
	const __u32 *next = bpf_map_lookup_elem(&MG_MAP(next_port), &zero);

#pragma unroll
	for (int i = 0; i < MG_ADDR_WORDS; i++)
		hash = mix(hash ^ flow->reverse.saddr.w[i]);
	return next ? hash + *next : hash;
}

static __always_inline void ports_looked_at(__u32 looks)
{
	__u32 zero = 0;
	__u32 *next = bpf_map_lookup_elem(&MG_MAP(next_port), &zero);

	if (next)
		__sync_fetch_and_add(next, looks);
}

static __always_inline __be16 nth_port(__u32 n)
{
	__u32 range = (__u32)mg_config.snat_last - mg_config.snat_first + 1;

	return bpf_htons(mg_config.snat_first + n % range);
}

static __always_inline long insert_reply(struct mg_flow *flow, const struct mg_ct_key *key,
					 struct mg_ct_value *value)
{
	ct_fill(value, &flow->reverse, key);
	return bpf_map_update_elem(&MG_MAP(ct), &flow->reverse, value, BPF_NOEXIST);
}

/*
 * The reply's entry under the port that the flow has. -EEXIST: another flow has that tuple, of ours
 * or, for a Service's backend, of netfilter's.
 */
static __always_inline long keep_port(struct __sk_buff *skb, struct mg_flow *flow,
				      const struct mg_ct_key *key, struct mg_ct_value *value)
{
	const struct mg_ct_value *other;
	long err;

	if (flow->ask_kernel && is_kernel_reply(skb, &flow->reverse))
		return -EEXIST;
	err = insert_reply(flow, key, value);
	if (err != -EEXIST)
		return err;
	other = ct_lookup(&flow->reverse);
	if (!other || !is_reverse_of(other, key))
		return err;
	/* Ours: another CPU is making the same flow, or its twin was lost. */
	return bpf_map_update_elem(&MG_MAP(ct), &flow->reverse, value, BPF_ANY);
}

/* The reply's entry under the first port that is free: masquerading takes ports of this range, too. */
static __always_inline long take_port(struct __sk_buff *skb, struct mg_flow *flow,
				      const struct mg_ct_key *key, struct mg_ct_value *value,
				      __u32 start)
{
	long err = -EEXIST;
	__u32 i;

	for (i = 0; i < MG_PORT_TRIES; i++) {
		flow->reverse.dport = nth_port(start + i);
		if (flow->ask_kernel && is_kernel_reply(skb, &flow->reverse))
			continue;
		err = insert_reply(flow, key, value);
		if (err != -EEXIST)
			break;
	}
	ports_looked_at(i + 1);
	return err;
}

/*
 * Under one whose flow is over and only waits to be collected. Tried last, so that a port rests for
 * as long as others are free: the backend may still have its end in TIME_WAIT.
 */
static __always_inline long reclaim_port(struct mg_flow *flow, const struct mg_ct_key *key,
					 struct mg_ct_value *value, __u32 start)
{
	const struct mg_ct_value *other = NULL;

	for (__u32 i = 0; i < MG_RECLAIM_TRIES; i++) {
		flow->reverse.dport = nth_port(start + i);
		other = ct_lookup(&flow->reverse);
		if (other && ct_over(&flow->reverse, other))
			break;
		other = NULL;
	}
	if (!other)
		return -EEXIST;
	ct_delete_pair(&flow->reverse, other);
	return insert_reply(flow, key, value);
}

static __always_inline long reserve_reply(struct __sk_buff *skb, struct mg_flow *flow,
					  const struct mg_ct_key *key, struct mg_ct_value *value)
{
	long err = -EEXIST;
	__u32 start;

	if (!flow->new_port)
		err = keep_port(skb, flow, key, value);
	if (err != -EEXIST)
		return err;
	value->flags |= MG_CT_REWRITE;
	start = first_port(flow);
	err = take_port(skb, flow, key, value, start);
	if (err != -EEXIST)
		return err;
	return reclaim_port(flow, key, value, start);
}

/* The first direction's entry. */
static __always_inline long insert_first(struct mg_flow *flow, const struct mg_ct_key *key,
					 struct mg_ct_value *value)
{
	const struct mg_ct_value *other;
	long err;

	ct_fill(value, key, &flow->reverse);
	err = bpf_map_update_elem(&MG_MAP(ct), key, value, BPF_NOEXIST);
	if (!err)
		return 0;
	other = ct_lookup(key);
	/* Another CPU was first; its port is the flow's, and ours would wait for nobody. */
	if (!other || other->new_sport != value->new_sport)
		bpf_map_delete_elem(&MG_MAP(ct), &flow->reverse);
	return other ? 0 : err;
}

/* Both entries, the reply's first: whoever finds one must find the other. Returns 0 or a reason. */
static __noinline int ct_insert(struct __sk_buff *skb, struct mg_flow *flow,
				const struct mg_ct_key *key)
{
	struct mg_ct_value value = {};
	__u8 rewrite = flow->translated || flow->new_port ? MG_CT_REWRITE : 0;
	long err;

	value.generation = mg_flow_generation(flow->to.generation, flow->back.generation);
	value.flags = MG_CT_REPLY | flow->reply_flags | rewrite;
	value.last_seen = ticks();
	value.route_gen = flow->route_gen;
	value.service_id = flow->service_id;
	ct_set_path(&value, &flow->back);
	err = reserve_reply(skb, flow, key, &value);
	if (err)
		return err == -EEXIST ? MG_DROP_NO_PORT : MG_DROP_CT_FULL;

	value.generation = mg_flow_generation(flow->back.generation, flow->to.generation);
	value.flags = MG_CT_SEEN | flow->first_flags | (value.flags & MG_CT_REWRITE);
	value.half_open = flow->half_open;
	ct_set_path(&value, &flow->to);
	return insert_first(flow, key, &value) ? MG_DROP_CT_FULL : 0;
}

/* Both entries, at the cost of the oldest flow that is half open when those are many. 0 or a reason. */
static __always_inline int ct_create(struct __sk_buff *skb, struct mg_flow *flow,
				     const struct mg_ct_key *key)
{
	int reason;

	flow->half_open = half_open_free();
	reason = ct_insert(skb, flow, key);
	if (!reason)
		half_open_take(flow->half_open, key);
	return reason;
}

#endif
