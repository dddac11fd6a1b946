/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * "Connection refused": the packet becomes the ICMP port unreachable (RFC 792, RFC 4443) that answers
 * it, and goes back to where it came from. The answer comes from the address that was asked.
 */
#ifndef MARGAY_REFUSE_H
#define MARGAY_REFUSE_H

#include "config.h"
#include "count.h"
#include "parse.h"

#define MG_ICMP_SIZE 8
#define MG_ADDED ((__u32)sizeof(mg_iphdr) + MG_ICMP_SIZE)

/*
 * What of the transport header is sent back: RFC 792 wants 8 bytes; TCP gets all 20, because a
 * packet whose checksum is still partial may not be cut before that field.
 */
static __always_inline __u32 quoted_l4(__u8 proto)
{
	return proto == IPPROTO_TCP ? MG_TCP_MIN : sizeof(struct udphdr);
}

struct mg_icmp {
	__u8 type;
	__u8 code;
	__sum16 check;
	__be32 unused;
};

struct mg_unreachable {
	struct ethhdr eth;
	mg_iphdr ip;
	struct mg_icmp icmp;
	mg_iphdr quoted;
} __attribute__((packed));

#define MG_UNREACHABLE_L4 sizeof(struct mg_unreachable)

#if MARGAY_FAMILY == 4
static __always_inline void unreachable_headers(struct mg_unreachable *u, __u32 quoted)
{
	__u32 sum;

	__builtin_memset(&u->ip, 0, sizeof(u->ip));
	u->ip.version = 4;
	u->ip.ihl = 5;
	u->ip.tot_len = bpf_htons(MG_ADDED + quoted);
	u->ip.ttl = 64;
	u->ip.protocol = IPPROTO_ICMP;
	u->ip.saddr = u->quoted.daddr;
	u->ip.daddr = u->quoted.saddr;
	sum = bpf_csum_diff(NULL, 0, (__be32 *)&u->ip, sizeof(u->ip), 0);
	u->ip.check = ~csum_fold32(sum);
	u->icmp.type = 3; /* destination unreachable */
	u->icmp.code = 3; /* port */
}

static __always_inline __u32 icmp_pseudo_header(struct mg_unreachable *u, __u32 length)
{
	return 0;
}
#else
static __always_inline void unreachable_headers(struct mg_unreachable *u, __u32 quoted)
{
	__builtin_memset(&u->ip, 0, sizeof(u->ip));
	u->ip.version = 6;
	u->ip.payload_len = bpf_htons(MG_ICMP_SIZE + quoted);
	u->ip.nexthdr = NEXTHDR_ICMP;
	u->ip.hop_limit = 64;
	u->ip.saddr = u->quoted.daddr;
	u->ip.daddr = u->quoted.saddr;
	u->icmp.type = 1; /* destination unreachable */
	u->icmp.code = 4; /* port */
}

static __always_inline __u32 icmp_pseudo_header(struct mg_unreachable *u, __u32 length)
{
	return bpf_csum_diff(NULL, 0, (__be32 *)&u->ip.saddr, 2 * sizeof(u->ip.saddr),
			     bpf_htonl(length) + bpf_htonl(NEXTHDR_ICMP));
}
#endif

static __always_inline void swap_macs(struct ethhdr *eth)
{
	__u8 mac[6];

	__builtin_memcpy(mac, eth->h_dest, sizeof(mac));
	__builtin_memcpy(eth->h_dest, eth->h_source, sizeof(mac));
	__builtin_memcpy(eth->h_source, mac, sizeof(mac));
}

/* l4 is a constant at each call, as the verifier wants for packet memory. */
static __always_inline bool write_unreachable(struct __sk_buff *skb, const __u32 l4)
{
	const __u32 length = sizeof(struct mg_icmp) + sizeof(mg_iphdr) + l4;
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct mg_unreachable *u = data;
	__u32 sum;

	if (data + MG_UNREACHABLE_L4 + l4 > end)
		return false;
	unreachable_headers(u, sizeof(mg_iphdr) + l4);
	u->icmp.check = 0;
	u->icmp.unused = 0;
	sum = bpf_csum_diff(NULL, 0, (__be32 *)&u->icmp, length, icmp_pseudo_header(u, length));
	u->icmp.check = ~csum_fold32(sum);
	swap_macs(&u->eth);
	return true;
}

static __always_inline int send_back(struct __sk_buff *skb, enum mg_hook hook)
{
	switch (hook) {
	case MG_FROM_POD:
		return bpf_redirect_peer(skb->ifindex, 0);
	case MG_FROM_NET:
		skb->mark |= mg_config.mark;
		return bpf_redirect(skb->ifindex, 0);
	default: /* the host's own packet */
		return bpf_redirect(skb->ifindex, BPF_F_INGRESS);
	}
}

static __noinline int refuse(struct __sk_buff *skb, const struct mg_packet *p, enum mg_hook hook)
{
	__u32 bytes = skb->len;
	bool tcp = p->key.proto == IPPROTO_TCP;
	__u32 keep = MG_L4_OFFSET + quoted_l4(p->key.proto);
	bool written;

	if (bpf_skb_change_tail(skb, keep, 0) ||
	    bpf_skb_adjust_room(skb, MG_ADDED, BPF_ADJ_ROOM_MAC, 0) ||
	    bpf_skb_pull_data(skb, keep + MG_ADDED))
		return drop(skb, MG_DROP_REFUSE);
	if (tcp)
		written = write_unreachable(skb, MG_TCP_MIN);
	else
		written = write_unreachable(skb, sizeof(struct udphdr));
	if (!written)
		return drop(skb, MG_DROP_REFUSE);
	count(MG_REFUSED, bytes);
	return send_back(skb, hook);
}

#endif
