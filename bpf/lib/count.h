/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef MARGAY_COUNT_H
#define MARGAY_COUNT_H

#include "maps.h"

static __always_inline void count(enum mg_reason reason, __u32 bytes)
{
	__u32 index = reason;
	struct mg_counter *counter = bpf_map_lookup_elem(&counters, &index);

	if (likely(counter)) {
		counter->packets++;
		counter->bytes += bytes;
	}
}

static __always_inline int to_stack(const struct __sk_buff *skb, enum mg_reason reason)
{
	count(reason, skb->len);
	return TC_ACT_UNSPEC;
}

static __always_inline int drop(const struct __sk_buff *skb, enum mg_reason reason)
{
	count(reason, skb->len);
	return TC_ACT_SHOT;
}

#endif
