/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the socket hooks have in common: whose sockets are ours, which backend they get, and what
 * is written down of it. How a hook's context holds the peer's address is the hook's business.
 */
#ifndef MARGAY_SOCKET_H
#define MARGAY_SOCKET_H

#include "affinity.h"
#include "count.h"

#define MG_PROCEED 1

static __always_inline bool in_mode(enum mg_mode first, enum mg_mode second)
{
	const struct mg_state *st = current_state();

	return st && (st->mode == first || st->mode == second);
}

static __always_inline bool is_host(struct bpf_sock_addr *ctx)
{
	return bpf_get_netns_cookie(ctx) == mg_config.host_netns_cookie;
}

/*
 * Pods' UDP is balanced per packet at their interface, where conntrack keeps a flow together. The
 * host's own always here: at to_net a packet could not turn back to a backend on the host itself.
 */
static __always_inline bool is_ours(struct bpf_sock_addr *ctx)
{
	if (ctx->protocol == IPPROTO_TCP)
		return mg_config.connect_tcp || is_host(ctx);
	return ctx->protocol == IPPROTO_UDP && mg_config.connect_udp && is_host(ctx);
}

static __always_inline void remember(struct bpf_sock_addr *ctx, const struct mg_addr *service,
				     const struct mg_backend *backend)
{
	struct mg_sock_value value = { .addr = *service, .port = ctx->user_port };
	struct mg_sock_key key = {
		.cookie = bpf_get_socket_cookie(ctx),
		.addr = backend->addr,
		.port = backend->port,
		.proto = ctx->protocol,
	};
	const struct mg_sock_value *known = bpf_map_lookup_elem(&MG_MAP(sock), &key);

	if (known && known->port == value.port && addr_equal(&known->addr, service))
		return;
	bpf_map_update_elem(&MG_MAP(sock), &key, &value, BPF_ANY);
}

/* A socket has no address yet: the node's own is known, a pod's is seen by the packet path. */
static __always_inline bool may_use(struct bpf_sock_addr *ctx, const struct mg_frontend *frontend)
{
	struct mg_addr client;

	if (!frontend->source_set)
		return true;
	client = node_addr();
	return is_host(ctx) && source_allowed(frontend, &client);
}

/* The loopback addresses are the host's own: a pod that names them means itself. */
static __always_inline const struct mg_frontend *socket_frontend(struct bpf_sock_addr *ctx,
								 const struct mg_addr *addr)
{
	bool loopback = addr_is_loopback(addr);
	const struct mg_frontend *frontend;

	if (loopback && !is_host(ctx))
		return NULL;
	frontend = frontend_exact(addr, ctx->user_port, ctx->protocol);
	if (frontend)
		return frontend;
	return loopback ? frontend_anywhere(ctx->user_port, ctx->protocol)
			: frontend_nodeport(addr, ctx->user_port, ctx->protocol);
}

/*
 * The backend for a socket that names addr; NULL: the socket goes on as it is. A Service that cannot
 * be served here is one of those, too: the packet path refuses it properly (ECONNREFUSED, not
 * EPERM). hash: what keeps a caller with one backend.
 */
static __noinline const struct mg_backend *socket_backend(struct bpf_sock_addr *ctx,
							  const struct mg_addr *addr, __u32 hash)
{
	struct mg_affinity_key who = { .netns = bpf_get_netns_cookie(ctx) };
	const struct mg_frontend *frontend;
	const struct mg_backend *backend;
	struct mg_range range;

	frontend = socket_frontend(ctx, addr);
	if (!frontend || !frontend->count || frontend->flags & MG_FE_TO_STACK)
		return NULL;
	if (!may_use(ctx, frontend))
		return NULL;
	range = range_for(frontend, false);
	backend = backend_for(frontend, &range, &who, hash);
	if (backend)
		remember(ctx, addr, backend);
	return backend;
}

/* Whom the application named when it was given this peer; NULL: just that. */
static __always_inline const struct mg_sock_value *named_service(struct bpf_sock_addr *ctx,
								 const struct mg_addr *peer)
{
	struct mg_sock_key key = { .port = ctx->user_port, .proto = ctx->protocol };

	if (!in_mode(MG_MODE_ACTIVE, MG_MODE_DRAINING))
		return NULL;
	key.cookie = bpf_get_socket_cookie(ctx);
	key.addr = *peer;
	return bpf_map_lookup_elem(&MG_MAP(sock), &key);
}

#endif
