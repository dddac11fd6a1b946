/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One object a family holds every program: the hooks share maps and configuration. */
#include "from_pod.bpf.c"
#include "to_pod.bpf.c"
#include "from_net.bpf.c"
#include "to_net.bpf.c"
#include "sock.bpf.c"
#include "sock-mapped.bpf.c"
#include "clock.bpf.c"

char _license[] SEC("license") = "Dual BSD/GPL";
