/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef MARGAY_CONFIG_H
#define MARGAY_CONFIG_H

#include "types.h"

/* Written by the loader before the verifier sees it, so that what is off costs nothing. */
const volatile struct mg_config mg_config;

static __always_inline struct mg_addr node_addr(void)
{
	struct mg_addr addr;

#pragma unroll
	for (int i = 0; i < MG_ADDR_WORDS; i++)
		addr.w[i] = mg_config.node_addr.w[i];
	return addr;
}

#endif
