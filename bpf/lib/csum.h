/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Internet checksums, changed by what changed in the packet (RFC 1624, equation 3). A difference is
 * the folded one's complement sum of ~old + new over the 16-bit words concerned, as they lie in the
 * packet: byte order does not matter as long as all words are taken the same way.
 */
#ifndef MARGAY_CSUM_H
#define MARGAY_CSUM_H

#include "types.h"

/* skb->ip_summed (include/linux/skbuff.h, "Checksumming of received packets by device"). */
enum mg_summed {
	MG_SUMMED_NONE = 0,
	MG_SUMMED_UNNECESSARY = 1,
	MG_SUMMED_COMPLETE = 2, /* skb->csum is the sum of the packet and must follow each change */
	MG_SUMMED_PARTIAL = 3, /* the field holds the pseudo header's plain sum; more follows */
};

static __always_inline __u32 csum_fold32(__u64 sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static __always_inline __u64 csum_diff_addr(const struct mg_addr *from, const struct mg_addr *to)
{
	__u64 sum = 0;

#pragma unroll
	for (int i = 0; i < MG_ADDR_WORDS; i++)
		sum += (__u64)(__u32)~from->w[i] + to->w[i];
	return sum;
}

static __always_inline __u64 csum_diff_port(__be16 from, __be16 to)
{
	return (__u64)(__u16)~from + to;
}

/* A complete checksum field (the complement of the sum). */
static __always_inline __sum16 csum_apply(__sum16 field, __u32 difference)
{
	__u32 sum = (__u16)~field + difference;

	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* A partial one: the field is the sum itself. */
static __always_inline __sum16 csum_apply_partial(__sum16 field, __u32 difference)
{
	__u32 sum = (__u32)field + difference;

	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/*
 * How the packet's transport checksum is to be read. __sk_buff does not show it. A packet that a
 * pod's own socket sent is PARTIAL, and so is what GRO merged; most others are not.
 */
static __always_inline enum mg_summed ip_summed(struct __sk_buff *skb)
{
	if (bpf_ksym_exists(bpf_cast_to_kern_ctx)) { /* 6.2: no call, two loads */
		struct sk_buff *kernel = bpf_cast_to_kern_ctx(skb);

		return BPF_CORE_READ_BITFIELD(kernel, ip_summed);
	}
	/* The context of a TC program is the sk_buff; before 6.2 only a helper may read it as such. */
	return BPF_CORE_READ_BITFIELD_PROBED((struct sk_buff *)skb, ip_summed);
}

#endif
