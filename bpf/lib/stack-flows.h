/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Flows that netfilter began before us, or that kube-proxy keeps: kernel conntrack knows them. */
#ifndef MARGAY_STACK_FLOWS_H
#define MARGAY_STACK_FLOWS_H

#include "parse.h"

/* The part that every kernel with this kfunc accepts (12 bytes; newer ones add zones). */
struct mg_ct_opts {
	__s32 netns_id;
	__s32 error;
	__u8 l4proto;
	__u8 dir;
	__u8 reserved[2];
};

#define MG_THIS_NETNS (-1)

static __always_inline struct nf_conn *kernel_ct(struct __sk_buff *skb, const struct mg_ct_key *key,
						 bool reversed)
{
	struct mg_ct_opts opts = { .netns_id = MG_THIS_NETNS, .l4proto = key->proto };
	struct bpf_sock_tuple tuple = {};
	const struct mg_addr *saddr = reversed ? &key->daddr : &key->saddr;
	const struct mg_addr *daddr = reversed ? &key->saddr : &key->daddr;

#if MARGAY_FAMILY == 4
	tuple.ipv4.saddr = saddr->w[0];
	tuple.ipv4.daddr = daddr->w[0];
	tuple.ipv4.sport = reversed ? key->dport : key->sport;
	tuple.ipv4.dport = reversed ? key->sport : key->dport;
	return bpf_skb_ct_lookup(skb, &tuple, sizeof(tuple.ipv4), (void *)&opts, sizeof(opts));
#else
	__builtin_memcpy(tuple.ipv6.saddr, saddr, sizeof(*saddr));
	__builtin_memcpy(tuple.ipv6.daddr, daddr, sizeof(*daddr));
	tuple.ipv6.sport = reversed ? key->dport : key->sport;
	tuple.ipv6.dport = reversed ? key->sport : key->dport;
	return bpf_skb_ct_lookup(skb, &tuple, sizeof(tuple.ipv6), (void *)&opts, sizeof(opts));

#endif
}

/*
 * Reversed at egress hooks: netfilter has translated the destination by then, and its entry is
 * found by the tuple of the reply. A SYN belongs to an entry only while that is being opened; one
 * that lingers in TIME_WAIT or the like must not catch a client that uses its port again.
 */
static __noinline bool is_kernel_flow(struct __sk_buff *skb, const struct mg_packet *p,
				      bool reversed)
{
	struct nf_conn *ct;
	bool known = true;

	if (!bpf_ksym_exists(bpf_skb_ct_lookup) || !bpf_ksym_exists(bpf_ct_release))
		return false;
	ct = kernel_ct(skb, &p->key, reversed);
	if (!ct)
		return false;
	if (p->key.proto == IPPROTO_TCP)
		known = ct->proto.tcp.state == TCP_CONNTRACK_SYN_SENT ||
			ct->proto.tcp.state == TCP_CONNTRACK_SYN_RECV;
	bpf_ct_release(ct);
	return known;
}

/* Netfilter has given this very tuple to the replies of a flow of its own, which still lives. */
static __noinline bool is_kernel_reply(struct __sk_buff *skb, const struct mg_ct_key *reply)
{
	struct nf_conn *ct;
	bool taken = true;

	if (!bpf_ksym_exists(bpf_skb_ct_lookup) || !bpf_ksym_exists(bpf_ct_release))
		return false;
	ct = kernel_ct(skb, reply, false);
	if (!ct)
		return false;
	if (reply->proto == IPPROTO_TCP)
		taken = ct->proto.tcp.state < TCP_CONNTRACK_TIME_WAIT;
	bpf_ct_release(ct);
	return taken;
}

#endif
