/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * "Connection refused": the packet becomes the answer and goes back to where it came from, with the
 * address that was asked as its source. TCP is answered by a reset (RFC 9293, 3.10.7.1) and UDP by
 * ICMP port unreachable (RFC 792, RFC 4443). TCP would take the ICMP message for a soft error when
 * it arrives while connect() still holds the socket, as it does on one machine: the caller would
 * wait for the next SYN. A reset waits in the socket's backlog.
 */
#ifndef MARGAY_REFUSE_H
#define MARGAY_REFUSE_H

#include "config.h"
#include "count.h"
#include "parse.h"

#define MG_ICMP_SIZE 8
#define MG_ICMP_PROTO (MARGAY_FAMILY == 4 ? IPPROTO_ICMP : NEXTHDR_ICMP)
/* Destination unreachable, port unreachable. */
#define MG_ICMP_UNREACHABLE (MARGAY_FAMILY == 4 ? 3 : 1)
#define MG_ICMP_PORT (MARGAY_FAMILY == 4 ? 3 : 4)
#define MG_ADDED ((__u32)sizeof(mg_iphdr) + MG_ICMP_SIZE)

/* RFC 792 wants 8 bytes of the transport header sent back, which is all that UDP has. */
#define MG_QUOTED_L4 ((__u32)sizeof(struct udphdr))

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

/* A TCP header without options, its second half as words. */
struct mg_tcp {
	__be16 sport;
	__be16 dport;
	__be32 seq;
	__be32 ack;
	__be32 offset_flags_window;
	__sum16 check;
	__be16 urgent;
};

struct mg_reset {
	struct ethhdr eth;
	mg_iphdr ip;
	struct mg_tcp tcp;
} __attribute__((packed));

#define MG_RST_ACK 0x50140000 /* 5 words of header, RST and ACK, no window */

struct mg_ends {
	struct mg_addr saddr;
	struct mg_addr daddr;
};

#if MARGAY_FAMILY == 4
static __always_inline void answer_ip(mg_iphdr *ip, const struct mg_ends *ends, __u8 proto,
				      __u32 length)
{
	__u32 sum;

	__builtin_memset(ip, 0, sizeof(*ip));
	ip->version = 4;
	ip->ihl = 5;
	ip->tot_len = bpf_htons(sizeof(*ip) + length);
	ip->ttl = 64;
	ip->protocol = proto;
	ip->saddr = ends->saddr.w[0];
	ip->daddr = ends->daddr.w[0];
	sum = bpf_csum_diff(NULL, 0, (__be32 *)ip, sizeof(*ip), 0);
	ip->check = ~csum_fold32(sum);
}
#else
static __always_inline void answer_ip(mg_iphdr *ip, const struct mg_ends *ends, __u8 proto,
				      __u32 length)
{
	__builtin_memset(ip, 0, sizeof(*ip));
	ip->version = 6;
	ip->payload_len = bpf_htons(length);
	ip->nexthdr = proto;
	ip->hop_limit = 64;
	__builtin_memcpy(&ip->saddr, &ends->saddr, sizeof(ends->saddr));
	__builtin_memcpy(&ip->daddr, &ends->daddr, sizeof(ends->daddr));
}
#endif

/* The answer's ends are the question's, turned round. */
static __always_inline void ends_of(const struct mg_packet *p, struct mg_ends *ends)
{
	ends->saddr = p->key.daddr;
	ends->daddr = p->key.saddr;
}

static __always_inline __u32 pseudo_header(const struct mg_ends *ends, __u8 proto, __u32 length)
{
	__u64 sum = (__u64)bpf_htonl(length) + bpf_htonl(proto);

#pragma unroll
	for (int i = 0; i < MG_ADDR_WORDS; i++)
		sum += (__u64)ends->saddr.w[i] + ends->daddr.w[i];
	return csum_fold32(sum);
}

static __always_inline void swap_macs(struct ethhdr *eth)
{
	__u8 mac[6];

	__builtin_memcpy(mac, eth->h_dest, sizeof(mac));
	__builtin_memcpy(eth->h_dest, eth->h_source, sizeof(mac));
	__builtin_memcpy(eth->h_source, mac, sizeof(mac));
}

static __always_inline bool write_unreachable(struct __sk_buff *skb, const struct mg_packet *p)
{
	const __u32 length = sizeof(struct mg_icmp) + sizeof(mg_iphdr) + MG_QUOTED_L4;
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct mg_unreachable *u = data;
	struct mg_ends ends;
	__u32 sum = 0;

	if (data + sizeof(*u) + MG_QUOTED_L4 > end)
		return false;
	ends_of(p, &ends);
	answer_ip(&u->ip, &ends, MG_ICMP_PROTO, length);
	u->icmp.type = MG_ICMP_UNREACHABLE;
	u->icmp.code = MG_ICMP_PORT;
	u->icmp.check = 0;
	u->icmp.unused = 0;
	if (MARGAY_FAMILY == 6)
		sum = pseudo_header(&ends, MG_ICMP_PROTO, length);
	sum = bpf_csum_diff(NULL, 0, (__be32 *)&u->icmp, length, sum);
	u->icmp.check = ~csum_fold32(sum);
	swap_macs(&u->eth);
	return true;
}

static __noinline bool unreachable(struct __sk_buff *skb, const struct mg_packet *p)
{
	if (bpf_skb_change_tail(skb, MG_L4_OFFSET + MG_QUOTED_L4, 0) ||
	    bpf_skb_adjust_room(skb, MG_ADDED, BPF_ADJ_ROOM_MAC, 0) ||
	    bpf_skb_pull_data(skb, sizeof(struct mg_unreachable) + MG_QUOTED_L4))
		return false;
	return write_unreachable(skb, p);
}

static __always_inline bool write_reset(struct __sk_buff *skb, const struct mg_packet *p)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	bool partial = ip_summed(skb) == MG_SUMMED_PARTIAL;
	struct mg_reset *r = data;
	struct mg_ends ends;
	__u32 sum;

	if (data + sizeof(*r) > end)
		return false;
	ends_of(p, &ends);
	answer_ip(&r->ip, &ends, IPPROTO_TCP, sizeof(r->tcp));
	r->tcp.sport = p->key.dport;
	r->tcp.dport = p->key.sport;
	r->tcp.ack = bpf_htonl(bpf_ntohl(r->tcp.seq) + 1);
	r->tcp.seq = 0;
	r->tcp.offset_flags_window = bpf_htonl(MG_RST_ACK);
	r->tcp.urgent = 0;
	r->tcp.check = 0;
	sum = pseudo_header(&ends, IPPROTO_TCP, sizeof(r->tcp));
	if (partial) { /* whoever completes the question's checksum completes the answer's */
		r->tcp.check = sum;
	} else {
		sum = bpf_csum_diff(NULL, 0, (__be32 *)&r->tcp, sizeof(r->tcp), sum);
		r->tcp.check = ~csum_fold32(sum);
	}
	swap_macs(&r->eth);
	return true;
}

static __noinline bool reset(struct __sk_buff *skb, const struct mg_packet *p)
{
	if (bpf_skb_change_tail(skb, sizeof(struct mg_reset), 0) ||
	    bpf_skb_pull_data(skb, sizeof(struct mg_reset)))
		return false;
	return write_reset(skb, p);
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

static __always_inline int refuse(struct __sk_buff *skb, const struct mg_packet *p,
				  enum mg_hook hook)
{
	__u32 bytes = skb->len;

	/* The answer is built where the question's headers are: only without options. */
	if (p->l4 && p->l4 != MG_L4_OFFSET)
		return drop(skb, MG_DROP_REFUSE);
	if (p->key.proto == IPPROTO_TCP ? !reset(skb, p) : !unreachable(skb, p))
		return drop(skb, MG_DROP_REFUSE);
	count(MG_REFUSED, bytes);
	return send_back(skb, hook);
}

#endif
