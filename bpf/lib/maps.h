/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Every map. The loader may change max_entries; layouts are in abi.h. */
#ifndef MARGAY_MAPS_H
#define MARGAY_MAPS_H

#include "types.h"

#define MG_CAT2(name, family) name##family
#define MG_CAT(name, family) MG_CAT2(name, family)
/* Maps of one family carry its number: services4, services6. */
#define MG_MAP(name) MG_CAT(name, MARGAY_FAMILY)

/* address, port, protocol -> backends. Written by the agent. One a Service port and address. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct mg_frontend_key);
	__type(value, struct mg_frontend);
} MG_MAP(services) SEC(".maps");

/* index -> a backend. Written by the agent through its mapping. Room to move ranges: see abi.h. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 262144);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct mg_backend);
} MG_MAP(backends) SEC(".maps");

/* client and Service port -> the backend that it keeps. Written by the programs. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct mg_affinity_key);
	__type(value, struct mg_affinity_value);
} MG_MAP(affinity) SEC(".maps");

/* set and prefix -> clients that a load balancer lets in. Written by the agent. Equal sets are one. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 65536);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct mg_source_key);
	__type(value, struct mg_source_value);
} MG_MAP(source_ranges) SEC(".maps");

/* pod address of this node -> interface. Written by the agent. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct mg_addr);
	__type(value, struct mg_endpoint);
} MG_MAP(endpoints) SEC(".maps");

/* prefix -> what is there. Written by the agent; read when a flow is made. One a node and CIDR. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 16384);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct mg_lpm_key);
	__type(value, struct mg_route);
} MG_MAP(routes) SEC(".maps");

/*
 * tuple -> one direction of a flow. Written by the programs, collected by the agent. Two entries a
 * flow. Not LRU: a flood must not push out flows that live. Allocated as it fills.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 512000);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct mg_ct_key);
	__type(value, struct mg_ct_value);
} MG_MAP(ct) SEC(".maps");

/*
 * A ring a CPU of flows that are being opened, by the key of their first direction. Written by the
 * programs. Whoever comes when it is full takes the place of the oldest: see half-open.h.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct mg_ct_key);
} MG_MAP(half_open) SEC(".maps");

/* 0 -> the place in half_open that is next. Written by the programs. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} MG_MAP(half_next) SEC(".maps");

/* 0 -> how many source ports were looked at so far. Written by the programs, of all CPUs. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} MG_MAP(next_port) SEC(".maps");

/* socket and backend -> the Service's address that was named. Written, read by socket hooks. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct mg_sock_key);
	__type(value, struct mg_sock_value);
} MG_MAP(sock) SEC(".maps");

/*
 * datagram -> ports of its first fragment, for those that come after it. Written, read by the
 * programs. As many as are in flight at once; the oldest gives way.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct mg_frag_key);
	__type(value, struct mg_frag_value);
} MG_MAP(frags) SEC(".maps");

/* 0 -> mode and generations. Written by the agent through its mapping. Shared by both families. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct mg_state);
} state SEC(".maps");

/* enum mg_reason -> packets, bytes. Written by the programs. Shared by both families. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, MG_REASON_ROOM);
	__type(key, __u32);
	__type(value, struct mg_counter);
} counters SEC(".maps");

static __always_inline const struct mg_state *current_state(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&state, &zero);
}

static __always_inline struct mg_ct_value *ct_lookup(const struct mg_ct_key *key)
{
	return bpf_map_lookup_elem(&MG_MAP(ct), key);
}

static __always_inline const struct mg_endpoint *endpoint_lookup(const struct mg_addr *addr)
{
	return bpf_map_lookup_elem(&MG_MAP(endpoints), addr);
}

#endif
