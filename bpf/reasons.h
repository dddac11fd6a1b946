/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Why a packet (or a socket call) went the way it went: the index of `counters`, and the names that
 * metrics and documents use. Append only: the agent of a neighbouring version reads the same map.
 */
#ifndef MARGAY_REASONS_H
#define MARGAY_REASONS_H

enum mg_reason {
	/* a conntrack entry decided */
	MG_FWD_PEER = 0, /* into a pod of this node */
	MG_FWD_NEIGH, /* out of the node */
	MG_FWD_VETH, /* into a pod, through its interface's queue */
	MG_FWD_STACK, /* known flow of the host's stack, translated where its entry says so */
	MG_NEW_FLOW, /* both entries of a flow were made (also counted as forwarded) */

	/* to the host's stack, untouched, no entry made */
	MG_STACK_PROTO, /* neither TCP nor UDP */
	MG_STACK_FRAGMENT, /* whose first has not come by here, or whose flow is none of ours */
	MG_STACK_OPTIONS, /* extension headers that name a route or sign the packet, or too many */
	MG_STACK_SHORT, /* not even whole headers: the stack says what is wrong with it */
	MG_STACK_TTL, /* the stack answers with time exceeded */
	MG_STACK_MODE, /* not ACTIVE: no new flows */
	MG_STACK_MIDFLOW, /* TCP that does not open a connection we know */
	MG_STACK_KERNEL_FLOW, /* netfilter's: conntrack knows it, or its tuple is ours elsewhere */
	MG_STACK_SOURCE, /* from a pod's interface, but not from that pod's address */
	MG_STACK_FRONTEND, /* a Service that this version leaves to kube-proxy */
	MG_STACK_HOST, /* for the host itself, no Service */
	MG_STACK_TRANSIT, /* passes through the node, nothing of ours */
	MG_STACK_EGRESS, /* to the world outside the cluster, see mg_config.egress_to_stack */
	MG_STACK_NO_ROUTE, /* no way that eBPF could take; the stack answers */
	MG_STACK_CT_FULL, /* no room for the flow, and it needs no translation */

	/* answered or dropped here */
	MG_REFUSED, /* a Service without endpoints: reset, or ICMP port unreachable */
	MG_DROP_REFUSE, /* the same, but the answer could not be built */
	MG_DROP_LOCAL_ONLY, /* policy Local, no endpoint on this node */
	MG_DROP_NO_ENDPOINT, /* pod address of this node that no pod has */
	MG_DROP_NO_ROUTE, /* the chosen backend cannot be reached */
	MG_DROP_NO_PORT, /* every source port that was tried is taken */
	MG_DROP_CT_FULL, /* no room for the flow, and without an entry it would not be translated */
	MG_DROP_BACKEND, /* a frontend names a backend outside the array: user space is wrong */

	/* sockets */
	MG_SOCK_CONNECT,
	MG_SOCK_SENDMSG,
	MG_SOCK_RECVMSG,
	MG_SOCK_GETPEERNAME,

	/* appended */
	MG_MADE_ROOM, /* a flow of netfilter's got a source port, so that its replies are not taken for ours */
	MG_DROP_SOURCE_RANGE, /* the client is in none of the Service's loadBalancerSourceRanges */
	MG_HALF_OPEN_EVICTED, /* a flow that was not established gave its place to a newer one */
	MG_ICMP_ERROR, /* an ICMP error about a flow of ours (also counted as forwarded) */

	MG_REASON_COUNT
};

/* Size of `counters`: room for reasons to come, so that a new one does not need new maps. */
#define MG_REASON_ROOM 64
_Static_assert(MG_REASON_COUNT <= MG_REASON_ROOM, "counters has no room left");

#endif
