// Links and addresses.
#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <cerrno>

#include "netlink/records.h"
#include "netlink/socket.h"

namespace margay {
namespace {

std::string MacText(const nlattr* attribute) {
  static constexpr char kDigits[] = "0123456789abcdef";
  const auto* bytes = static_cast<const uint8_t*>(mnl_attr_get_payload(attribute));
  std::string out;
  for (uint16_t i = 0; i < mnl_attr_get_payload_len(attribute); i++) {
    if (i > 0) out += ':';
    out += kDigits[bytes[i] >> 4];
    out += kDigits[bytes[i] & 15];
  }
  return out;
}

std::string KindOf(const nlattr* link_info) {
  std::string kind;
  EachNested(link_info, [&](const nlattr* attribute) {
    if (mnl_attr_get_type(attribute) == IFLA_INFO_KIND) kind = mnl_attr_get_str(attribute);
  });
  return kind;
}

LinkRecord ReadLink(const nlmsghdr* message) {
  const auto* info = static_cast<const ifinfomsg*>(mnl_nlmsg_get_payload(message));
  LinkRecord link;
  link.index = static_cast<uint32_t>(info->ifi_index);
  link.up = (info->ifi_flags & IFF_UP) != 0;
  EachAttribute(message, sizeof(*info), [&](const nlattr* attribute) {
    switch (mnl_attr_get_type(attribute)) {
      case IFLA_IFNAME:
        link.name = mnl_attr_get_str(attribute);
        break;
      case IFLA_MTU:
        link.mtu = mnl_attr_get_u32(attribute);
        break;
      case IFLA_ADDRESS:
        link.mac = MacText(attribute);
        break;
      case IFLA_MASTER:
        link.master = mnl_attr_get_u32(attribute);
        break;
      case IFLA_LINK:
        link.parent = mnl_attr_get_u32(attribute);
        break;
      case IFLA_LINK_NETNSID:
        link.peer_elsewhere = true;
        break;
      case IFLA_LINKINFO:
        link.kind = KindOf(attribute);
        break;
      default:
        break;
    }
  });
  return link;
}

AddressRecord ReadAddress(const nlmsghdr* message) {
  const auto* info = static_cast<const ifaddrmsg*>(mnl_nlmsg_get_payload(message));
  AddressRecord address;
  address.ifindex = info->ifa_index;
  address.family = FamilyNumber(info->ifa_family);
  address.prefix = info->ifa_prefixlen;
  address.scope = info->ifa_scope;
  EachAttribute(message, sizeof(*info), [&](const nlattr* attribute) {
    const auto type = mnl_attr_get_type(attribute);
    // On a point-to-point device IFA_ADDRESS is the other end, IFA_LOCAL this one.
    if (type == IFA_LOCAL || (type == IFA_ADDRESS && address.address.empty())) {
      address.address = AddressText(attribute);
    }
  });
  return address;
}

}  // namespace

int AddressFamily(int family) { return family == 6 ? AF_INET6 : AF_INET; }
int FamilyNumber(int address_family) { return address_family == AF_INET6 ? 6 : 4; }

std::string AddressText(const nlattr* attribute) {
  char text[INET6_ADDRSTRLEN];
  const int family = mnl_attr_get_payload_len(attribute) == 16 ? AF_INET6 : AF_INET;
  if (mnl_attr_get_payload_len(attribute) < 4) throw KernelError(EBADMSG, "netlink", "short address");
  ::inet_ntop(family, mnl_attr_get_payload(attribute), text, sizeof(text));
  return text;
}

std::vector<uint8_t> AddressBytes(const std::string& text, int family) {
  std::vector<uint8_t> bytes(family == 6 ? 16 : 4);
  if (::inet_pton(AddressFamily(family), text.c_str(), bytes.data()) != 1) {
    throw KernelError(EINVAL, "inet_pton", text + " is not an IPv" + std::to_string(family) + " address");
  }
  return bytes;
}

std::vector<LinkRecord> ListLinks() {
  return Consistent([&] {
    NetlinkSocket socket(NETLINK_ROUTE);
    std::vector<LinkRecord> links;
    Message request(RTM_GETLINK, NLM_F_DUMP);
    request.PutExtra<ifinfomsg>()->ifi_family = AF_UNSPEC;
    mnl_attr_put_u32(request.header(), IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    socket.Dump(request, [&](const nlmsghdr* message) { links.push_back(ReadLink(message)); });
    return links;
  });
}

std::vector<AddressRecord> ListAddresses() {
  return Consistent([&] {
    NetlinkSocket socket(NETLINK_ROUTE);
    std::vector<AddressRecord> addresses;
    Message request(RTM_GETADDR, NLM_F_DUMP);
    request.PutExtra<ifaddrmsg>()->ifa_family = AF_UNSPEC;
    socket.Dump(request, [&](const nlmsghdr* message) {
      const auto family = static_cast<const ifaddrmsg*>(mnl_nlmsg_get_payload(message))->ifa_family;
      if (family == AF_INET || family == AF_INET6) addresses.push_back(ReadAddress(message));
    });
    return addresses;
  });
}

}  // namespace margay
