/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Every layout that the programs share with user space, and nothing else.
 *
 * One source serves both families: MARGAY_FAMILY is 4 or 6. The TypeScript codecs are generated
 * from the BTF of the two objects (agent/src/abi/v4.gen.ts, v6.gen.ts), never written by hand.
 * "be" fields are in network byte order, all others in the host's.
 */
#ifndef MARGAY_ABI_H
#define MARGAY_ABI_H

#define MARGAY_LAYOUT_VERSION 3

#if MARGAY_FAMILY == 4
#define MG_ADDR_WORDS 1
#define MG_ADDR_BITS 32
#elif MARGAY_FAMILY == 6
#define MG_ADDR_WORDS 4
#define MG_ADDR_BITS 128
#else
#error "MARGAY_FAMILY must be 4 or 6"
#endif

#define MG_ASSERT_SIZE(type, v4, v6)                                                               \
	_Static_assert(sizeof(type) == (MARGAY_FAMILY == 4 ? (v4) : (v6)), "layout of " #type)

struct mg_addr {
	__be32 w[MG_ADDR_WORDS];
};

/* ---- services ------------------------------------------------------------------------------- */

enum mg_frontend_flags {
	MG_FE_TO_STACK = 1 << 0, /* kube-proxy serves this one: to the stack, untouched */
	MG_FE_EXTERNAL = 1 << 1, /* NodePort, LoadBalancer or external address */
	MG_FE_DROP_INSIDE =
		1 << 2, /* policy Local and none here: drop, not refuse, inside clients */
	MG_FE_NODEPORT = 1 << 3,
	MG_FE_DROP_OUTSIDE = 1 << 4, /* the same for outside clients */
};

/* services: exact address; NodePorts are stored once under the unspecified address. */
struct mg_frontend_key {
	struct mg_addr addr; /* be; zero for a NodePort */
	__be16 port;
	__u8 proto; /* IPPROTO_* */
	__u8 pad;
};
MG_ASSERT_SIZE(struct mg_frontend_key, 8, 20);

/*
 * Inside clients are the node itself and the pods of the cluster; all others are outside. They get
 * different backends where externalTrafficPolicy is Local, for it does not bind the cluster's own.
 */
struct mg_frontend {
	__u32 first; /* index into backends of the first one, for inside clients */
	__u32 count; /* 0: refuse (or drop, by flags) */
	__u32 outside_first; /* the same for outside clients */
	__u32 outside_count;
	__u32 flags; /* enum mg_frontend_flags */
	__u32 service_id; /* stable while the Service port lives; for affinity and events */
	__u32 affinity; /* seconds that a client keeps its backend after its last new flow; 0: none */
	__u32 source_set; /* of source_ranges: clients in none of them are dropped; 0: all are let in */
};
MG_ASSERT_SIZE(struct mg_frontend, 32, 32);

enum mg_backend_flags {
	MG_BE_LOCAL = 1 << 0, /* a pod of this node */
	MG_BE_HOST = 1 << 1, /* an address of this node itself */
};

/*
 * backends: a memory-mapped array; a Service port owns contiguous ranges, each sorted by address,
 * then port. A range is written whole before a frontend names it, and reused only after a second's
 * quarantine.
 */
struct mg_backend {
	struct mg_addr addr; /* be */
	__be16 port;
	__u16 flags; /* enum mg_backend_flags */
};
MG_ASSERT_SIZE(struct mg_backend, 8, 20);

/* affinity: who was given which backend of a Service port with ClientIP affinity. */
struct mg_affinity_key {
	__u64 netns; /* SO_NETNS_COOKIE of a socket's namespace, which is one client; 0: addr says who */
	struct mg_addr addr; /* be */
	__u32 service_id;
#if MARGAY_FAMILY == 6
	__u32 pad;
#endif
};
MG_ASSERT_SIZE(struct mg_affinity_key, 16, 32);

struct mg_affinity_value {
	struct mg_addr addr; /* be */
	__be16 port;
	__u16 pad;
	__u32 last_used; /* seconds of CLOCK_MONOTONIC */
};
MG_ASSERT_SIZE(struct mg_affinity_value, 12, 24);

/* source_ranges: sets of prefixes. A set is written whole before a frontend names it, and never changed. */
struct mg_source_key {
	__u32 prefixlen; /* 32 + that of addr */
	__u32 set;
	struct mg_addr addr; /* be */
};
MG_ASSERT_SIZE(struct mg_source_key, 12, 24);

struct mg_source_value {
	__u32 allowed; /* 1 */
};
MG_ASSERT_SIZE(struct mg_source_value, 4, 4);

/* ---- where addresses are -------------------------------------------------------------------- */

/* endpoints: address of a local pod -> its interface. */
struct mg_endpoint {
	__u32 ifindex; /* host side of the veth */
	__u16 generation; /* changes when an address is given to another pod */
	__u16 flags; /* enum mg_endpoint_flags */
};
MG_ASSERT_SIZE(struct mg_endpoint, 8, 8);

enum mg_endpoint_flags {
	MG_EP_NO_PEER = 1 << 0, /* use the veth's queueing: do not redirect_peer */
};

struct mg_lpm_key {
	__u32 prefixlen;
	struct mg_addr addr; /* be */
};
MG_ASSERT_SIZE(struct mg_lpm_key, 8, 20);

enum mg_route_kind {
	MG_ROUTE_LOCAL_PODS = 1, /* a pod CIDR of this node: no endpoint entry means drop */
	MG_ROUTE_REMOTE_PODS = 2, /* a pod CIDR of another node */
	MG_ROUTE_LOCAL_HOST = 3, /* an address of this node */
	MG_ROUTE_REMOTE_HOST = 4, /* an address of another node of the cluster */
	MG_ROUTE_NO_SNAT = 5, /* outside, but excluded from source NAT */
};

/*
 * routes: longest prefix -> what is there. A miss is the world outside the cluster: while
 * mg_config.egress_to_stack is set the packet goes to the host's stack without an entry, where the
 * table "inet margay" masquerades it in both modes, so that a switch of modes never touches egress.
 */
struct mg_route {
	struct mg_addr next_hop; /* be; zero: ask the kernel's FIB */
	__u32 ifindex; /* 0: ask the kernel's FIB */
	__u32 kind; /* enum mg_route_kind */
};
MG_ASSERT_SIZE(struct mg_route, 12, 24);

/* ---- conntrack ------------------------------------------------------------------------------ */

struct mg_ct_key {
	struct mg_addr saddr; /* be */
	struct mg_addr daddr; /* be */
	__be16 sport; /* ICMP echo: the identifier, in both ports */
	__be16 dport;
	__u8 proto;
	__u8 pad[3];
};
MG_ASSERT_SIZE(struct mg_ct_key, 16, 40);

enum mg_ct_action {
	MG_CT_STACK = 1, /* rewrite, then go on to the host's stack */
	MG_CT_PEER = 2, /* rewrite, redirect_peer to ifindex */
	MG_CT_NEIGH = 3, /* rewrite, redirect_neigh to ifindex by next_hop */
	MG_CT_VETH = 4, /* rewrite, redirect to ifindex's egress */
};

enum mg_ct_flags {
	MG_CT_REWRITE = 1 << 0, /* some of the tuple changes */
	MG_CT_REPLY = 1 << 1, /* this entry matches the reply direction */
	MG_CT_SEEN = 1 << 2, /* a packet of this direction was seen */
	MG_CT_FIN = 1 << 3, /* TCP FIN seen in this direction */
	MG_CT_RST = 1 << 4, /* TCP RST seen in this direction */
	MG_CT_EST = 1 << 5, /* TCP: packet without SYN seen; UDP: a second one, or an answer */
	MG_CT_EGRESS = 1 << 6, /* for to_pod and to_net only; without it, for the ingress hooks */
};

/*
 * One entry a direction, self-contained. The reverse entry's key is the rewritten tuple turned
 * round: {new_daddr, new_saddr, new_dport, new_sport}. A flow is established when the entry of its
 * first direction has MG_CT_EST and the reply's has MG_CT_SEEN; closed when either has MG_CT_RST or
 * both have MG_CT_FIN. Its age is the younger of both last_seen: collect both entries or none.
 */
struct mg_ct_value {
	struct mg_addr new_saddr; /* be */
	struct mg_addr new_daddr; /* be */
	__be16 new_sport;
	__be16 new_dport;
	__u8 action; /* enum mg_ct_action */
	__u8 flags; /* enum mg_ct_flags */
	__u16 generation; /* of the local endpoints at both ends, see mg_flow_generation() */
	struct mg_addr next_hop; /* be */
	__u32 ifindex;
	__u32 last_seen; /* jiffies >> 8; the program `clock` tells jiffies now */
	__u32 route_gen; /* value of mg_state.route_gen when action was resolved */
	__sum16 l3_delta; /* RFC 1624 difference of the addresses: IPv4 header, partial checksums */
	__sum16 l4_delta; /* of addresses and ports: complete TCP and UDP checksums */
	__u32 service_id; /* 0: none */
	__u32 half_open; /* of a first direction: 1 + its place in the ring half_open; else 0 */
	__u32 pad[MARGAY_FAMILY == 4 ? 5 : 2];
};
MG_ASSERT_SIZE(struct mg_ct_value, 64, 88);

/* ---- fragments ------------------------------------------------------------------------------ */

/* frags: a datagram, as its sender numbers it. */
struct mg_frag_key {
	struct mg_addr saddr; /* be */
	struct mg_addr daddr; /* be */
	__be32 id; /* IPv4: 16 bits of it */
	__u8 proto; /* IPv6: 0 */
	__u8 egress; /* 1 at to_pod and to_net: the stack may have changed the tuple in between */
	__u8 pad[2];
};
MG_ASSERT_SIZE(struct mg_frag_key, 16, 40);

struct mg_frag_value {
	__be16 sport;
	__be16 dport;
	__u8 proto;
	__u8 pad[3];
};
MG_ASSERT_SIZE(struct mg_frag_value, 8, 8);

/* ---- socket balancing ----------------------------------------------------------------------- */

struct mg_sock_key {
	__u64 cookie; /* bpf_get_socket_cookie */
	struct mg_addr addr; /* be; the backend */
	__be16 port;
	__u8 proto;
	__u8 pad[MARGAY_FAMILY == 4 ? 1 : 5];
};
MG_ASSERT_SIZE(struct mg_sock_key, 16, 32);

struct mg_sock_value {
	struct mg_addr addr; /* be; the Service's address that the application named */
	__be16 port;
	__u16 pad;
};
MG_ASSERT_SIZE(struct mg_sock_value, 8, 20);

/* ---- state that user space changes while programs run --------------------------------------- */

enum mg_mode {
	MG_MODE_PASS = 0, /* attached but idle: every packet goes on to the stack */
	MG_MODE_ACTIVE = 1,
	MG_MODE_DRAINING = 2, /* flows that exist are served, new ones go to the stack */
};

/* state: array of one, memory-mapped. */
struct mg_state {
	__u32 mode; /* enum mg_mode */
	__u32 stack_flows; /* 1: a miss may belong to netfilter; ask kernel conntrack */
	__u32 route_gen; /* raised whenever a route or an endpoint may have moved */
	__u32 pad;
};
MG_ASSERT_SIZE(struct mg_state, 16, 16);

/* ---- configuration that never changes while programs run ------------------------------------ */

/* mg_config: the only variable of .rodata. */
struct mg_config {
	__u64 host_netns_cookie; /* SO_NETNS_COOKIE of the node's own network namespace */
	__u32 mark; /* mask of the bit that says: already handled */
	__u32 hash_seed;
	struct mg_addr node_addr; /* be; source of what this node translates */
	__u16 snat_first; /* source ports for translated flows, both ends included */
	__u16 snat_last;
	__u8 nat_outgoing; /* pods reach the world outside the cluster as node_addr */
	__u8 egress_to_stack; /* ... and nftables does that, without an entry here */
	__u8 connect_tcp; /* rewrite TCP at connect() */
	__u8 connect_udp; /* rewrite the host's own UDP at connect() and sendmsg() */
	__u32 half_open; /* flows that each CPU may have half open: size of the ring; 0: no bound */
#if MARGAY_FAMILY == 6
	__u32 pad;
#endif
};
MG_ASSERT_SIZE(struct mg_config, 32, 48);

/* ---- counters ------------------------------------------------------------------------------- */

/* counters: per-CPU array indexed by reason (reasons.h). */
struct mg_counter {
	__u64 packets;
	__u64 bytes;
};
MG_ASSERT_SIZE(struct mg_counter, 16, 16);

#endif
