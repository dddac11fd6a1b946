/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* TC ingress of a node's NIC: what arrives at the node. */
#include "lib/forward.h"

SEC("tc")
int from_net(struct __sk_buff *skb)
{
	return handle(skb, MG_FROM_NET);
}
