/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The fast path: one lookup, a rewrite that was computed when the flow was made, one redirect. What
 * is not settled goes through slow_path() once and comes back as a hit.
 */
#ifndef MARGAY_FORWARD_H
#define MARGAY_FORWARD_H

#include "flow.h"

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
static __always_inline void rewrite_ip(mg_iphdr *ip, const struct mg_ct_value *v, bool hop)
{
	__u32 delta = 0;

	if (v->flags & MG_CT_REWRITE) {
		ip->saddr = v->new_saddr.w[0];
		ip->daddr = v->new_daddr.w[0];
		delta = v->l3_delta;
	}
	if (hop) {
		ip->ttl--;
		delta += (__u16)~bpf_htons(0x0100);
	}
	ip->check = csum_apply(ip->check, delta);
}
#else
static __always_inline void rewrite_ip(mg_iphdr *ip, const struct mg_ct_value *v, bool hop)
{
	if (v->flags & MG_CT_REWRITE) {
		__builtin_memcpy(&ip->saddr, &v->new_saddr, sizeof(v->new_saddr));
		__builtin_memcpy(&ip->daddr, &v->new_daddr, sizeof(v->new_daddr));
	}
	if (hop)
		ip->hop_limit--;
}
#endif

/* False when the packet is shorter than parse() has seen, which cannot be. */
static __always_inline bool rewrite(struct __sk_buff *skb, const struct mg_packet *p,
				    const struct mg_ct_value *v, bool hop)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	bool udp = p->key.proto == IPPROTO_UDP;
	struct mg_ports *ports = data + MG_L4_OFFSET;
	__sum16 *field;

	if (data + MG_L4_OFFSET + MG_L4_SHORTEST > end)
		return false;
	rewrite_ip(data + MG_IP_OFFSET, v, hop);
	/* No header checksum takes the hop back out of the device's sum. */
	if (MARGAY_FAMILY == 6 && hop && ip_summed(skb) == MG_SUMMED_COMPLETE)
		bpf_csum_update(skb, (__u16)~bpf_htons(1));
	if (!(v->flags & MG_CT_REWRITE))
		return true;
	ports->source = v->new_sport;
	ports->destination = v->new_dport;
	if (udp) {
		rewrite_l4_csum(skb, data + MG_L4_OFFSET + 6, true, v);
		return true;
	}
	field = data + MG_L4_OFFSET + 16;
	if ((void *)(field + 1) > end)
		return false;
	rewrite_l4_csum(skb, field, false, v);
	return true;
}

static __always_inline int redirect_neigh(struct __sk_buff *skb, const struct mg_ct_value *v)
{
	struct bpf_redir_neigh neigh = { .nh_family = MG_AF };

#if MARGAY_FAMILY == 4
	neigh.ipv4_nh = v->next_hop.w[0];
#else
	__builtin_memcpy(neigh.ipv6_nh, &v->next_hop, sizeof(v->next_hop));
#endif
	skb->mark |= mg_config.mark;
	return bpf_redirect_neigh(v->ifindex, &neigh, sizeof(neigh), 0);
}

/* An egress hook cannot redirect into a peer; it takes the veth's own way. */
static __always_inline int act(struct __sk_buff *skb, const struct mg_ct_value *v,
			       enum mg_hook hook)
{
	switch (v->action) {
	case MG_CT_PEER:
		if (hook != MG_TO_NET) {
			count(MG_FWD_PEER, skb->len);
			return bpf_redirect_peer(v->ifindex, 0);
		}
		/* fallthrough */
	case MG_CT_VETH:
		count(MG_FWD_VETH, skb->len);
		return redirect_neigh(skb, v);
	case MG_CT_NEIGH:
		count(MG_FWD_NEIGH, skb->len);
		return redirect_neigh(skb, v);
	default:
		return to_stack(skb, MG_FWD_STACK);
	}
}

/* A packet whose flow is known and settled. */
static __always_inline int forward(struct __sk_buff *skb, const struct mg_packet *p,
				   struct mg_ct_value *v, enum mg_hook hook)
{
	bool stays = v->action == MG_CT_STACK || hook == MG_TO_POD;
	bool hop = !stays && hook != MG_TO_NET; /* there the stack has counted the hop */
	__u32 now = ticks();

	if (v->last_seen != now)
		v->last_seen = now;
	if (hop && unlikely(p->ttl <= 1))
		return to_stack(skb, MG_STACK_TTL);
	if (hop || v->flags & MG_CT_REWRITE) {
		if (!rewrite(skb, p, v, hop))
			return to_stack(skb, MG_STACK_SHORT);
	}
	if (stays)
		return to_stack(skb, MG_FWD_STACK);
	return act(skb, v, hook);
}

/* v: the entry that was found, or NULL. */
static __noinline int slow_path(struct __sk_buff *skb, const struct mg_packet *p,
				struct mg_ct_value *v, enum mg_hook hook)
{
	const struct mg_state *st = current_state();
	int verdict;

	if (!st)
		return TC_ACT_UNSPEC;
	if (v && !ct_is_for(v, hook))
		return to_stack(skb, MG_STACK_KERNEL_FLOW);
	if (v) {
		verdict = ct_known(skb, p, v, st);
		if (verdict != TC_ACT_UNSPEC)
			return verdict;
	}
	if (may_need_room(p, hook, st) && make_room(skb, p, st) == MG_HIT)
		return MG_HIT;
	return new_flow(skb, p, hook, st);
}

/* Whether a packet is any of this hook's business. */
static __always_inline bool concerns(const struct __sk_buff *skb, enum mg_hook hook)
{
	if (skb->protocol != bpf_htons(MG_ETH_P))
		return false;
	if (is_egress(hook) && skb->mark & mg_config.mark)
		return false;
	if (!is_egress(hook) && skb->pkt_type != PACKET_HOST) /* a bridge, a sniffer */
		return false;
	/* A tagged packet on a VLAN's parent; it comes again on the VLAN's own device. */
	return !((hook == MG_FROM_NET || hook == MG_TO_NET) && skb->vlan_present);
}

static __always_inline int handle(struct __sk_buff *skb, enum mg_hook hook)
{
	struct mg_packet p = {};
	const struct mg_state *st;
	struct mg_ct_value *v;
	int reason, verdict;

	if (!concerns(skb, hook))
		return TC_ACT_UNSPEC;
	st = current_state();
	if (unlikely(!st || st->mode == MG_MODE_PASS))
		return TC_ACT_UNSPEC;
	reason = parse(skb, &p);
	if (unlikely(reason != MG_PARSED))
		return to_stack(skb, reason);
	v = ct_lookup(&p.key);
	if (unlikely(!v || !ct_settled(&p, v, st, hook))) {
		verdict = slow_path(skb, &p, v, hook);
		if (verdict != MG_HIT)
			return verdict;
		v = ct_lookup(&p.key);
		/* Collected, or another's, at this very moment. */
		if (unlikely(!v || !ct_is_for(v, hook)))
			return to_stack(skb, MG_STACK_MIDFLOW);
	}
	return forward(skb, &p, v, hook);
}

#endif
