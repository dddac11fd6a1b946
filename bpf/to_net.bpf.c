/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* TC egress of a node's NIC: what the host's stack sends out. */
#include "lib/forward.h"

SEC("tc")
int to_net(struct __sk_buff *skb)
{
	return handle(skb, MG_TO_NET);
}
