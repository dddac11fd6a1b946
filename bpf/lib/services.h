/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Frontends and the choice of a backend, for packets and for sockets alike. */
#ifndef MARGAY_SERVICES_H
#define MARGAY_SERVICES_H

#include "config.h"
#include "hash.h"
#include "maps.h"
#include "path.h"

static __always_inline const struct mg_frontend *frontend_exact(const struct mg_addr *addr,
								__be16 port, __u8 proto)
{
	struct mg_frontend_key key = { .addr = *addr, .port = port, .proto = proto };

	return bpf_map_lookup_elem(&MG_MAP(services), &key);
}

/* What answers at every address of this node. */
static __always_inline const struct mg_frontend *frontend_anywhere(__be16 port, __u8 proto)
{
	struct mg_frontend_key key = { .port = port, .proto = proto };

	return bpf_map_lookup_elem(&MG_MAP(services), &key);
}

/* The routes are asked only where a NodePort has this number: most packets pay one hash miss. */
static __always_inline const struct mg_frontend *frontend_nodeport(const struct mg_addr *addr,
								   __be16 port, __u8 proto)
{
	const struct mg_frontend *frontend = frontend_anywhere(port, proto);

	return frontend && is_this_node(addr) ? frontend : NULL;
}

/* The same client port gets the same backend on every node that has the same list. */
static __always_inline __u32 client_hash(const struct mg_ct_key *key, __u32 service_id)
{
	__u32 hash = mg_config.hash_seed ^ service_id;

#pragma unroll
	for (int i = 0; i < MG_ADDR_WORDS; i++)
		hash = mix(hash ^ key->saddr.w[i]);
	return mix(hash ^ ((__u32)key->sport << 8 | key->proto));
}

/* What of `backends` a client may get. */
struct mg_range {
	__u32 first;
	__u32 count;
};

static __always_inline struct mg_range range_for(const struct mg_frontend *frontend, bool outside)
{
	struct mg_range range = {
		.first = outside ? frontend->outside_first : frontend->first,
		.count = outside ? frontend->outside_count : frontend->count,
	};

	return range;
}

/* The range is not empty. NULL only when user space has written nonsense. */
static __always_inline const struct mg_backend *pick_backend(const struct mg_range *range,
							     __u32 hash)
{
	__u32 index = range->first + (__u32)(((__u64)hash * range->count) >> 32);

	return bpf_map_lookup_elem(&MG_MAP(backends), &index);
}

static __always_inline bool source_allowed(const struct mg_frontend *frontend,
					   const struct mg_addr *client)
{
	struct mg_source_key key = {
		.prefixlen = 32 + MG_ADDR_BITS,
		.set = frontend->source_set,
		.addr = *client,
	};

	return !frontend->source_set || bpf_map_lookup_elem(&MG_MAP(source_ranges), &key);
}

#endif
