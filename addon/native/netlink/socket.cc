#include "netlink/socket.h"

#include <cerrno>
#include <cstring>

namespace margay {
namespace {

constexpr size_t kReceiveBytes = 64 * 1024;
constexpr int kSocketBuffer = 4 * 1024 * 1024;

/** What an NLMSG_ERROR says: 0 is an acknowledgement. */
int ErrorOf(const nlmsghdr* message) {
  return -static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(message))->error;
}

int Forward(const nlmsghdr* message, void* context) {
  (*static_cast<const OnMessage*>(context))(message);
  return MNL_CB_OK;
}

}  // namespace

NetlinkSocket::NetlinkSocket(int protocol, unsigned groups) : buffer_(kReceiveBytes) {
  socket_.reset(mnl_socket_open2(protocol, SOCK_CLOEXEC));
  if (!socket_) throw KernelError(errno, "socket", "netlink");
  Check(mnl_socket_bind(socket_.get(), groups, MNL_SOCKET_AUTOPID), "bind", "netlink");
  // Best effort: without the privilege the system's limit holds, and ENOBUFS is handled.
  int size = kSocketBuffer;
  if (::setsockopt(fd(), SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0) {
    ::setsockopt(fd(), SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
  }
}

ssize_t NetlinkSocket::Receive() {
  ssize_t got;
  do {
    got = mnl_socket_recvfrom(socket_.get(), buffer_.data(), buffer_.size());
  } while (got < 0 && errno == EINTR);
  if (got < 0) throw KernelError(errno, "recvmsg", "netlink");
  return got;
}

void NetlinkSocket::Dump(Message& request, const OnMessage& on_message) {
  nlmsghdr* header = request.header();
  header->nlmsg_seq = ++sequence_;
  Check(static_cast<int>(mnl_socket_sendto(socket_.get(), header, header->nlmsg_len)), "sendmsg", "netlink");
  const unsigned port = mnl_socket_get_portid(socket_.get());
  for (int more = MNL_CB_OK; more > MNL_CB_STOP;) {
    const ssize_t got = Receive();
    more = mnl_cb_run(buffer_.data(), static_cast<size_t>(got), sequence_, port, Forward,
                      const_cast<OnMessage*>(&on_message));
    Check(more, "netlink dump");
  }
}

std::vector<int> NetlinkSocket::Acknowledge(const char* messages, size_t bytes, uint32_t first,
                                            size_t count) {
  Check(static_cast<int>(mnl_socket_sendto(socket_.get(), messages, bytes)), "sendmsg", "netlink");
  std::vector<int> errors(count, -1);
  for (size_t answered = 0; answered < count;) {
    int left = static_cast<int>(Receive());
    for (auto* message = reinterpret_cast<const nlmsghdr*>(buffer_.data()); mnl_nlmsg_ok(message, left);
         message = mnl_nlmsg_next(message, &left)) {
      const size_t index = message->nlmsg_seq - first;
      if (message->nlmsg_type != NLMSG_ERROR || index >= count || errors[index] >= 0) continue;
      errors[index] = ErrorOf(message);
      answered++;
    }
  }
  return errors;
}

int NetlinkSocket::Request(Message& request) {
  nlmsghdr* header = request.header();
  header->nlmsg_flags |= NLM_F_ACK;
  header->nlmsg_seq = ++sequence_;
  return Acknowledge(reinterpret_cast<const char*>(header), header->nlmsg_len, sequence_, 1).front();
}

}  // namespace margay
