/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A bound on flows that are not established. Each new flow takes the next place of its CPU's ring
 * and evicts the flow that had it, unless that is established by now: a flood of SYNs, or of
 * datagrams that nobody answers, pushes out nothing but itself, oldest first and both entries at
 * once. What is lost by that is begun anew by the next packet, and the hash finds the same backend.
 */
#ifndef MARGAY_HALF_OPEN_H
#define MARGAY_HALF_OPEN_H

#include "config.h"
#include "ct.h"

/* The first direction has gone on after its first packet, and the other has answered. */
static __always_inline bool ct_established(const struct mg_ct_key *key,
					   const struct mg_ct_value *value)
{
	const struct mg_ct_value *reply;
	struct mg_ct_key reverse;

	if (!(value->flags & MG_CT_EST))
		return false;
	ct_reverse(value, key->proto, &reverse);
	reply = ct_lookup(&reverse);
	return reply && reply->flags & MG_CT_SEEN;
}

/* The next place, free: what mg_ct_value.half_open says of who takes it; 0 when there is no bound. */
static __noinline __u32 half_open_free(void)
{
	const struct mg_ct_value *value;
	const struct mg_ct_key *oldest;
	__u32 zero = 0, place;
	__u32 *next;

	if (!mg_config.half_open)
		return 0;
	next = bpf_map_lookup_elem(&MG_MAP(half_next), &zero);
	if (!next)
		return 0;
	place = *next;
	*next = place + 1 < mg_config.half_open ? place + 1 : 0;
	oldest = bpf_map_lookup_elem(&MG_MAP(half_open), &place);
	if (!oldest)
		return 0;
	value = ct_lookup(oldest);
	if (value && value->half_open == place + 1 && !ct_established(oldest, value)) {
		count(MG_HALF_OPEN_EVICTED, 0);
		ct_delete_pair(oldest, value);
	}
	return place + 1;
}

/* The flow of key has the place that half_open_free() has found. */
static __always_inline void half_open_take(__u32 taken, const struct mg_ct_key *key)
{
	__u32 place = taken - 1;
	struct mg_ct_key *slot;

	if (!taken)
		return;
	slot = bpf_map_lookup_elem(&MG_MAP(half_open), &place);
	if (slot)
		*slot = *key;
}

#endif
