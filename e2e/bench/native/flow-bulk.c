/* SPDX-License-Identifier: Apache-2.0 */
/* The client of many packets and of many bytes; see flow.c. */
#define _GNU_SOURCE
#include <err.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "flow.h"

static int connected_datagrams(const struct sockaddr_in *target)
{
	struct timeval second = {.tv_sec = 1};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)target, sizeof(*target)) < 0)
		err(1, "datagrams");
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second)) < 0)
		err(1, "timeout");
	return fd;
}

static void burst(int fd, struct mmsghdr *messages)
{
	uint32_t arrived = 0;

	if (sendmmsg(fd, messages, BURST, 0) != BURST)
		err(1, "sendmmsg");
	if (recv(fd, &arrived, sizeof(arrived), 0) != sizeof(arrived))
		err(1, "no answer to a burst");
	if (arrived != BURST)
		errx(1, "%u of %d datagrams arrived", arrived, BURST);
}

int bursts(uint64_t ms, const struct sockaddr_in *target)
{
	char plain[DATAGRAM] = {0}, last[DATAGRAM] = {1};
	struct iovec parts[2] = {{plain, DATAGRAM}, {last, DATAGRAM}};
	struct mmsghdr messages[BURST] = {0};
	int fd = connected_datagrams(target);
	uint64_t count = 0, start, now;

	for (int i = 0; i < BURST; i++)
		messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i == BURST - 1], .msg_iovlen = 1};
	for (int i = 0; i < 20; i++)
		burst(fd, messages);
	start = now = now_ns();
	while (now < start + ms * 1000000u) {
		burst(fd, messages);
		count += BURST;
		now = now_ns();
	}
	return print_count(count, now - start);
}

int stream(uint64_t ms, const struct sockaddr_in *target)
{
	static char bytes[BULK];
	int fd = connect_to(target);
	uint64_t count = 0, start = now_ns(), now = start;

	while (now < start + ms * 1000000u) {
		ssize_t n = write(fd, bytes, sizeof(bytes));

		if (n <= 0)
			err(1, "stream");
		count += (uint64_t)n;
		now = now_ns();
	}
	/* The sink closes when it has read everything. */
	if (shutdown(fd, SHUT_WR) < 0 || read(fd, bytes, 1) != 0)
		err(1, "end of the stream");
	return print_count(count, now_ns() - start);
}
