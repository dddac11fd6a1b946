/* SPDX-License-Identifier: Apache-2.0 */
/* The server's side of the benchmark; see flow.c. */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "flow.h"

enum { MAX_EVENTS = 256 };

/* What is known of a file descriptor, in its epoll data beside it. */
enum kind { LISTEN_ECHO, LISTEN_SINK, ECHO, SINK, DATAGRAMS };

static void watch(int poll, int fd, enum kind kind)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u64 = (uint64_t)kind << 32 | (uint32_t)fd};

	if (fd < 0 || epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event) < 0)
		err(1, "epoll_ctl");
}

static void bind_to(int fd, int port)
{
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};

	set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) < 0)
		err(1, "port %d", port);
}

static int listen_on(int port)
{
	int fd = new_socket();

	bind_to(fd, port);
	if (listen(fd, 4096) < 0)
		err(1, "port %d", port);
	return fd;
}

static int datagrams_on(int port)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	if (fd < 0)
		err(1, "socket");
	bind_to(fd, port);
	return fd;
}

static void echo(int fd)
{
	char byte;
	ssize_t n = read(fd, &byte, 1);

	if (n == 1)
		n = write(fd, &byte, 1);
	if (n != 1)
		close(fd);
}

static void sink(int fd)
{
	static char bytes[BULK];

	if (read(fd, bytes, sizeof(bytes)) <= 0)
		close(fd);
}

/* Counts datagrams; the last one of a burst (its first byte is 1) is answered with the count. */
static void count_datagrams(int fd)
{
	static char bytes[BURST][DATAGRAM];
	static uint32_t seen;
	struct sockaddr_in from[BURST];
	struct mmsghdr messages[BURST];
	struct iovec parts[BURST];
	int n;

	for (int i = 0; i < BURST; i++) {
		parts[i] = (struct iovec){.iov_base = bytes[i], .iov_len = DATAGRAM};
		messages[i].msg_hdr = (struct msghdr){
			.msg_iov = &parts[i],
			.msg_iovlen = 1,
			.msg_name = &from[i],
			.msg_namelen = sizeof(from[i]),
		};
	}
	n = recvmmsg(fd, messages, BURST, 0, NULL);
	if (n < 0 && errno != EAGAIN)
		err(1, "recvmmsg");
	for (int i = 0; i < n; i++) {
		seen++;
		if (bytes[i][0] != 1)
			continue;
		if (sendto(fd, &seen, sizeof(seen), 0, (struct sockaddr *)&from[i], sizeof(from[i])) < 0)
			err(1, "sendto");
		seen = 0;
	}
}

int serve(int port)
{
	struct epoll_event events[MAX_EVENTS];
	int poll = epoll_create1(0);

	watch(poll, listen_on(port), LISTEN_ECHO);
	watch(poll, listen_on(port + 1), LISTEN_SINK);
	watch(poll, datagrams_on(port), DATAGRAMS);
	for (;;) {
		int n = epoll_wait(poll, events, MAX_EVENTS, -1);

		for (int i = 0; i < n; i++) {
			int fd = (int)(uint32_t)events[i].data.u64;

			switch ((enum kind)(events[i].data.u64 >> 32)) {
			case LISTEN_ECHO:
				watch(poll, accept(fd, NULL, NULL), ECHO);
				break;
			case LISTEN_SINK:
				watch(poll, accept(fd, NULL, NULL), SINK);
				break;
			case ECHO:
				echo(fd);
				break;
			case SINK:
				sink(fd);
				break;
			case DATAGRAMS:
				count_datagrams(fd);
				break;
			}
		}
	}
}
