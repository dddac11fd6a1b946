/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * IPv6 sockets that speak IPv4 (::ffff:10.96.0.1, RFC 4291 2.5.5.2): they come by the hooks of IPv6
 * and mean Services of IPv4. Part of the IPv4 object, so that a node without IPv6 Services has them,
 * too. sendmsg() is not among them: the kernel has turned the address by the time of its hook.
 */
#include "lib/socket.h"

#if MARGAY_FAMILY == 4

static __always_inline bool is_mapped(const struct bpf_sock_addr *ctx)
{
	return !ctx->user_ip6[0] && !ctx->user_ip6[1] && ctx->user_ip6[2] == bpf_htonl(0xffff);
}

SEC("cgroup/connect6")
int connect_mapped(struct bpf_sock_addr *ctx)
{
	struct mg_addr addr = { .w = { ctx->user_ip6[3] } };
	const struct mg_backend *backend;

	if (!is_mapped(ctx) || !is_ours(ctx) || !in_mode(MG_MODE_ACTIVE, MG_MODE_ACTIVE))
		return MG_PROCEED;
	backend = socket_backend(ctx, &addr, bpf_get_prandom_u32());
	if (backend) {
		ctx->user_ip6[3] = backend->addr.w[0];
		ctx->user_port = backend->port;
		count(MG_SOCK_CONNECT, 0);
	}
	return MG_PROCEED;
}

static __always_inline int to_mapped_service(struct bpf_sock_addr *ctx, enum mg_reason reason)
{
	struct mg_addr addr = { .w = { ctx->user_ip6[3] } };
	const struct mg_sock_value *service;

	if (!is_mapped(ctx))
		return MG_PROCEED;
	service = named_service(ctx, &addr);
	if (service) {
		ctx->user_ip6[3] = service->addr.w[0];
		ctx->user_port = service->port;
		count(reason, 0);
	}
	return MG_PROCEED;
}

SEC("cgroup/recvmsg6")
int recvmsg_mapped(struct bpf_sock_addr *ctx)
{
	if (!is_host(ctx)) /* nobody else's datagrams were rewritten */
		return MG_PROCEED;
	return to_mapped_service(ctx, MG_SOCK_RECVMSG);
}

SEC("cgroup/getpeername6")
int getpeer_mapped(struct bpf_sock_addr *ctx)
{
	return to_mapped_service(ctx, MG_SOCK_GETPEERNAME);
}

#endif
