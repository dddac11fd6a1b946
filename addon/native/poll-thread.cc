#include "poll-thread.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>

#include <cerrno>

namespace margay {

PollThread::PollThread(int fd, std::function<void()> readable)
    : stop_(Check(::eventfd(0, EFD_CLOEXEC), "eventfd")) {
  // Signals are the main thread's.
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this, fd, readable = std::move(readable)] { Loop(fd, readable); });
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

PollThread::~PollThread() {
  ::eventfd_write(stop_.get(), 1);
  thread_.join();
}

void PollThread::Loop(int fd, const std::function<void()>& readable) const {
  pollfd waited[2] = {{stop_.get(), POLLIN, 0}, {fd, POLLIN, 0}};
  for (;;) {
    if (::poll(waited, 2, -1) < 0 && errno != EINTR) return;
    if (waited[0].revents != 0) return;
    if (waited[1].revents != 0) readable();
    waited[0].revents = waited[1].revents = 0;
  }
}

}  // namespace margay
