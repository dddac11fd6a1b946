/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One object a family holds every program: the hooks share maps and configuration. */
#include "from_pod.bpf.c"
#include "to_pod.bpf.c"
#include "from_net.bpf.c"
#include "to_net.bpf.c"
#include "sock.bpf.c"
#include "clock.bpf.c"

/*
 * Enums that are constants only would not reach BTF, and so not the generated codecs. The loader
 * skips this section.
 */
struct mg_abi {
	enum mg_frontend_flags frontend_flags;
	enum mg_backend_flags backend_flags;
	enum mg_endpoint_flags endpoint_flags;
	enum mg_route_kind route_kind;
	enum mg_ct_action ct_action;
	enum mg_ct_flags ct_flags;
	enum mg_mode mode;
	enum mg_reason reason;
};

const struct mg_abi mg_abi SEC("abi") = {};

char _license[] SEC("license") = "Dual BSD/GPL";
