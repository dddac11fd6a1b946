// A netlink socket: requests, dumps, acknowledgements.
#pragma once

#include <libmnl/libmnl.h>

#include <array>
#include <functional>
#include <memory>
#include <string>

#include "errors.h"

namespace margay {

/** Room for one message of a request. */
inline constexpr size_t kMessageBytes = 1024;

/** A request under construction. */
class Message {
 public:
  Message(uint16_t type, uint16_t flags) : header_(mnl_nlmsg_put_header(buffer_.data())) {
    header_->nlmsg_type = type;
    header_->nlmsg_flags = static_cast<uint16_t>(NLM_F_REQUEST | flags);
  }
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;

  /** The family's own header behind netlink's. */
  template <class Extra>
  Extra* PutExtra() {
    return static_cast<Extra*>(mnl_nlmsg_put_extra_header(header_, sizeof(Extra)));
  }

  nlmsghdr* header() { return header_; }

 private:
  alignas(nlmsghdr) std::array<char, kMessageBytes> buffer_{};
  nlmsghdr* header_;
};

using OnMessage = std::function<void(const nlmsghdr*)>;

/** Blocking; for pool threads, one socket an operation. */
class NetlinkSocket {
 public:
  /** protocol: NETLINK_ROUTE or NETLINK_NETFILTER; groups: a mask of multicast groups. */
  explicit NetlinkSocket(int protocol, unsigned groups = 0);

  int fd() const { return mnl_socket_get_fd(socket_.get()); }

  /** Sends and hands every answer over, to the end. EINTR (the table changed meanwhile) is the caller's. */
  void Dump(Message& request, const OnMessage& on_message);

  /** Sends messages that lie one behind the other; returns the errno (0: done) of each, in order. */
  std::vector<int> Acknowledge(const char* messages, size_t bytes, uint32_t first, size_t count);

  /** Sends one request that asks for an acknowledgement; returns its errno, 0 when done. */
  int Request(Message& request);

 private:
  struct CloseSocket {
    void operator()(mnl_socket* socket) const { mnl_socket_close(socket); }
  };

  ssize_t Receive();

  std::unique_ptr<mnl_socket, CloseSocket> socket_;
  std::vector<char> buffer_;
  uint32_t sequence_ = 1;
};

/** Repeats a dump that the kernel calls inconsistent; `collect` starts afresh each time, with a new socket.
 */
template <class Collect>
auto Consistent(Collect collect) {
  constexpr int kTries = 8;
  for (int i = 1;; i++) {
    try {
      return collect();
    } catch (const KernelError& e) {
      if (e.error() != EINTR || i == kTries) throw;
    }
  }
}

}  // namespace margay
