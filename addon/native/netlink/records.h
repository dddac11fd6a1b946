// What netlink tells, free of JavaScript; the interfaces of netlink-api.ts as structs.
#pragma once

#include <libmnl/libmnl.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace margay {

struct LinkRecord {
  uint32_t index = 0;
  std::string name;
  std::string kind;
  uint32_t mtu = 0;
  std::string mac;
  bool up = false;
  uint32_t master = 0;
  uint32_t parent = 0;
  bool peer_elsewhere = false;
};

struct AddressRecord {
  uint32_t ifindex = 0;
  int family = 0;
  std::string address;
  uint32_t prefix = 0;
  uint32_t scope = 0;
};

struct RouteRecord {
  int family = 0;
  std::string destination;
  std::optional<std::string> gateway;
  uint32_t ifindex = 0;
  std::optional<std::string> source;
  uint32_t table = 0;
  uint32_t protocol = 0;
  uint32_t scope = 0;
  uint32_t metric = 0;
};

struct TupleRecord {
  int family = 0;
  uint32_t protocol = 0;
  std::string source;
  std::string destination;
  uint32_t source_port = 0;
  uint32_t destination_port = 0;
};

struct ConntrackRecord {
  TupleRecord original;
  TupleRecord reply;
  uint32_t status = 0;
  uint32_t timeout = 0;
};

struct SocketRecord {
  uint64_t cookie = 0;
  int family = 0;
  std::string address;
  uint32_t port = 0;
};

/** AF_INET for 4, AF_INET6 for 6, and back. */
int AddressFamily(int family);
int FamilyNumber(int address_family);

/** Calls f(attribute) for every whole attribute in these bytes. */
template <class F>
void EachAttributeIn(const void* bytes, size_t length, F f) {
  const auto* attribute = static_cast<const nlattr*>(bytes);
  int left = static_cast<int>(length);
  while (mnl_attr_ok(attribute, left)) {
    f(attribute);
    left -= static_cast<int>(MNL_ALIGN(attribute->nla_len));
    attribute = mnl_attr_next(attribute);
  }
}

/** The attributes behind a message's family header. */
template <class F>
void EachAttribute(const nlmsghdr* message, size_t header, F f) {
  const size_t skipped = MNL_ALIGN(header);
  const size_t length = mnl_nlmsg_get_payload_len(message);
  if (length > skipped)
    EachAttributeIn(static_cast<const char*>(mnl_nlmsg_get_payload(message)) + skipped, length - skipped, f);
}

template <class F>
void EachNested(const nlattr* nest, F f) {
  EachAttributeIn(mnl_attr_get_payload(nest), mnl_attr_get_payload_len(nest), f);
}

/** An address attribute as text. */
std::string AddressText(const nlattr* attribute);
/** An address as bytes; throws EINVAL for text that is none of that family. */
std::vector<uint8_t> AddressBytes(const std::string& text, int family);

std::vector<LinkRecord> ListLinks();
std::vector<AddressRecord> ListAddresses();
std::vector<RouteRecord> ListRoutes(int family);
void ReplaceRoute(const RouteRecord& route);
bool DeleteRoute(const RouteRecord& route);
std::vector<ConntrackRecord> ListConntrack(bool nat_only);
uint32_t DeleteConntrack(const std::vector<TupleRecord>& tuples);
uint32_t DestroyUdpSockets(const std::vector<SocketRecord>& sockets);

}  // namespace margay
