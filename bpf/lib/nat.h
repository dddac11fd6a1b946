/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Making a flow: source port, both entries. */
#ifndef MARGAY_NAT_H
#define MARGAY_NAT_H

#include "config.h"
#include "ct.h"

#define MG_PORT_TRIES 24

/* What is to be made. Ways and generation as seen from the first packet. */
struct mg_flow {
	struct mg_ct_key reverse; /* its dport is a wish unless new_port is set */
	struct mg_path to; /* where the first packet goes */
	struct mg_path back; /* where replies go */
	__u32 service_id;
	__u32 route_gen;
	bool translated; /* a Service was meant: without entries the packet cannot go on */
	bool new_port; /* the source address is the node's: take a port of its own */
};

static __always_inline bool is_reverse_of(const struct mg_ct_value *value,
					  const struct mg_ct_key *key)
{
	return addr_equal(&value->new_saddr, &key->daddr) &&
	       addr_equal(&value->new_daddr, &key->saddr) && value->new_sport == key->dport &&
	       value->new_dport == key->sport;
}

static __always_inline __be16 nth_port(__u32 n)
{
	__u32 range = (__u32)mg_config.snat_last - mg_config.snat_first + 1;

	return bpf_htons(mg_config.snat_first + n % range);
}

/* Inserts the reply's entry under the first port that is free. Returns 0 or a reason. */
static __noinline int reserve_reply(struct mg_flow *flow, const struct mg_ct_key *key,
				    struct mg_ct_value *value)
{
	__u32 start = bpf_get_prandom_u32();
	const struct mg_ct_value *other;
	long err;

	for (__u32 i = 0; i < MG_PORT_TRIES; i++) {
		if (flow->new_port || i > 0)
			flow->reverse.dport = nth_port(start + i * 7);
		ct_fill(value, &flow->reverse, key);
		err = bpf_map_update_elem(&MG_MAP(ct), &flow->reverse, value, BPF_NOEXIST);
		if (!err)
			return 0;
		if (err != -EEXIST)
			return MG_DROP_CT_FULL;
		other = ct_lookup(&flow->reverse);
		if (other && is_reverse_of(other, key)) {
			/* Ours: another CPU is making the same flow, or its twin was lost. */
			bpf_map_update_elem(&MG_MAP(ct), &flow->reverse, value, BPF_ANY);
			return 0;
		}
	}
	return MG_DROP_NO_PORT;
}

/* Both entries, the reply's first: whoever finds one must find the other. Returns 0 or a reason. */
static __always_inline int ct_create(struct mg_flow *flow, const struct mg_ct_key *key)
{
	struct mg_ct_value value = {};
	int reason;
	long err;

	value.generation = mg_flow_generation(flow->to.generation, flow->back.generation);
	value.flags = MG_CT_REPLY;
	value.last_seen = ticks();
	value.route_gen = flow->route_gen;
	value.service_id = flow->service_id;
	ct_set_path(&value, &flow->back);
	reason = reserve_reply(flow, key, &value);
	if (reason)
		return reason;

	value.generation = mg_flow_generation(flow->back.generation, flow->to.generation);
	value.flags = MG_CT_SEEN;
	ct_set_path(&value, &flow->to);
	ct_fill(&value, key, &flow->reverse);
	err = bpf_map_update_elem(&MG_MAP(ct), key, &value, BPF_NOEXIST);
	if (err == -EEXIST) {
		const struct mg_ct_value *other = ct_lookup(key);

		/* Another CPU was first; its port is the flow's. */
		if (other && other->new_sport != value.new_sport)
			bpf_map_delete_elem(&MG_MAP(ct), &flow->reverse);
		return 0;
	}
	if (err) {
		bpf_map_delete_elem(&MG_MAP(ct), &flow->reverse);
		return MG_DROP_CT_FULL;
	}
	return 0;
}

#endif
