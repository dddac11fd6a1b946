/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What every file needs: kernel types, helpers, the shared layouts, and names for the wire. */
#ifndef MARGAY_TYPES_H
#define MARGAY_TYPES_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "../abi.h"
#include "../reasons.h"

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* Constants that are macros in the kernel's headers, so that BTF does not have them. */
#define TC_ACT_UNSPEC (-1)
#define TC_ACT_SHOT 2
#define PACKET_HOST 0
#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86DD
#define AF_INET 2
#define AF_INET6 10
#define EEXIST 17
#define NEXTHDR_HOP 0
#define NEXTHDR_ROUTING 43
#define NEXTHDR_FRAGMENT 44
#define NEXTHDR_AUTH 51
#define NEXTHDR_ICMP 58
#define NEXTHDR_DEST 60

enum mg_hook {
	MG_FROM_POD = 1,
	MG_TO_POD,
	MG_FROM_NET,
	MG_TO_NET,
};

static __always_inline bool is_egress(enum mg_hook hook)
{
	return hook == MG_TO_POD || hook == MG_TO_NET;
}

/* What the slow path says besides a TC_ACT_*: the flow has its entries, treat it as known. */
#define MG_HIT 100

#if MARGAY_FAMILY == 4
#define MG_ETH_P ETH_P_IP
#define MG_AF AF_INET
#define mg_iphdr struct iphdr
#else
#define MG_ETH_P ETH_P_IPV6
#define MG_AF AF_INET6
#define mg_iphdr struct ipv6hdr
#endif

/*
 * The only header layout that does not go to the stack: no VLAN tag, no IP options. Headers are
 * read through pointers of their own types: a packed struct around them is read byte by byte.
 */
#define MG_IP_OFFSET sizeof(struct ethhdr)
#define MG_L4_OFFSET (sizeof(struct ethhdr) + sizeof(mg_iphdr))
#define MG_L4_SHORTEST sizeof(struct udphdr)

struct mg_ports {
	__be16 source;
	__be16 destination;
};

static __always_inline bool addr_equal(const struct mg_addr *a, const struct mg_addr *b)
{
	bool equal = true;

#pragma unroll
	for (int i = 0; i < MG_ADDR_WORDS; i++)
		equal &= a->w[i] == b->w[i];
	return equal;
}

static __always_inline bool addr_is_loopback(const struct mg_addr *a)
{
#if MARGAY_FAMILY == 4
	return (a->w[0] & bpf_htonl(0xff000000)) == bpf_htonl(0x7f000000);
#else
	return !(a->w[0] | a->w[1] | a->w[2]) && a->w[3] == bpf_htonl(1);
#endif
}

static __always_inline bool addr_is_zero(const struct mg_addr *a)
{
	__u32 any = 0;

#pragma unroll
	for (int i = 0; i < MG_ADDR_WORDS; i++)
		any |= a->w[i];
	return any == 0;
}

#endif
