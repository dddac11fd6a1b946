// The kernel's connection tracking, by ctnetlink.
#include <arpa/inet.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <netinet/in.h>

#include <algorithm>
#include <cerrno>

#include "netlink/records.h"
#include "netlink/socket.h"

namespace margay {
namespace {

constexpr uint32_t kNat = IPS_SRC_NAT | IPS_DST_NAT;
/** Deletes a system call; their acknowledgements must fit into the socket's buffer together. */
constexpr size_t kDeletes = 64;
/** Sequence number of a batch's first message; every answer is awaited before the next batch. */
constexpr uint32_t kFirst = 1;

uint16_t MessageType(int operation) {
  return static_cast<uint16_t>((NFNL_SUBSYS_CTNETLINK << 8) | operation);
}

uint32_t Port(const nlattr* attribute) { return ntohs(mnl_attr_get_u16(attribute)); }

void ReadProtocol(const nlattr* nest, TupleRecord& tuple) {
  EachNested(nest, [&](const nlattr* attribute) {
    switch (mnl_attr_get_type(attribute)) {
      case CTA_PROTO_NUM:
        tuple.protocol = mnl_attr_get_u8(attribute);
        break;
      case CTA_PROTO_SRC_PORT:
      case CTA_PROTO_ICMP_ID:
      case CTA_PROTO_ICMPV6_ID:
        tuple.source_port = Port(attribute);
        break;
      case CTA_PROTO_DST_PORT:
        tuple.destination_port = Port(attribute);
        break;
      case CTA_PROTO_ICMP_TYPE:
      case CTA_PROTO_ICMPV6_TYPE:
        tuple.destination_port |= uint32_t{mnl_attr_get_u8(attribute)} << 8;
        break;
      case CTA_PROTO_ICMP_CODE:
      case CTA_PROTO_ICMPV6_CODE:
        tuple.destination_port |= mnl_attr_get_u8(attribute);
        break;
      default:
        break;
    }
  });
}

void ReadAddresses(const nlattr* nest, TupleRecord& tuple) {
  EachNested(nest, [&](const nlattr* attribute) {
    const auto type = mnl_attr_get_type(attribute);
    if (type == CTA_IP_V4_SRC || type == CTA_IP_V6_SRC) tuple.source = AddressText(attribute);
    if (type == CTA_IP_V4_DST || type == CTA_IP_V6_DST) tuple.destination = AddressText(attribute);
  });
}

TupleRecord ReadTuple(const nlattr* nest, int family) {
  TupleRecord tuple;
  tuple.family = family;
  EachNested(nest, [&](const nlattr* attribute) {
    if (mnl_attr_get_type(attribute) == CTA_TUPLE_IP) ReadAddresses(attribute, tuple);
    if (mnl_attr_get_type(attribute) == CTA_TUPLE_PROTO) ReadProtocol(attribute, tuple);
  });
  return tuple;
}

/** Nothing for entries of other zones: they belong to someone who numbers them. */
std::optional<ConntrackRecord> ReadEntry(const nlmsghdr* message) {
  const auto* info = static_cast<const nfgenmsg*>(mnl_nlmsg_get_payload(message));
  const int family = FamilyNumber(info->nfgen_family);
  ConntrackRecord entry;
  bool zoned = false;
  EachAttribute(message, sizeof(*info), [&](const nlattr* attribute) {
    switch (mnl_attr_get_type(attribute)) {
      case CTA_TUPLE_ORIG:
        entry.original = ReadTuple(attribute, family);
        break;
      case CTA_TUPLE_REPLY:
        entry.reply = ReadTuple(attribute, family);
        break;
      case CTA_STATUS:
        entry.status = ntohl(mnl_attr_get_u32(attribute));
        break;
      case CTA_TIMEOUT:
        entry.timeout = ntohl(mnl_attr_get_u32(attribute));
        break;
      case CTA_ZONE:
        zoned = mnl_attr_get_u16(attribute) != 0;
        break;
      default:
        break;
    }
  });
  if (zoned) return std::nullopt;
  return entry;
}

void PutPort(nlmsghdr* header, uint16_t type, uint32_t port) {
  mnl_attr_put_u16(header, type, htons(static_cast<uint16_t>(port)));
}

void PutProtocol(nlmsghdr* header, const TupleRecord& tuple) {
  const bool icmp6 = tuple.protocol == IPPROTO_ICMPV6;
  nlattr* nest = mnl_attr_nest_start(header, CTA_TUPLE_PROTO);
  mnl_attr_put_u8(header, CTA_PROTO_NUM, static_cast<uint8_t>(tuple.protocol));
  if (icmp6 || tuple.protocol == IPPROTO_ICMP) {
    PutPort(header, icmp6 ? CTA_PROTO_ICMPV6_ID : CTA_PROTO_ICMP_ID, tuple.source_port);
    mnl_attr_put_u8(header, icmp6 ? CTA_PROTO_ICMPV6_TYPE : CTA_PROTO_ICMP_TYPE,
                    static_cast<uint8_t>(tuple.destination_port >> 8));
    mnl_attr_put_u8(header, icmp6 ? CTA_PROTO_ICMPV6_CODE : CTA_PROTO_ICMP_CODE,
                    static_cast<uint8_t>(tuple.destination_port));
  } else {
    PutPort(header, CTA_PROTO_SRC_PORT, tuple.source_port);
    PutPort(header, CTA_PROTO_DST_PORT, tuple.destination_port);
  }
  mnl_attr_nest_end(header, nest);
}

void PutTuple(nlmsghdr* header, const TupleRecord& tuple) {
  const bool v6 = tuple.family == 6;
  const auto source = AddressBytes(tuple.source, tuple.family);
  const auto destination = AddressBytes(tuple.destination, tuple.family);
  nlattr* nest = mnl_attr_nest_start(header, CTA_TUPLE_ORIG);
  nlattr* ip = mnl_attr_nest_start(header, CTA_TUPLE_IP);
  mnl_attr_put(header, v6 ? CTA_IP_V6_SRC : CTA_IP_V4_SRC, source.size(), source.data());
  mnl_attr_put(header, v6 ? CTA_IP_V6_DST : CTA_IP_V4_DST, destination.size(), destination.data());
  mnl_attr_nest_end(header, ip);
  PutProtocol(header, tuple);
  mnl_attr_nest_end(header, nest);
}

nfgenmsg* PutHeader(Message& request, int address_family) {
  auto* info = request.PutExtra<nfgenmsg>();
  info->nfgen_family = static_cast<uint8_t>(address_family);
  info->version = NFNETLINK_V0;
  return info;
}

}  // namespace

std::vector<ConntrackRecord> ListConntrack(bool nat_only) {
  return Consistent([&] {
    NetlinkSocket socket(NETLINK_NETFILTER);
    std::vector<ConntrackRecord> entries;
    Message request(MessageType(IPCTNL_MSG_CT_GET), NLM_F_DUMP);
    PutHeader(request, AF_UNSPEC);
    socket.Dump(request, [&](const nlmsghdr* message) {
      auto entry = ReadEntry(message);
      if (entry && (!nat_only || (entry->status & kNat) != 0)) entries.push_back(std::move(*entry));
    });
    return entries;
  });
}

uint32_t DeleteConntrack(const std::vector<TupleRecord>& tuples) {
  NetlinkSocket socket(NETLINK_NETFILTER);
  uint32_t deleted = 0;
  for (size_t from = 0; from < tuples.size(); from += kDeletes) {
    const size_t count = std::min(kDeletes, tuples.size() - from);
    std::vector<char> batch;
    for (size_t i = 0; i < count; i++) {
      Message request(MessageType(IPCTNL_MSG_CT_DELETE), NLM_F_ACK);
      PutHeader(request, AddressFamily(tuples[from + i].family));
      PutTuple(request.header(), tuples[from + i]);
      request.header()->nlmsg_seq = kFirst + static_cast<uint32_t>(i);
      const auto* bytes = reinterpret_cast<const char*>(request.header());
      batch.insert(batch.end(), bytes, bytes + MNL_ALIGN(request.header()->nlmsg_len));
    }
    for (const int error : socket.Acknowledge(batch.data(), batch.size(), kFirst, count)) {
      if (error == 0) deleted++;
      if (error != 0 && error != ENOENT) throw KernelError(error, "IPCTNL_MSG_CT_DELETE");
    }
  }
  return deleted;
}

}  // namespace margay
