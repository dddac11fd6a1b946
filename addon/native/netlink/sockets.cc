// Sockets of the host, by sock_diag(7): found by cookie and peer, and ended.
#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <set>
#include <tuple>

#include "netlink/records.h"
#include "netlink/socket.h"

namespace margay {
namespace {

/** A connected UDP socket is in the state that TCP calls so (linux/tcp_states.h). */
constexpr uint32_t kEstablished = 1;

/** An IPv6 address; IPv4's are mapped, for a socket of either family may speak it. */
using Address = std::array<uint8_t, sizeof(in6_addr)>;
/** Cookie, address, port. */
using Peer = std::tuple<uint64_t, Address, uint32_t>;

Address Mapped(const uint8_t* bytes, int family) {
  Address address{};
  if (family == 4) address[10] = address[11] = 0xff;
  std::copy_n(bytes, family == 4 ? 4 : 16, address.begin() + (family == 4 ? 12 : 0));
  return address;
}

Peer PeerOf(const inet_diag_msg& found) {
  const uint64_t high = found.id.idiag_cookie[1];
  return {high << 32 | found.id.idiag_cookie[0],
          Mapped(reinterpret_cast<const uint8_t*>(found.id.idiag_dst), FamilyNumber(found.idiag_family)),
          ntohs(found.id.idiag_dport)};
}

void PutRequest(Message& request, int address_family, const inet_diag_sockid* id) {
  auto* asked = request.PutExtra<inet_diag_req_v2>();
  asked->sdiag_family = static_cast<uint8_t>(address_family);
  asked->sdiag_protocol = IPPROTO_UDP;
  asked->idiag_states = 1U << kEstablished;
  if (id != nullptr) asked->id = *id;
}

std::vector<inet_diag_msg> Find(const std::set<Peer>& wanted, int address_family) {
  return Consistent([&] {
    NetlinkSocket socket(NETLINK_SOCK_DIAG);
    std::vector<inet_diag_msg> found;
    Message request(SOCK_DIAG_BY_FAMILY, NLM_F_DUMP);
    PutRequest(request, address_family, nullptr);
    socket.Dump(request, [&](const nlmsghdr* message) {
      const auto* one = static_cast<const inet_diag_msg*>(mnl_nlmsg_get_payload(message));
      if (wanted.contains(PeerOf(*one))) found.push_back(*one);
    });
    return found;
  });
}

/** False when it has gone by itself, or was connected to somebody else meanwhile. */
bool Destroy(const inet_diag_msg& found) {
  NetlinkSocket socket(NETLINK_SOCK_DIAG);
  Message request(SOCK_DESTROY, 0);
  PutRequest(request, found.idiag_family, &found.id);
  const int error = socket.Request(request);
  if (error != 0 && error != ENOENT) throw KernelError(error, "SOCK_DESTROY");
  return error == 0;
}

}  // namespace

uint32_t DestroyUdpSockets(const std::vector<SocketRecord>& sockets) {
  std::set<Peer> wanted;
  for (const auto& [cookie, family, address, port] : sockets)
    wanted.emplace(cookie, Mapped(AddressBytes(address, family).data(), family), port);
  uint32_t destroyed = 0;
  for (const int address_family : {AF_INET, AF_INET6}) {
    for (const auto& found : Find(wanted, address_family)) destroyed += Destroy(found) ? 1 : 0;
  }
  return destroyed;
}

}  // namespace margay
