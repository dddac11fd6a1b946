/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* From a packet to its tuple. Only what the fast path can serve; all else has a reason why not. */
#ifndef MARGAY_PARSE_H
#define MARGAY_PARSE_H

#include "types.h"

#define MG_TCP_FIN 0x01
#define MG_TCP_SYN 0x02
#define MG_TCP_RST 0x04
#define MG_TCP_ACK 0x10

#define MG_TCP_MIN 20

struct mg_packet {
	struct mg_ct_key key;
	__u8 tcp_flags; /* 0 for UDP */
	__u8 ttl;
	__u8 l4; /* where the transport header is, if parse_extended() had to find it; else 0 */
	bool later; /* a fragment but the first: the transport header is in that one */
};

#define MG_PARSED (-1)
/* Options, extension headers or a fragment: parse_extended() knows more. */
#define MG_EXTENDED (-2)

static __always_inline bool opens_connection(const struct mg_packet *p)
{
	return (p->tcp_flags & (MG_TCP_SYN | MG_TCP_ACK | MG_TCP_RST | MG_TCP_FIN)) == MG_TCP_SYN;
}

#if MARGAY_FAMILY == 4
static __always_inline bool is_extension(__u8 next)
{
	return false;
}

static __always_inline void parse_addresses(const mg_iphdr *ip, struct mg_packet *p)
{
	p->key.saddr.w[0] = ip->saddr;
	p->key.daddr.w[0] = ip->daddr;
	p->ttl = ip->ttl;
}

static __always_inline int parse_ip(const mg_iphdr *ip, struct mg_packet *p)
{
	if (ip->ihl != 5 || ip->frag_off & bpf_htons(0x3fff)) /* more fragments, or an offset */
		return MG_EXTENDED;
	parse_addresses(ip, p);
	p->key.proto = ip->protocol;
	return MG_PARSED;
}
#else
/* Also those that only the stack serves: a route, or a signature over what we would change. */
static __always_inline bool is_extension(__u8 next)
{
	switch (next) {
	case NEXTHDR_HOP:
	case NEXTHDR_ROUTING:
	case NEXTHDR_FRAGMENT:
	case NEXTHDR_AUTH:
	case NEXTHDR_DEST:
		return true;
	}
	return false;
}

static __always_inline void parse_addresses(const mg_iphdr *ip, struct mg_packet *p)
{
	__builtin_memcpy(&p->key.saddr, &ip->saddr, sizeof(p->key.saddr));
	__builtin_memcpy(&p->key.daddr, &ip->daddr, sizeof(p->key.daddr));
	p->ttl = ip->hop_limit;
}

static __always_inline int parse_ip(const mg_iphdr *ip, struct mg_packet *p)
{
	if (is_extension(ip->nexthdr))
		return MG_EXTENDED;
	parse_addresses(ip, p);
	p->key.proto = ip->nexthdr;
	return MG_PARSED;
}
#endif

/* Fills *p and returns MG_PARSED, else MG_EXTENDED or why the stack gets the packet. */
static __always_inline int parse_linear(const struct __sk_buff *skb, struct mg_packet *p)
{
	const void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	const struct mg_ports *ports = data + MG_L4_OFFSET;
	int reason;

	if (data + MG_L4_OFFSET + MG_L4_SHORTEST > end)
		return MG_STACK_SHORT;
	reason = parse_ip(data + MG_IP_OFFSET, p);
	if (reason != MG_PARSED)
		return reason;
	p->key.sport = ports->source;
	p->key.dport = ports->destination;
	if (p->key.proto == IPPROTO_UDP)
		return MG_PARSED;
	if (p->key.proto != IPPROTO_TCP)
		return MG_STACK_PROTO;
	if (data + MG_L4_OFFSET + MG_TCP_MIN > end)
		return MG_STACK_SHORT;
	p->tcp_flags = *((const __u8 *)data + MG_L4_OFFSET + 13);
	return MG_PARSED;
}

/* Headers that lie in fragments of the buffer are made linear, once. */
static __noinline int parse_pulled(struct __sk_buff *skb, struct mg_packet *p)
{
	__u32 wanted = MG_L4_OFFSET + MG_TCP_MIN;

	if (!p)
		return MG_STACK_SHORT;
	if (skb->len < wanted)
		wanted = skb->len;
	if (bpf_skb_pull_data(skb, wanted))
		return MG_STACK_SHORT;
	return parse_linear(skb, p);
}

static __always_inline int parse(struct __sk_buff *skb, struct mg_packet *p)
{
	int reason = parse_linear(skb, p);

	if (unlikely(reason == MG_STACK_SHORT))
		return parse_pulled(skb, p);
	return reason;
}

#endif
