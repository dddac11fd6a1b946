/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The ceiling: what a packet costs when nothing is decided on the way. Out of the node by a plain
 * redirect with MAC addresses that were written down beforehand, into a pod by redirect_peer. No
 * conntrack, no policy, no Services, no TTL.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define ETH_P_IP 0x0800

/* One destination: a pod here (peer) or a pod behind the NIC. */
struct l0_target {
	__be32 addr;
	__be32 mask; /* 0: no such target */
	__u32 ifindex;
	__u32 peer; /* 1: redirect_peer */
	__u8 dst_mac[6];
	__u8 src_mac[6];
};

struct l0_targets {
	struct l0_target at[2];
};

const volatile struct l0_targets l0_targets = {};

SEC("tcx/ingress")
int l0(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data;
	void *end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);

	if ((void *)(ip + 1) > end || eth->h_proto != bpf_htons(ETH_P_IP))
		return -1;
	for (int i = 0; i < 2; i++) {
		const volatile struct l0_target *to = &l0_targets.at[i];

		if (to->mask == 0 || to->addr != (ip->daddr & to->mask))
			continue;
		if (to->peer)
			return bpf_redirect_peer(to->ifindex, 0);
		for (int b = 0; b < 6; b++) {
			eth->h_dest[b] = to->dst_mac[b];
			eth->h_source[b] = to->src_mac[b];
		}
		return bpf_redirect(to->ifindex, 0);
	}
	return -1;
}

char _license[] SEC("license") = "Dual BSD/GPL";
