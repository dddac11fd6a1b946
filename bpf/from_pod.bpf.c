/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* TC ingress of a pod's host-side veth: what a pod sends. */
#include "lib/forward.h"

SEC("tc")
int from_pod(struct __sk_buff *skb)
{
	return handle(skb, MG_FROM_POD);
}
