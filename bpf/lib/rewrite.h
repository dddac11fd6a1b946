/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What an entry says, written into the packet: addresses, ports, the hop, and every checksum. */
#ifndef MARGAY_REWRITE_H
#define MARGAY_REWRITE_H

#include "ct.h"

/*
 * The device's sum of the packet follows what rewriting changed: addresses and ports, less what the
 * checksums of the packet cancel out (IPv4's own takes back the addresses, the transport's all).
 */
static __always_inline void follow_sum(struct __sk_buff *skb, const struct mg_ct_value *v,
				       bool covered)
{
	__u32 change = covered ? 0 : v->l4_delta;

	if (MARGAY_FAMILY == 4)
		change += (__u16)~v->l3_delta;
	bpf_csum_update(skb, change);
}

/*
 * The transport checksum. How the field reads depends on skb->ip_summed: a complete checksum takes
 * addresses and ports with its complement; a partial one is the plain sum of the pseudo header, so
 * it takes the addresses as they are and never the ports. UDP's may be absent: 0 (RFC 768).
 */
static __always_inline void rewrite_l4_csum(struct __sk_buff *skb, __sum16 *field, bool udp,
					    const struct mg_ct_value *v)
{
	enum mg_summed summed = ip_summed(skb);
	bool covered = !udp || *field;

	if (summed == MG_SUMMED_PARTIAL) {
		*field = csum_apply_partial(*field, v->l3_delta);
		return;
	}
	if (covered)
		*field = csum_apply(*field, v->l4_delta);
	if (covered && udp && !*field)
		*field = 0xffff;
	if (summed == MG_SUMMED_COMPLETE)
		follow_sum(skb, v, covered);
}

#if MARGAY_FAMILY == 4
static __always_inline void set_addresses(mg_iphdr *ip, const struct mg_addr *saddr,
					  const struct mg_addr *daddr)
{
	ip->saddr = saddr->w[0];
	ip->daddr = daddr->w[0];
}

static __always_inline void rewrite_ip(mg_iphdr *ip, const struct mg_ct_value *v, bool hop)
{
	__u32 delta = 0;

	if (v->flags & MG_CT_REWRITE) {
		set_addresses(ip, &v->new_saddr, &v->new_daddr);
		delta = v->l3_delta;
	}
	if (hop) {
		ip->ttl--;
		delta += (__u16)~bpf_htons(0x0100);
	}
	ip->check = csum_apply(ip->check, delta);
}
#else
static __always_inline void set_addresses(mg_iphdr *ip, const struct mg_addr *saddr,
					  const struct mg_addr *daddr)
{
	__builtin_memcpy(&ip->saddr, saddr, sizeof(*saddr));
	__builtin_memcpy(&ip->daddr, daddr, sizeof(*daddr));
}

static __always_inline void rewrite_ip(mg_iphdr *ip, const struct mg_ct_value *v, bool hop)
{
	if (v->flags & MG_CT_REWRITE)
		set_addresses(ip, &v->new_saddr, &v->new_daddr);
	if (hop)
		ip->hop_limit--;
}
#endif

/* The IP header alone; no header checksum of IPv6 takes the hop back out of the device's sum. */
static __always_inline void rewrite_network(struct __sk_buff *skb, mg_iphdr *ip,
					    const struct mg_ct_value *v, bool hop)
{
	rewrite_ip(ip, v, hop);
	if (MARGAY_FAMILY == 6 && hop && ip_summed(skb) == MG_SUMMED_COMPLETE)
		bpf_csum_update(skb, (__u16)~bpf_htons(1));
}

/* A hop without anything else. False when there is no whole IP header, which cannot be. */
static __always_inline bool count_hop(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	const struct mg_ct_value nothing = {};

	if (data + MG_L4_OFFSET > end)
		return false;
	rewrite_network(skb, data + MG_IP_OFFSET, &nothing, true);
	return true;
}

/*
 * l4: where the transport header begins; MG_L4_OFFSET on the fast path, where it costs nothing.
 * False when the packet is shorter than parse() has seen, which cannot be.
 */
static __always_inline bool rewrite(struct __sk_buff *skb, const struct mg_packet *p,
				    const struct mg_ct_value *v, bool hop, __u32 l4)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	bool udp = p->key.proto == IPPROTO_UDP;
	struct mg_ports *ports = data + l4;
	__sum16 *field;

	if ((void *)ports + MG_L4_SHORTEST > end)
		return false;
	if (!__builtin_constant_p(l4) && data + MG_L4_OFFSET > end)
		return false;
	rewrite_network(skb, data + MG_IP_OFFSET, v, hop);
	if (!(v->flags & MG_CT_REWRITE))
		return true;
	ports->source = v->new_sport;
	ports->destination = v->new_dport;
	if (udp) {
		rewrite_l4_csum(skb, (void *)ports + 6, true, v);
		return true;
	}
	field = (void *)ports + 16;
	if ((void *)(field + 1) > end)
		return false;
	rewrite_l4_csum(skb, field, false, v);
	return true;
}

/* A fragment but the first: no ports, and the checksum of the whole lies in the first. */
static __always_inline bool rewrite_fragment(struct __sk_buff *skb, const struct mg_ct_value *v,
					     bool hop)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;

	if (data + MG_L4_OFFSET > end)
		return false;
	rewrite_network(skb, data + MG_IP_OFFSET, v, hop);
	if (MARGAY_FAMILY == 6 && v->flags & MG_CT_REWRITE && ip_summed(skb) == MG_SUMMED_COMPLETE)
		bpf_csum_update(skb, v->l3_delta);
	return true;
}

#endif
