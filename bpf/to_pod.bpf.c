/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* TC egress of a pod's host-side veth: what the host's stack sends to a pod. */
#include "lib/forward.h"

SEC("tc")
int to_pod(struct __sk_buff *skb)
{
	return handle(skb, MG_TO_POD);
}
