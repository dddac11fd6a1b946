/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sockets, at the node's cgroup root: TCP of pods and host, UDP of the host. The destination becomes
 * a backend's before there is a packet.
 */
#include "lib/socket.h"

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

static __always_inline int to_backend(struct bpf_sock_addr *ctx, __u32 hash, enum mg_reason reason)
{
	const struct mg_backend *backend;
	struct mg_addr addr;

	peer_of(ctx, &addr);
	backend = socket_backend(ctx, &addr, hash);
	if (backend) {
		set_peer(ctx, &backend->addr, backend->port);
		count(reason, 0);
	}
	return MG_PROCEED;
}

/* The peer that the application named, in place of the backend that the kernel knows. */
static __always_inline int to_service(struct bpf_sock_addr *ctx, enum mg_reason reason)
{
	const struct mg_sock_value *service;
	struct mg_addr addr;

	peer_of(ctx, &addr);
	service = named_service(ctx, &addr);
	if (service) {
		set_peer(ctx, &service->addr, service->port);
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
