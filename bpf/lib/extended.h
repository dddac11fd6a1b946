/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Packets whose transport header is not where the fast path looks for it: IPv4 options, extension
 * headers of IPv6 that say nothing of the way (RFC 8200), and fragments, of which only the first
 * has such a header. It is remembered for the others; one that comes before it goes to the stack.
 */
#ifndef MARGAY_EXTENDED_H
#define MARGAY_EXTENDED_H

#include "maps.h"
#include "parse.h"

/* Extension headers that are looked through; who has more goes to the stack. */
#define MG_EXTENSIONS 4
/* Furthest place of a transport header: mg_packet.l4 holds it. */
#define MG_L4_FARTHEST 255

struct mg_fragment {
	__be32 id;
	bool first; /* more follow */
	bool later;
};

#if MARGAY_FAMILY == 4
static __always_inline int find_transport(struct __sk_buff *skb, struct mg_packet *p,
					  struct mg_fragment *fragment)
{
	const void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	const mg_iphdr *ip = data + MG_IP_OFFSET;
	__u16 offset;

	if (data + MG_L4_OFFSET > end)
		return MG_STACK_SHORT;
	if (ip->ihl < 5)
		return MG_STACK_OPTIONS;
	parse_addresses(ip, p);
	p->key.proto = ip->protocol;
	p->l4 = MG_IP_OFFSET + ip->ihl * 4;
	offset = bpf_ntohs(ip->frag_off);
	fragment->id = ip->id;
	fragment->later = offset & 0x1fff;
	fragment->first = !fragment->later && offset & 0x2000;
	return MG_PARSED;
}
#else
struct mg_extension {
	__u8 next;
	__u8 units; /* of 8 bytes, less one */
	__be16 offset; /* of a fragment: 13 bits, two of nothing, one for more */
	__be32 id;
};

static __always_inline int find_transport(struct __sk_buff *skb, struct mg_packet *p,
					  struct mg_fragment *fragment)
{
	const void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	const mg_iphdr *ip = data + MG_IP_OFFSET;
	__u32 at = MG_L4_OFFSET;
	__u8 next;

	if (data + MG_L4_OFFSET > end)
		return MG_STACK_SHORT;
	parse_addresses(ip, p);
	next = ip->nexthdr;
	for (int i = 0; i < MG_EXTENSIONS && !fragment->later; i++) {
		struct mg_extension header;

		if (next != NEXTHDR_HOP && next != NEXTHDR_DEST && next != NEXTHDR_FRAGMENT)
			break;
		if (bpf_skb_load_bytes(skb, at, &header, sizeof(header)))
			return MG_STACK_SHORT;
		if (next == NEXTHDR_FRAGMENT) {
			fragment->id = header.id;
			fragment->later = header.offset & bpf_htons(0xfff8);
			fragment->first = !fragment->later && header.offset & bpf_htons(1);
			header.units = 0;
		}
		next = header.next;
		at += (header.units + 1) * 8;
		if (at > MG_L4_FARTHEST)
			return MG_STACK_OPTIONS;
	}
	p->key.proto = next;
	p->l4 = at;
	return MG_PARSED;
}
#endif

/* Ports and flags, where the transport header is; all of it linear, to be rewritten in place. */
static __always_inline int read_transport(struct __sk_buff *skb, struct mg_packet *p)
{
	bool tcp = p->key.proto == IPPROTO_TCP;
	__u32 wanted = p->l4 + (tcp ? MG_TCP_MIN : MG_L4_SHORTEST);
	struct mg_ports ports;

	if (!tcp && p->key.proto != IPPROTO_UDP)
		return is_extension(p->key.proto) ? MG_STACK_OPTIONS : MG_STACK_PROTO;
	if (skb->len < wanted || bpf_skb_pull_data(skb, wanted) ||
	    bpf_skb_load_bytes(skb, p->l4, &ports, sizeof(ports)))
		return MG_STACK_SHORT;
	p->key.sport = ports.source;
	p->key.dport = ports.destination;
	if (tcp && bpf_skb_load_bytes(skb, p->l4 + 13, &p->tcp_flags, 1))
		return MG_STACK_SHORT;
	return MG_PARSED;
}

static __always_inline void fragment_key(const struct mg_packet *p, __be32 id, bool egress,
					 struct mg_frag_key *key)
{
	key->saddr = p->key.saddr;
	key->daddr = p->key.daddr;
	key->id = id;
	/* IPv4 counts for each protocol; of IPv6's later fragments nobody knows it for sure. */
	key->proto = MARGAY_FAMILY == 4 ? p->key.proto : 0;
	key->egress = egress;
}

static __always_inline void remember_fragment(const struct mg_packet *p, __be32 id, bool egress)
{
	struct mg_frag_value value = { .sport = p->key.sport,
				       .dport = p->key.dport,
				       .proto = p->key.proto };
	struct mg_frag_key key = {};

	fragment_key(p, id, egress, &key);
	bpf_map_update_elem(&MG_MAP(frags), &key, &value, BPF_ANY);
}

/* The ports of the first fragment. */
static __always_inline int recall_fragment(struct mg_packet *p, __be32 id, bool egress)
{
	const struct mg_frag_value *value;
	struct mg_frag_key key = {};

	fragment_key(p, id, egress, &key);
	value = bpf_map_lookup_elem(&MG_MAP(frags), &key);
	if (!value)
		return MG_STACK_FRAGMENT;
	p->key.sport = value->sport;
	p->key.dport = value->dport;
	p->key.proto = value->proto;
	p->later = true;
	return MG_PARSED;
}

/* As parse(), for what that calls MG_EXTENDED. p->l4 says where the transport header is. */
static __noinline int parse_extended(struct __sk_buff *skb, struct mg_packet *p, bool egress)
{
	struct mg_fragment fragment = {};
	int reason;

	if (!p)
		return MG_STACK_SHORT;
	reason = find_transport(skb, p, &fragment);

	if (reason != MG_PARSED)
		return reason;
	if (fragment.later)
		return recall_fragment(p, fragment.id, egress);
	reason = read_transport(skb, p);
	if (reason == MG_PARSED && fragment.first)
		remember_fragment(p, fragment.id, egress);
	return reason;
}

#endif
