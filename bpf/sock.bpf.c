/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sockets, at the node's cgroup root: TCP of pods and host, UDP of the host. The destination becomes
 * a backend's before there is a packet. A Service that cannot be served here is left as it is: the
 * packet path refuses it properly (ECONNREFUSED, not EPERM).
 */
#include "lib/affinity.h"
#include "lib/count.h"

#define MG_PROCEED 1

#if MARGAY_FAMILY == 4
#define MG_HOOK(name) SEC("cgroup/" #name "4")
#else
#define MG_HOOK(name) SEC("cgroup/" #name "6")
#endif

static __always_inline void peer_of(const struct bpf_sock_addr *ctx, struct mg_addr *addr)
{
#if MARGAY_FAMILY == 4
	addr->w[0] = ctx->user_ip4;
#else
	addr->w[0] = ctx->user_ip6[0];
	addr->w[1] = ctx->user_ip6[1];
	addr->w[2] = ctx->user_ip6[2];
	addr->w[3] = ctx->user_ip6[3];
#endif
}

static __always_inline void set_peer(struct bpf_sock_addr *ctx, const struct mg_addr *addr,
				     __be16 port)
{
#if MARGAY_FAMILY == 4
	ctx->user_ip4 = addr->w[0];
#else
	ctx->user_ip6[0] = addr->w[0];
	ctx->user_ip6[1] = addr->w[1];
	ctx->user_ip6[2] = addr->w[2];
	ctx->user_ip6[3] = addr->w[3];
#endif
	ctx->user_port = port;
}

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

/* hash: what keeps a caller with one backend. */
static __noinline int to_backend(struct bpf_sock_addr *ctx, __u32 hash, enum mg_reason reason)
{
	struct mg_affinity_key who = { .netns = bpf_get_netns_cookie(ctx) };
	const struct mg_frontend *frontend;
	const struct mg_backend *backend;
	__be16 port = ctx->user_port;
	__u8 proto = ctx->protocol;
	struct mg_range range;
	struct mg_addr addr;

	peer_of(ctx, &addr);
	frontend = frontend_exact(&addr, port, proto);
	if (!frontend)
		frontend = frontend_nodeport(&addr, port, proto);
	if (!frontend || !frontend->count || frontend->flags & MG_FE_TO_STACK)
		return MG_PROCEED;
	if (!may_use(ctx, frontend))
		return MG_PROCEED;
	range = range_for(frontend, false);
	backend = backend_for(frontend, &range, &who, hash);
	if (!backend)
		return MG_PROCEED;
	remember(ctx, &addr, backend);
	set_peer(ctx, &backend->addr, backend->port);
	count(reason, 0);
	return MG_PROCEED;
}

/* The peer that the application named, in place of the backend that the kernel knows. */
static __always_inline int to_service(struct bpf_sock_addr *ctx, enum mg_reason reason)
{
	struct mg_sock_key key = { .port = ctx->user_port, .proto = ctx->protocol };
	const struct mg_sock_value *value;

	if (!in_mode(MG_MODE_ACTIVE, MG_MODE_DRAINING))
		return MG_PROCEED;
	key.cookie = bpf_get_socket_cookie(ctx);
	peer_of(ctx, &key.addr);
	value = bpf_map_lookup_elem(&MG_MAP(sock), &key);
	if (value) {
		set_peer(ctx, &value->addr, value->port);
		count(reason, 0);
	}
	return MG_PROCEED;
}

MG_HOOK(connect)
int connect(struct bpf_sock_addr *ctx)
{
	if (!is_ours(ctx) || !in_mode(MG_MODE_ACTIVE, MG_MODE_ACTIVE))
		return MG_PROCEED;
	return to_backend(ctx, bpf_get_prandom_u32(), MG_SOCK_CONNECT);
}

MG_HOOK(sendmsg)
int sendmsg(struct bpf_sock_addr *ctx)
{
	__u64 cookie;

	if (!is_ours(ctx) || !in_mode(MG_MODE_ACTIVE, MG_MODE_ACTIVE))
		return MG_PROCEED;
	/* One socket keeps to one backend for as long as the list stays, as a flow would. */
	cookie = bpf_get_socket_cookie(ctx);
	return to_backend(ctx, mix(mix(cookie) ^ (cookie >> 32) ^ mg_config.hash_seed),
			  MG_SOCK_SENDMSG);
}

MG_HOOK(recvmsg)
int recvmsg(struct bpf_sock_addr *ctx)
{
	if (!is_host(ctx)) /* nobody else's datagrams were rewritten */
		return MG_PROCEED;
	return to_service(ctx, MG_SOCK_RECVMSG);
}

MG_HOOK(getpeername)
int getpeername(struct bpf_sock_addr *ctx)
{
	return to_service(ctx, MG_SOCK_GETPEERNAME);
}
