/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Flows: two entries each, made together, and what happens to a known one off the fast path. */
#ifndef MARGAY_CT_H
#define MARGAY_CT_H

#include "count.h"
#include "csum.h"
#include "parse.h"
#include "path.h"

#define MG_CT_CLOSING (MG_CT_FIN | MG_CT_RST)

static __always_inline __u32 ticks(void)
{
	return bpf_jiffies64() >> 8;
}

/*
 * What both ends were when the flow was made. An address that was given to another pod since then
 * changes it; it is compared whenever state.route_gen has moved, so a hit pays nothing for it.
 */
static __always_inline __u16 mg_flow_generation(__u16 source, __u16 destination)
{
	return source * 31 + destination;
}

/* The key of the other direction, which is also: the tuple that packets are given. */
static __always_inline void ct_reverse(const struct mg_ct_value *value, __u8 proto,
				       struct mg_ct_key *reverse)
{
	__builtin_memset(reverse, 0, sizeof(*reverse));
	reverse->saddr = value->new_daddr;
	reverse->daddr = value->new_saddr;
	reverse->sport = value->new_dport;
	reverse->dport = value->new_sport;
	reverse->proto = proto;
}

/* The translation in the entry of key, for a flow whose other entry is at reverse. No branches. */
static __noinline void ct_fill(struct mg_ct_value *value, const struct mg_ct_key *key,
			       const struct mg_ct_key *reverse)
{
	__u64 l3, l4;

	value->new_saddr = reverse->daddr;
	value->new_daddr = reverse->saddr;
	value->new_sport = reverse->dport;
	value->new_dport = reverse->sport;
	l3 = csum_diff_addr(&key->saddr, &value->new_saddr) +
	     csum_diff_addr(&key->daddr, &value->new_daddr);
	l4 = l3 + csum_diff_port(key->sport, value->new_sport) +
	     csum_diff_port(key->dport, value->new_dport);
	value->l3_delta = csum_fold32(l3);
	value->l4_delta = csum_fold32(l4);
}

static __always_inline void ct_set_path(struct mg_ct_value *value, const struct mg_path *path)
{
	value->action = path->action;
	value->ifindex = path->ifindex;
	value->next_hop = path->next_hop;
}

static __always_inline void ct_delete_pair(const struct mg_ct_key *key,
					   const struct mg_ct_value *value)
{
	struct mg_ct_key reverse;

	ct_reverse(value, key->proto, &reverse);
	bpf_map_delete_elem(&MG_MAP(ct), key);
	bpf_map_delete_elem(&MG_MAP(ct), &reverse);
}

static __always_inline bool ct_closing(const struct mg_ct_key *key, const struct mg_ct_value *value)
{
	const struct mg_ct_value *other;
	struct mg_ct_key reverse;

	if (value->flags & MG_CT_CLOSING)
		return true;
	ct_reverse(value, key->proto, &reverse);
	other = ct_lookup(&reverse);
	return other && other->flags & MG_CT_CLOSING;
}

#define MG_IDLE_TICKS 10 /* 10 s at 250 Hz */

/* Nobody misses the flow: closed, or UDP that both sides left alone for a while. */
static __noinline bool ct_over(const struct mg_ct_key *key, const struct mg_ct_value *value)
{
	const struct mg_ct_value *other;
	struct mg_ct_key reverse;
	__u32 now = ticks();

	ct_reverse(value, key->proto, &reverse);
	other = ct_lookup(&reverse);
	if (!other)
		return true;
	if (key->proto == IPPROTO_TCP)
		return (value->flags | other->flags) & MG_CT_RST ||
		       value->flags & other->flags & MG_CT_FIN;
	return now - value->last_seen >= MG_IDLE_TICKS && now - other->last_seen >= MG_IDLE_TICKS;
}

/* What a packet says about its flow. Packets for which this changes nothing never come here. */
static __always_inline __u8 ct_flags_of(const struct mg_packet *p)
{
	__u8 flags = MG_CT_SEEN;

	if (p->tcp_flags & MG_TCP_FIN)
		flags |= MG_CT_FIN;
	if (p->tcp_flags & MG_TCP_RST)
		flags |= MG_CT_RST;
	if (!(p->tcp_flags & MG_TCP_SYN))
		flags |= MG_CT_EST;
	return flags;
}

/*
 * Netfilter may turn a packet of its own into a tuple that a flow of ours has when it enters the
 * node: an entry counts on one side of the stack only.
 */
static __always_inline bool ct_is_for(const struct mg_ct_value *value, enum mg_hook hook)
{
	return !!(value->flags & MG_CT_EGRESS) == is_egress(hook);
}

/* True while a packet can take the fast path as it is. */
static __always_inline bool ct_settled(const struct mg_packet *p, const struct mg_ct_value *value,
				       const struct mg_state *st, enum mg_hook hook)
{
	return value->route_gen == st->route_gen && value->flags & MG_CT_EST &&
	       ct_is_for(value, hook) && !(p->tcp_flags & (MG_TCP_SYN | MG_TCP_FIN | MG_TCP_RST));
}

/*
 * Routes or endpoints have moved since the entry's way was found: find it again. TC_ACT_UNSPEC when
 * one of the ends is another pod now, and the flow forgotten. What goes by the stack stays there.
 */
static __noinline int ct_refresh(struct __sk_buff *skb, const struct mg_packet *p,
				 struct mg_ct_value *value, __u32 route_gen)
{
	const struct mg_endpoint *source = endpoint_lookup(&p->key.saddr);
	struct mg_addr daddr = value->new_daddr;
	struct mg_path path;
	enum mg_place place;

	place = locate(&daddr, &path);
	if (value->generation !=
	    mg_flow_generation(source ? source->generation : 0, path.generation)) {
		ct_delete_pair(&p->key, value);
		return TC_ACT_UNSPEC;
	}
	if (value->action != MG_CT_STACK) {
		if (place == MG_AT_NOWHERE)
			return drop(skb, MG_DROP_NO_ENDPOINT);
		if (!path_complete(skb, &p->key.saddr, &daddr, &path))
			return drop(skb, MG_DROP_NO_ROUTE);
		ct_set_path(value, &path);
	}
	value->route_gen = route_gen;
	return MG_HIT;
}

/* A known flow off the fast path: MG_HIT, TC_ACT_UNSPEC when it is known no longer, a verdict. */
static __always_inline int ct_known(struct __sk_buff *skb, const struct mg_packet *p,
				    struct mg_ct_value *value, const struct mg_state *st)
{
	int verdict;

	/* A new connection; or the answer to one that the stack has begun under this tuple. */
	if (p->tcp_flags & MG_TCP_SYN && ct_closing(&p->key, value)) {
		ct_delete_pair(&p->key, value);
		return TC_ACT_UNSPEC;
	}
	if (value->route_gen != st->route_gen) {
		verdict = ct_refresh(skb, p, value, st->route_gen);
		if (verdict != MG_HIT)
			return verdict;
	}
	value->flags |= ct_flags_of(p);
	return MG_HIT;
}

#endif
