// Owned file descriptors.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <memory>
#include <utility>

#include "errors.h"

namespace margay {

/** A file descriptor that closes itself. */
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }

  int get() const { return fd_; }

 private:
  int fd_ = -1;
};

/**
 * Handles hold their descriptor this way, and so does every worker that uses it: close() drops the
 * handle's share at once, the number stays taken until the last worker is done.
 */
using SharedFd = std::shared_ptr<const Fd>;

/** A close-on-exec copy of a descriptor that something else owns. */
inline SharedFd DupFd(int fd) {
  return std::make_shared<const Fd>(Check(::fcntl(fd, F_DUPFD_CLOEXEC, 3), "fcntl"));
}

}  // namespace margay
