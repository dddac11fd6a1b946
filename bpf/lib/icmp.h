/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * ICMP errors about flows of ours (RFC 792, RFC 4443). An error quotes a packet as its sender saw
 * it, after our translation. It travels as the replies to that packet do: the quoted tuple, turned
 * round, is the key of the entry that says how. Outside and quoted inside, everything becomes what
 * the receiver knows. An error makes no entry, keeps none alive and settles none.
 */
#ifndef MARGAY_ICMP_H
#define MARGAY_ICMP_H

#include "rewrite.h"

#define MG_QUOTED_IP_OFFSET (MG_L4_OFFSET + MG_ICMP_SIZE)
#define MG_QUOTED_L4_OFFSET (MG_QUOTED_IP_OFFSET + (__u32)sizeof(mg_iphdr))

static __always_inline bool is_icmp_error(__u8 type)
{
#if MARGAY_FAMILY == 4
	return type == 3 || type == 11 || type == 12;
#else
	return type >= 1 && type <= 4;
#endif
}

/* What the quoted header says, turned round. False where its ports are not where ours would be. */
#if MARGAY_FAMILY == 4
static __always_inline bool quoted_addresses(const mg_iphdr *ip, struct mg_ct_key *about)
{
	if (ip->ihl != 5 || ip->frag_off & bpf_htons(0x1fff))
		return false;
	about->saddr.w[0] = ip->daddr;
	about->daddr.w[0] = ip->saddr;
	about->proto = ip->protocol;
	return true;
}
#else
static __always_inline bool quoted_addresses(const mg_iphdr *ip, struct mg_ct_key *about)
{
	__builtin_memcpy(&about->saddr, &ip->daddr, sizeof(about->saddr));
	__builtin_memcpy(&about->daddr, &ip->saddr, sizeof(about->daddr));
	about->proto = ip->nexthdr;
	return true;
}
#endif

/* The flow that an error is about, as the key of the entry that it travels by. */
static __always_inline bool error_about(const struct __sk_buff *skb, const struct mg_packet *p,
					struct mg_ct_key *about)
{
	const void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	const struct mg_ports *ports = data + MG_QUOTED_L4_OFFSET;
	const struct mg_icmp *icmp = data + MG_L4_OFFSET;

	if (data + MG_QUOTED_L4_OFFSET + MG_QUOTED_L4 > end || !is_icmp_error(icmp->type))
		return false;
	if (!quoted_addresses(data + MG_QUOTED_IP_OFFSET, about))
		return false;
	about->sport = ports->destination;
	about->dport = ports->source;
	/* Who sent the quoted packet is told of it, and nobody else. */
	return (about->proto == IPPROTO_TCP || about->proto == IPPROTO_UDP) &&
	       addr_equal(&about->daddr, &p->key.daddr);
}

/* The quoted transport checksum, where the quote is long enough and the sender made one; or NULL. */
static __always_inline __sum16 *quoted_csum(void *data, void *end, __u8 proto)
{
	__sum16 *field = data + MG_QUOTED_L4_OFFSET + 6;

	if (proto == IPPROTO_UDP)
		return *field ? field : NULL;
	field = data + MG_QUOTED_L4_OFFSET + 16;
	return (void *)(field + 1) <= end ? field : NULL;
}

/* How far the sum of the quote moves when its tuple does, and its checksums with it. */
static __always_inline __u32 quoted_change(const struct mg_ct_value *v, bool covered)
{
	__u64 sum = covered ? 0 : v->l4_delta;

	/* IPv4's own checksum takes the addresses back. */
	if (MARGAY_FAMILY == 4)
		sum += (__u16)~v->l3_delta;
	return csum_fold32(sum);
}

/* The quote, turned round itself: its source is what the entry's packets are sent to. */
static __always_inline __u32 rewrite_quote(void *data, void *end, const struct mg_ct_key *about,
					   const struct mg_ct_value *v)
{
	mg_iphdr *ip = data + MG_QUOTED_IP_OFFSET;
	struct mg_ports *ports = data + MG_QUOTED_L4_OFFSET;
	__sum16 *field = quoted_csum(data, end, about->proto);

	set_addresses(ip, &v->new_daddr, &v->new_saddr);
#if MARGAY_FAMILY == 4
	ip->check = csum_apply(ip->check, v->l3_delta);
#endif
	ports->source = v->new_dport;
	ports->destination = v->new_sport;
	if (field)
		*field = csum_apply(*field, v->l4_delta);
	return quoted_change(v, field != NULL);
}

/* False when the packet is shorter than error_about() has seen, which cannot be. */
static __noinline bool rewrite_error(struct __sk_buff *skb, const struct mg_packet *p,
				     const struct mg_ct_key *about, const struct mg_ct_value *v)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	bool by_end = addr_equal(&p->key.saddr, &about->saddr);
	struct mg_addr saddr = p->key.saddr, daddr = v->new_daddr;
	struct mg_icmp *icmp = data + MG_L4_OFFSET;
	mg_iphdr *ip = data + MG_IP_OFFSET;
	__u64 outer;
	__u32 sum;

	if (data + MG_QUOTED_L4_OFFSET + MG_QUOTED_L4 > end)
		return false;
	sum = rewrite_quote(data, end, about, v);
	/* Who answers for the flow is who was asked; a router on the way keeps its name. */
	if (by_end)
		saddr = v->new_saddr;
	outer = csum_diff_addr(&p->key.saddr, &saddr) + csum_diff_addr(&p->key.daddr, &daddr);
	set_addresses(ip, &saddr, &daddr);
#if MARGAY_FAMILY == 4
	ip->check = csum_apply(ip->check, csum_fold32(outer));
#else
	sum += csum_fold32(outer);
#endif
	icmp->check = csum_apply(icmp->check, sum);
	return true;
}

/* The whole quote that is rewritten is made linear: as much of a TCP header as its checksum needs. */
static __always_inline bool pull_quote(struct __sk_buff *skb)
{
	__u32 wanted = MG_QUOTED_L4_OFFSET + 18;

	if (skb->len < wanted)
		wanted = skb->len;
	return !bpf_skb_pull_data(skb, wanted);
}

#endif
