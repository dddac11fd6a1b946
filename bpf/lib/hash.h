/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef MARGAY_HASH_H
#define MARGAY_HASH_H

#include "types.h"

/* murmur3's finalizer: every bit of the input reaches every bit of the output. */
static __always_inline __u32 mix(__u32 hash)
{
	hash ^= hash >> 16;
	hash *= 0x85ebca6b;
	hash ^= hash >> 13;
	hash *= 0xc2b2ae35;
	return hash ^ (hash >> 16);
}

#endif
