// Unicast routes.
#include <arpa/inet.h>
#include <linux/rtnetlink.h>

#include <cerrno>
#include <charconv>

#include "netlink/records.h"
#include "netlink/socket.h"

namespace margay {
namespace {

/** RTA_VIA: a family, then the address (an IPv4 route by an IPv6 next hop). */
std::string ViaText(const nlattr* attribute) {
  const auto* via = static_cast<const rtvia*>(mnl_attr_get_payload(attribute));
  char text[INET6_ADDRSTRLEN];
  ::inet_ntop(via->rtvia_family, via->rtvia_addr, text, sizeof(text));
  return text;
}

/** Each next hop of a multipath route, as a route of its own. */
std::vector<RouteRecord> SplitMultipath(const RouteRecord& route, const nlattr* multipath) {
  std::vector<RouteRecord> out;
  int left = mnl_attr_get_payload_len(multipath);
  const auto* hop = static_cast<const rtnexthop*>(mnl_attr_get_payload(multipath));
  while (RTNH_OK(hop, left)) {
    RouteRecord& one = out.emplace_back(route);
    one.ifindex = static_cast<uint32_t>(hop->rtnh_ifindex);
    const size_t header = RTNH_LENGTH(0);
    EachAttributeIn(reinterpret_cast<const char*>(hop) + header, hop->rtnh_len - header,
                    [&](const nlattr* attribute) {
                      if (mnl_attr_get_type(attribute) == RTA_GATEWAY) one.gateway = AddressText(attribute);
                      if (mnl_attr_get_type(attribute) == RTA_VIA) one.gateway = ViaText(attribute);
                    });
    left -= static_cast<int>(RTNH_ALIGN(hop->rtnh_len));
    hop = RTNH_NEXT(hop);
  }
  return out;
}

std::vector<RouteRecord> ReadRoute(const nlmsghdr* message) {
  const auto* info = static_cast<const rtmsg*>(mnl_nlmsg_get_payload(message));
  RouteRecord route;
  route.family = FamilyNumber(info->rtm_family);
  route.table = info->rtm_table;
  route.protocol = info->rtm_protocol;
  route.scope = info->rtm_scope;
  std::string destination = route.family == 6 ? "::" : "0.0.0.0";
  const nlattr* multipath = nullptr;
  EachAttribute(message, sizeof(*info), [&](const nlattr* attribute) {
    switch (mnl_attr_get_type(attribute)) {
      case RTA_DST:
        destination = AddressText(attribute);
        break;
      case RTA_GATEWAY:
        route.gateway = AddressText(attribute);
        break;
      case RTA_VIA:
        route.gateway = ViaText(attribute);
        break;
      case RTA_OIF:
        route.ifindex = mnl_attr_get_u32(attribute);
        break;
      case RTA_PREFSRC:
        route.source = AddressText(attribute);
        break;
      case RTA_TABLE:
        route.table = mnl_attr_get_u32(attribute);
        break;
      case RTA_PRIORITY:
        route.metric = mnl_attr_get_u32(attribute);
        break;
      case RTA_MULTIPATH:
        multipath = attribute;
        break;
      default:
        break;
    }
  });
  route.destination = destination + "/" + std::to_string(info->rtm_dst_len);
  if (multipath != nullptr) return SplitMultipath(route, multipath);
  return {route};
}

bool IsUnicast(const nlmsghdr* message) {
  const auto* info = static_cast<const rtmsg*>(mnl_nlmsg_get_payload(message));
  return info->rtm_type == RTN_UNICAST && (info->rtm_flags & RTM_F_CLONED) == 0;
}

struct Cidr {
  std::vector<uint8_t> address;
  uint8_t length;
};

Cidr ParseCidr(const std::string& text, int family) {
  const size_t slash = text.find('/');
  unsigned length = 0;
  const char* end = text.data() + text.size();
  const char* start = slash == std::string::npos ? end : text.data() + slash + 1;
  const auto parsed = std::from_chars(start, end, length);
  if (parsed.ec != std::errc() || parsed.ptr != end || length > (family == 6 ? 128U : 32U)) {
    throw KernelError(EINVAL, "route", text + " is not an IPv" + std::to_string(family) + " prefix");
  }
  return {AddressBytes(text.substr(0, slash), family), static_cast<uint8_t>(length)};
}

void PutAddress(nlmsghdr* header, uint16_t type, const std::vector<uint8_t>& bytes) {
  mnl_attr_put(header, type, bytes.size(), bytes.data());
}

/** A gateway of the route's own family goes into RTA_GATEWAY, one of the other into RTA_VIA. */
void PutGateway(nlmsghdr* header, const std::string& gateway, int family) {
  const int own = gateway.find(':') == std::string::npos ? 4 : 6;
  const std::vector<uint8_t> bytes = AddressBytes(gateway, own);
  if (own == family) return PutAddress(header, RTA_GATEWAY, bytes);
  nlattr* nest = mnl_attr_nest_start(header, RTA_VIA);
  nest->nla_type = RTA_VIA;
  const auto address_family = static_cast<uint16_t>(AddressFamily(own));
  auto* at = static_cast<char*>(mnl_nlmsg_get_payload_tail(header));
  std::copy_n(reinterpret_cast<const char*>(&address_family), sizeof(address_family), at);
  std::copy(bytes.begin(), bytes.end(), at + sizeof(address_family));
  header->nlmsg_len += static_cast<uint32_t>(MNL_ALIGN(sizeof(address_family) + bytes.size()));
  nest->nla_len = static_cast<uint16_t>(MNL_ATTR_HDRLEN + sizeof(address_family) + bytes.size());
}

void Fill(Message& request, const RouteRecord& route) {
  auto* info = request.PutExtra<rtmsg>();
  const Cidr destination = ParseCidr(route.destination, route.family);
  info->rtm_family = static_cast<uint8_t>(AddressFamily(route.family));
  info->rtm_dst_len = destination.length;
  info->rtm_protocol = static_cast<uint8_t>(route.protocol);
  info->rtm_scope = static_cast<uint8_t>(route.scope);
  info->rtm_type = RTN_UNICAST;
  info->rtm_table = RT_TABLE_UNSPEC;
  nlmsghdr* header = request.header();
  mnl_attr_put_u32(header, RTA_TABLE, route.table);
  PutAddress(header, RTA_DST, destination.address);
  if (route.ifindex != 0) mnl_attr_put_u32(header, RTA_OIF, route.ifindex);
  if (route.metric != 0) mnl_attr_put_u32(header, RTA_PRIORITY, route.metric);
  if (route.gateway) PutGateway(header, *route.gateway, route.family);
  if (route.source) PutAddress(header, RTA_PREFSRC, AddressBytes(*route.source, route.family));
}

}  // namespace

std::vector<RouteRecord> ListRoutes(int family) {
  return Consistent([&] {
    NetlinkSocket socket(NETLINK_ROUTE);
    std::vector<RouteRecord> routes;
    Message request(RTM_GETROUTE, NLM_F_DUMP);
    request.PutExtra<rtmsg>()->rtm_family = static_cast<uint8_t>(AddressFamily(family));
    socket.Dump(request, [&](const nlmsghdr* message) {
      if (!IsUnicast(message)) return;
      for (RouteRecord& route : ReadRoute(message)) routes.push_back(std::move(route));
    });
    return routes;
  });
}

void ReplaceRoute(const RouteRecord& route) {
  NetlinkSocket socket(NETLINK_ROUTE);
  Message request(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE);
  Fill(request, route);
  const int error = socket.Request(request);
  if (error != 0) throw KernelError(error, "RTM_NEWROUTE", route.destination);
}

bool DeleteRoute(const RouteRecord& route) {
  NetlinkSocket socket(NETLINK_ROUTE);
  Message request(RTM_DELROUTE, 0);
  Fill(request, route);
  const int error = socket.Request(request);
  // No such route is ESRCH; a device that is gone took its routes along.
  if (error == ESRCH || error == ENODEV) return false;
  if (error != 0) throw KernelError(error, "RTM_DELROUTE", route.destination);
  return true;
}

}  // namespace margay
