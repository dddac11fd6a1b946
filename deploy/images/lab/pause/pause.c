// SPDX-License-Identifier: Apache-2.0
// Holds a pod's namespaces: waits for a signal to end, and reaps what the pod leaves when it is pid 1.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void end(int signal)
{
	_exit(signal == SIGINT || signal == SIGTERM ? 0 : 1);
}

static void reap(int signal)
{
	(void)signal;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

int main(void)
{
	if (signal(SIGINT, end) == SIG_ERR || signal(SIGTERM, end) == SIG_ERR || signal(SIGCHLD, reap) == SIG_ERR)
		return 1;
	for (;;)
		pause();
}
