/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the benchmark's client and server share; see flow.c. */
#ifndef FLOW_H
#define FLOW_H

#include <netinet/in.h>
#include <stdint.h>

enum {
	BURST = 64,     /* datagrams sent in one go */
	DATAGRAM = 18,  /* bytes of payload: 60 on the wire, the least that Ethernet has */
	BULK = 1 << 16, /* bytes a write of a stream */
};

/* CLOCK_MONOTONIC, nanoseconds. */
uint64_t now_ns(void);

void set_option(int fd, int level, int name, int value);

/* A TCP socket with cubic and without Nagle. */
int new_socket(void);

/* Connected, or the process ends. */
int connect_to(const struct sockaddr_in *target);

/* The one line of a client that counted things for a while. */
int print_count(uint64_t count, uint64_t ns);

/* Serves for ever: echoes of a byte on `port`, the sink of streams on the next one, bursts of datagrams. */
int serve(int port);

/* Datagrams in bursts; each burst must have arrived whole before the next one. */
int bursts(uint64_t ms, const struct sockaddr_in *target);

/* When the first connection to the target succeeded, CLOCK_BOOTTIME as /proc/<pid>/stat has it; gives up after `ms`. */
int first(uint64_t ms, const struct sockaddr_in *target);

/* One stream; the time ends when the other side has read its last byte. */
int stream(uint64_t ms, const struct sockaddr_in *target);

#endif
