/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The programs' clock, for who collects conntrack entries: run by test-run, it writes jiffies into
 * the packet's first 8 bytes. Two runs a known time apart tell how long a jiffy is here.
 */
#include "lib/types.h"

SEC("tc")
int clock(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	__u64 *out = data;

	if ((void *)(out + 1) > end)
		return TC_ACT_SHOT;
	*out = bpf_jiffies64();
	return 0;
}
