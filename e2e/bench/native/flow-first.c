/* SPDX-License-Identifier: Apache-2.0 */
/* The client that waits for a Service to be served; see flow.c. */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "flow.h"

enum { PATIENCE_MS = 20 };

/* One round trip, so that what answers is the server and not only a handshake. */
static bool served(const struct sockaddr_in *target)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct pollfd wanted = {.fd = fd, .events = POLLOUT};
	bool answered = false;
	char byte = 'x';

	if (fd < 0)
		err(1, "socket");
	if (connect(fd, (const struct sockaddr *)target, sizeof(*target)) == 0 || errno == EINPROGRESS) {
		poll(&wanted, 1, PATIENCE_MS);
		if (write(fd, &byte, 1) == 1) {
			wanted.events = POLLIN;
			poll(&wanted, 1, PATIENCE_MS);
			answered = read(fd, &byte, 1) == 1;
		}
	}
	close(fd);
	return answered;
}

int first(uint64_t ms, const struct sockaddr_in *target)
{
	const struct timespec pause = {.tv_nsec = 1000000};
	uint64_t end = now_ns() + ms * 1000000u;
	struct timespec at;

	while (!served(target)) {
		if (now_ns() > end)
			errx(1, "not served in %llu ms", (unsigned long long)ms);
		nanosleep(&pause, NULL);
	}
	clock_gettime(CLOCK_BOOTTIME, &at);
	printf("{\"at\":%llu}\n", (unsigned long long)at.tv_sec * 1000000000u + (unsigned long long)at.tv_nsec);
	return 0;
}
