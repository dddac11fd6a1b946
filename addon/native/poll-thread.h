// A thread that waits for one descriptor.
#pragma once

#include <functional>
#include <thread>

#include "fd.h"

namespace margay {

/** Calls `readable` on a thread of its own whenever the descriptor is; the destructor waits for its end. */
class PollThread {
 public:
  /** The descriptor must outlive this. */
  PollThread(int fd, std::function<void()> readable);
  ~PollThread();
  PollThread(const PollThread&) = delete;
  PollThread& operator=(const PollThread&) = delete;

 private:
  void Loop(int fd, const std::function<void()>& readable) const;

  Fd stop_;
  std::thread thread_;
};

}  // namespace margay
