/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Client and server of the benchmark; TCP is with cubic and without Nagle. Everything is done in one
 * thread, so that one CPU does all of the work.
 *
 *   flow server <port>                      also sinks streams on the next port
 *   flow rr <ms> <address:port>             round trips on one connection
 *   flow crr <ms> <address:port>...         connect, one round trip, close; targets in turn
 *   flow bursts <ms> <address:port>         small datagrams, each burst counted by the server
 *   flow stream <ms> <address:port>         bytes of one stream, until the sink has read them all
 *   flow first <ms> <address:port>          when the first connection succeeded, nanoseconds since boot
 *   flow connect <n> <k> <address:port>...  how long connect() takes: the first k targets are one series
 *                                           and take turns in it, each other one is a series of its own
 *
 * A client prints one line of JSON and exits 0; it exits 1 when anything failed: nothing is tried again.
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "flow.h"

enum { MAX_TARGETS = 64 };

uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void set_option(int fd, int level, int name, int value)
{
	if (setsockopt(fd, level, name, &value, sizeof(value)) < 0)
		err(1, "setsockopt %d", name);
}

int new_socket(void)
{
	static const char cubic[] = "cubic";
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		err(1, "socket");
	if (setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, cubic, sizeof(cubic) - 1) < 0)
		err(1, "cubic");
	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	return fd;
}

static struct sockaddr_in parse(const char *text)
{
	struct sockaddr_in target = {.sin_family = AF_INET};
	char address[64];
	const char *colon = strchr(text, ':');

	if (!colon || (size_t)(colon - text) >= sizeof(address))
		errx(2, "%s: write address:port", text);
	memcpy(address, text, (size_t)(colon - text));
	address[colon - text] = 0;
	target.sin_port = htons((uint16_t)atoi(colon + 1));
	if (inet_pton(AF_INET, address, &target.sin_addr) != 1)
		errx(2, "%s: not an IPv4 address", text);
	return target;
}

int connect_to(const struct sockaddr_in *target)
{
	int fd = new_socket();

	if (connect(fd, (const struct sockaddr *)target, sizeof(*target)) < 0)
		err(1, "connect to %s", inet_ntoa(target->sin_addr));
	return fd;
}

int print_count(uint64_t count, uint64_t ns)
{
	printf("{\"count\":%llu,\"ns\":%llu}\n", (unsigned long long)count, (unsigned long long)ns);
	return 0;
}

static void round_trip(int fd)
{
	char byte = 'x';

	if (write(fd, &byte, 1) != 1 || read(fd, &byte, 1) != 1)
		err(1, "round trip");
}

static int rr(uint64_t ms, const struct sockaddr_in *target)
{
	int fd = connect_to(target);
	uint64_t count = 0, start, now;

	for (int i = 0; i < 200; i++)
		round_trip(fd);
	start = now = now_ns();
	while (now < start + ms * 1000000u) {
		for (int i = 0; i < 16; i++)
			round_trip(fd);
		count += 16;
		now = now_ns();
	}
	return print_count(count, now - start);
}

static int crr(uint64_t ms, const struct sockaddr_in *targets, int targets_len)
{
	uint64_t count = 0, start = now_ns(), now = start;

	while (now < start + ms * 1000000u) {
		int fd = connect_to(&targets[count++ % (unsigned int)targets_len]);

		round_trip(fd);
		close(fd);
		now = now_ns();
	}
	return print_count(count, now - start);
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t timed_connect(const struct sockaddr_in *target)
{
	struct linger reset = {.l_onoff = 1};
	uint64_t start, took;
	int fd = new_socket();

	/* Closed by a reset: no port waits for its second use, so that every connect() finds the same. */
	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)) < 0)
		err(1, "linger");
	start = now_ns();
	if (connect(fd, (const struct sockaddr *)target, sizeof(*target)) < 0)
		err(1, "connect to %s", inet_ntoa(target->sin_addr));
	took = now_ns() - start;
	close(fd);
	return took;
}

static int connects(unsigned int n, unsigned int k, const struct sockaddr_in *targets, unsigned int len)
{
	unsigned int series = 1 + len - k;
	uint64_t *took = calloc((size_t)n * series, sizeof(*took));

	if (!took || n == 0)
		errx(1, "how many?");
	for (unsigned int i = 0; i < n; i++) {
		for (unsigned int s = 0; s < series; s++) {
			/* Each series follows each other one equally often. */
			unsigned int at = i % 2 ? series - 1 - s : s;

			took[at * n + i] = timed_connect(at ? &targets[k + at - 1] : &targets[i % k]);
		}
	}
	printf("{\"p50\":[");
	for (unsigned int s = 0; s < series; s++) {
		qsort(took + s * n, n, sizeof(*took), compare);
		printf("%s%llu", s ? "," : "", (unsigned long long)took[s * n + n / 2]);
	}
	printf("]}\n");
	free(took);
	return 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_in targets[MAX_TARGETS];
	int skip = argc > 1 && strcmp(argv[1], "connect") == 0 ? 4 : 3;
	int len = argc - skip;

	if (argc == 3 && strcmp(argv[1], "server") == 0)
		return serve(atoi(argv[2]));
	if (len < 1 || len > MAX_TARGETS)
		errx(2, "usage: flow server <port> | rr|crr|bursts|stream|first <ms> <address:port>... | connect <n> <k> <address:port>...");
	for (int i = 0; i < len; i++)
		targets[i] = parse(argv[skip + i]);
	if (strcmp(argv[1], "rr") == 0)
		return rr(strtoull(argv[2], NULL, 10), &targets[0]);
	if (strcmp(argv[1], "bursts") == 0)
		return bursts(strtoull(argv[2], NULL, 10), &targets[0]);
	if (strcmp(argv[1], "first") == 0)
		return first(strtoull(argv[2], NULL, 10), &targets[0]);
	if (strcmp(argv[1], "stream") == 0)
		return stream(strtoull(argv[2], NULL, 10), &targets[0]);
	if (strcmp(argv[1], "crr") == 0)
		return crr(strtoull(argv[2], NULL, 10), targets, len);
	if (skip == 4 && atoi(argv[3]) > 0 && atoi(argv[3]) <= len)
		return connects((unsigned int)atoi(argv[2]), (unsigned int)atoi(argv[3]), targets, (unsigned int)len);
	errx(2, "%s: what is that?", argv[1]);
}
