/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where an address is and how a packet gets there. Only the slow path asks. */
#ifndef MARGAY_PATH_H
#define MARGAY_PATH_H

#include "config.h"
#include "maps.h"

enum mg_place {
	MG_AT_POD = 1, /* a pod of this node */
	MG_AT_HOST, /* this node itself */
	MG_AT_REMOTE_POD, /* a pod of another node */
	MG_AT_REMOTE_HOST, /* another node */
	MG_AT_WORLD, /* outside; pods get there with the node's address */
	MG_AT_WORLD_PLAIN, /* outside; pods keep their address */
	MG_AT_NOWHERE, /* a pod address of this node that no pod has */
};

struct mg_path {
	struct mg_addr next_hop; /* be */
	__u32 ifindex;
	__u16 generation; /* of the endpoint, 0 when it is none of ours */
	__u8 action; /* enum mg_ct_action */
	__u8 pad;
};

static __always_inline void path_to_stack(struct mg_path *path)
{
	path->action = MG_CT_STACK;
	path->ifindex = 0;
}

/* A pod of this node. An egress hook cannot reach into the peer: it goes by the veth's own way. */
static __always_inline void path_to_pod(struct mg_path *path, const struct mg_endpoint *endpoint,
					const struct mg_addr *addr)
{
	path->action = endpoint->flags & MG_EP_NO_PEER ? MG_CT_VETH : MG_CT_PEER;
	path->ifindex = endpoint->ifindex;
	path->generation = endpoint->generation;
	path->next_hop = *addr;
}

static __always_inline enum mg_place place_of_route(const struct mg_route *route)
{
	switch (route->kind) {
	case MG_ROUTE_LOCAL_PODS:
		return MG_AT_NOWHERE;
	case MG_ROUTE_LOCAL_HOST:
		return MG_AT_HOST;
	case MG_ROUTE_NO_SNAT:
		return MG_AT_WORLD_PLAIN;
	case MG_ROUTE_REMOTE_PODS:
		return MG_AT_REMOTE_POD;
	default:
		return MG_AT_REMOTE_HOST;
	}
}

/* Says where addr is. The way is complete, or path_complete() makes it so (NEIGH, no ifindex). */
static __noinline enum mg_place locate(const struct mg_addr *addr, struct mg_path *path)
{
	struct mg_lpm_key key = { .prefixlen = MG_ADDR_BITS };
	const struct mg_endpoint *endpoint;
	const struct mg_route *route;
	enum mg_place place;

	__builtin_memset(path, 0, sizeof(*path));
	endpoint = endpoint_lookup(addr);
	if (endpoint) {
		path_to_pod(path, endpoint, addr);
		return MG_AT_POD;
	}
	key.addr = *addr;
	path->action = MG_CT_NEIGH;
	route = bpf_map_lookup_elem(&MG_MAP(routes), &key);
	if (!route)
		return MG_AT_WORLD;
	place = place_of_route(route);
	if (place == MG_AT_HOST) {
		path_to_stack(path);
		return place;
	}
	path->ifindex = route->ifindex;
	path->next_hop = addr_is_zero(&route->next_hop) ? *addr : route->next_hop;
	return place;
}

static __always_inline bool is_this_node(const struct mg_addr *addr)
{
	struct mg_lpm_key key = { .prefixlen = MG_ADDR_BITS };
	const struct mg_route *route;

	key.addr = *addr;
	route = bpf_map_lookup_elem(&MG_MAP(routes), &key);
	return route && route->kind == MG_ROUTE_LOCAL_HOST;
}

#define MG_FIB_SUCCESS 0
#define MG_FIB_NO_NEIGH 7 /* the way is known; redirect_neigh resolves the neighbour */

/*
 * One FIB lookup, for what the routes do not spell out. False: the kernel knows no way, or not one
 * that is ours to take (a local address, a route of another family).
 */
static __noinline bool path_by_fib(struct __sk_buff *skb, const struct mg_addr *saddr,
				   const struct mg_addr *daddr, struct mg_path *path)
{
	struct bpf_fib_lookup fib = {};
	long err;

	fib.family = MG_AF;
	fib.ifindex = skb->ifindex;
#if MARGAY_FAMILY == 4
	fib.ipv4_src = saddr->w[0];
	fib.ipv4_dst = daddr->w[0];
#else
	__builtin_memcpy(fib.ipv6_src, saddr, sizeof(*saddr));
	__builtin_memcpy(fib.ipv6_dst, daddr, sizeof(*daddr));
#endif
	err = bpf_fib_lookup(skb, &fib, sizeof(fib), 0);
	if ((err != MG_FIB_SUCCESS && err != MG_FIB_NO_NEIGH) || fib.family != MG_AF)
		return false;
	path->ifindex = fib.ifindex;
#if MARGAY_FAMILY == 4
	path->next_hop.w[0] = fib.ipv4_dst;
#else
	__builtin_memcpy(&path->next_hop, fib.ipv6_dst, sizeof(path->next_hop));
#endif
	return true;
}

static __always_inline bool path_complete(struct __sk_buff *skb, const struct mg_addr *saddr,
					  const struct mg_addr *daddr, struct mg_path *path)
{
	if (path->action != MG_CT_NEIGH || path->ifindex)
		return true;
	return path_by_fib(skb, saddr, daddr, path);
}

#endif
