// SPDX-License-Identifier: Apache-2.0
#include "gateway.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "error.h"
#include "fd.h"

namespace margay::cni {
namespace {

constexpr unsigned char hostPrefix = 128;

[[noreturn]] void fail(const std::string& what) {
    throw Error(Code::Io, what + ": " + std::strerror(errno));
}

// One address as a request: header, address, IFA_LOCAL, IFA_FLAGS.
struct AddressRequest {
    nlmsghdr header;
    ifaddrmsg info;
    rtattr localHeader;
    in6_addr local;
    rtattr flagsHeader;
    uint32_t flags;
};

// Sends the request and waits for the kernel's acknowledgement.
void ask(const Fd& socket, AddressRequest& request, const std::string& what) {
    if (::send(socket.get(), &request, sizeof request, 0) < 0) fail(what);
    alignas(nlmsghdr) std::array<char, 4096> buffer{};
    const ssize_t size = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
    if (size < static_cast<ssize_t>(NLMSG_LENGTH(sizeof(nlmsgerr)))) fail(what);
    nlmsgerr answer{};
    std::memcpy(&answer, NLMSG_DATA(reinterpret_cast<const nlmsghdr*>(buffer.data())), sizeof answer);
    errno = -answer.error;
    if (answer.error != 0) fail(what);
}

AddressRequest requestFor(unsigned short type, unsigned short flags, unsigned index, const in6_addr& address) {
    AddressRequest request{};
    request.header = {sizeof request, type, static_cast<unsigned short>(NLM_F_REQUEST | NLM_F_ACK | flags), 1, 0};
    request.info.ifa_family = AF_INET6;
    request.info.ifa_prefixlen = hostPrefix;
    request.info.ifa_scope = RT_SCOPE_UNIVERSE;
    request.info.ifa_index = index;
    request.localHeader = {RTA_LENGTH(sizeof(in6_addr)), IFA_LOCAL};
    request.local = address;
    request.flagsHeader = {RTA_LENGTH(sizeof(uint32_t)), IFA_FLAGS};
    request.flags = IFA_F_NODAD;
    return request;
}

// The address where it is a tentative one of the device's, for one host alone.
bool isTentativeGateway(const nlmsghdr* header, unsigned index, in6_addr& address) {
    const auto* info = static_cast<const ifaddrmsg*>(NLMSG_DATA(header));
    if (info->ifa_index != index || info->ifa_prefixlen != hostPrefix || info->ifa_scope != RT_SCOPE_UNIVERSE)
        return false;
    uint32_t flags = info->ifa_flags;
    bool found = false;
    int left = static_cast<int>(IFA_PAYLOAD(header));
    for (const rtattr* a = IFA_RTA(info); RTA_OK(a, left); a = RTA_NEXT(a, left)) {
        if (a->rta_type == IFA_FLAGS && RTA_PAYLOAD(a) >= sizeof flags) std::memcpy(&flags, RTA_DATA(a), sizeof flags);
        if (a->rta_type != IFA_ADDRESS || RTA_PAYLOAD(a) < sizeof address) continue;
        std::memcpy(&address, RTA_DATA(a), sizeof address);
        found = true;
    }
    return found && (flags & IFA_F_TENTATIVE) != 0;
}

std::vector<in6_addr> tentativeGateways(const Fd& socket, unsigned index, const std::string& what) {
    struct {
        nlmsghdr header;
        ifaddrmsg info;
    } request{};
    request.header = {sizeof request, RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP, 1, 0};
    request.info.ifa_family = AF_INET6;
    if (::send(socket.get(), &request, sizeof request, 0) < 0) fail(what);
    std::vector<in6_addr> found;
    alignas(nlmsghdr) std::array<char, 32768> buffer{};
    for (;;) {
        const ssize_t size = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
        if (size <= 0) fail(what);
        auto left = static_cast<unsigned>(size);
        for (auto* h = reinterpret_cast<nlmsghdr*>(buffer.data()); NLMSG_OK(h, left); h = NLMSG_NEXT(h, left)) {
            if (h->nlmsg_type == NLMSG_DONE) return found;
            if (h->nlmsg_type == NLMSG_ERROR) throw Error(Code::Io, what + ": the kernel refuses to list them");
            in6_addr address{};
            if (h->nlmsg_type == RTM_NEWADDR && isTentativeGateway(h, index, address)) found.push_back(address);
        }
    }
}

}  // namespace

void settleGateway(const std::string& hostIfname) {
    const std::string what = "IPv6 addresses of " + hostIfname;
    const unsigned index = ::if_nametoindex(hostIfname.c_str());
    if (index == 0) return;
    const Fd socket{::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)};
    if (!socket) fail(what);
    for (const in6_addr& address : tentativeGateways(socket, index, what)) {
        // A detection that runs cannot be called off: only an address that is new can do without.
        auto remove = requestFor(RTM_DELADDR, 0, index, address);
        ask(socket, remove, what);
        auto add = requestFor(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, index, address);
        ask(socket, add, what);
    }
}

}  // namespace margay::cni
