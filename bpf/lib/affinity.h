/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* ClientIP affinity: a client keeps the backend of a Service port that it was given. */
#ifndef MARGAY_AFFINITY_H
#define MARGAY_AFFINITY_H

#include "services.h"

/* Enough for a range of a million. */
#define MG_BISECT_STEPS 20

/* In the order of a range: negative when a comes first. */
static __always_inline int compare_backends(const struct mg_backend *a,
					    const struct mg_affinity_value *b)
{
#pragma unroll
	for (int i = 0; i < MG_ADDR_WORDS; i++) {
		if (a->addr.w[i] != b->addr.w[i])
			return bpf_ntohl(a->addr.w[i]) < bpf_ntohl(b->addr.w[i]) ? -1 : 1;
	}
	return (int)bpf_ntohs(a->port) - (int)bpf_ntohs(b->port);
}

/* NULL when the range has no such backend (any more). */
static __noinline const struct mg_backend *find_backend(const struct mg_range *range,
							const struct mg_affinity_value *wanted)
{
	__u32 low = range->first, high = range->first + range->count;

	for (int i = 0; i < MG_BISECT_STEPS && low < high; i++) {
		__u32 middle = low + (high - low) / 2;
		const struct mg_backend *backend = bpf_map_lookup_elem(&MG_MAP(backends), &middle);
		int order;

		if (!backend)
			return NULL;
		order = compare_backends(backend, wanted);
		if (!order)
			return backend;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Two first flows of a client may meet: both get the same backend, for its port does not count. */
static __always_inline __u32 hash_of_client(const struct mg_affinity_key *who)
{
	__u32 hash = mix(mg_config.hash_seed ^ who->service_id ^ (__u32)who->netns);

	hash = mix(hash ^ (__u32)(who->netns >> 32));
#pragma unroll
	for (int i = 0; i < MG_ADDR_WORDS; i++)
		hash = mix(hash ^ who->addr.w[i]);
	return hash;
}

/* The client's backend while it has been away for no longer than `seconds`, else one by its hash. */
static __noinline const struct mg_backend *
sticky_backend(const struct mg_range *range, const struct mg_affinity_key *who, __u32 seconds)
{
	__u32 now = bpf_ktime_get_ns() / 1000000000;
	struct mg_affinity_value kept = { .last_used = now };
	const struct mg_backend *backend;
	struct mg_affinity_value *known;

	known = bpf_map_lookup_elem(&MG_MAP(affinity), who);
	if (known && now - known->last_used <= seconds) {
		kept = *known;
		backend = find_backend(range, &kept);
		if (backend) {
			known->last_used = now;
			return backend;
		}
	}
	backend = pick_backend(range, hash_of_client(who));
	if (!backend)
		return NULL;
	kept.addr = backend->addr;
	kept.port = backend->port;
	kept.last_used = now;
	bpf_map_update_elem(&MG_MAP(affinity), who, &kept, BPF_ANY);
	return backend;
}

/* who->service_id is filled in here. hash: for a Service without affinity. */
static __always_inline const struct mg_backend *backend_for(const struct mg_frontend *frontend,
							    const struct mg_range *range,
							    struct mg_affinity_key *who, __u32 hash)
{
	if (!frontend->affinity)
		return pick_backend(range, hash);
	who->service_id = frontend->service_id;
	return sticky_backend(range, who, frontend->affinity);
}

#endif
