// SPDX-License-Identifier: Apache-2.0
// The kernel knows best which device is the other end of a pod's: IFLA_LINK, asked from inside.
#include "veth.h"

#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "error.h"
#include "fd.h"

namespace margay::cni {
namespace {

[[noreturn]] void fail(Code code, const std::string& what) {
    throw Error(code, what + ": " + std::strerror(errno));
}

// A route socket that belongs to another namespace; this thread comes back to its own.
Fd routeSocketIn(const std::string& netns) {
    const Fd own{::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)};
    if (!own) fail(Code::Io, "cannot open this process's network namespace");
    const Fd target{::open(netns.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!target) fail(Code::InvalidNetns, "cannot open the pod's network namespace " + netns);
    if (::setns(target.get(), CLONE_NEWNET) != 0) fail(Code::InvalidNetns, "cannot enter " + netns);
    Fd socket{::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)};
    const int socketErrno = errno;
    if (::setns(own.get(), CLONE_NEWNET) != 0) fail(Code::Io, "cannot return to the host's network namespace");
    if (!socket) {
        errno = socketErrno;
        fail(Code::Io, "cannot open a netlink socket in " + netns);
    }
    return socket;
}

void requestLink(const Fd& socket, const std::string& ifname) {
    struct {
        nlmsghdr header;
        ifinfomsg info;
        std::array<char, RTA_SPACE(IFNAMSIZ)> name;
    } message{};
    message.header.nlmsg_type = RTM_GETLINK;
    message.header.nlmsg_flags = NLM_F_REQUEST;
    message.info.ifi_family = AF_UNSPEC;
    rtattr attribute{};
    attribute.rta_type = IFLA_IFNAME;
    attribute.rta_len = static_cast<unsigned short>(RTA_LENGTH(ifname.size() + 1));
    std::memcpy(message.name.data(), &attribute, sizeof attribute);
    std::memcpy(message.name.data() + RTA_LENGTH(0), ifname.c_str(), ifname.size() + 1);
    message.header.nlmsg_len = static_cast<unsigned>(NLMSG_LENGTH(sizeof message.info) + RTA_ALIGN(attribute.rta_len));
    if (::send(socket.get(), &message, message.header.nlmsg_len, 0) < 0)
        fail(Code::Io, "netlink request for " + ifname);
}

// IFLA_LINK of the answer; 0 where the device has none.
unsigned linkOf(const nlmsghdr* header) {
    const auto* info = static_cast<const ifinfomsg*>(NLMSG_DATA(header));
    int left = static_cast<int>(IFLA_PAYLOAD(header));
    for (const rtattr* a = IFLA_RTA(info); RTA_OK(a, left); a = RTA_NEXT(a, left)) {
        if (a->rta_type != IFLA_LINK || RTA_PAYLOAD(a) < sizeof(unsigned)) continue;
        unsigned index = 0;
        std::memcpy(&index, RTA_DATA(a), sizeof index);
        return index;
    }
    return 0;
}

}  // namespace

std::string hostPeer(const std::string& netns, const std::string& ifname) {
    if (ifname.size() >= IFNAMSIZ)
        throw Error(Code::InvalidEnvironment, "CNI_IFNAME \"" + ifname + "\" is too long for a device name");
    const Fd socket = routeSocketIn(netns);
    requestLink(socket, ifname);
    alignas(nlmsghdr) std::array<char, 32768> buffer{};
    const ssize_t size = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
    if (size < static_cast<ssize_t>(sizeof(nlmsghdr))) fail(Code::Io, "netlink answer for " + ifname);
    const auto* header = reinterpret_cast<const nlmsghdr*>(buffer.data());
    if (!NLMSG_OK(header, static_cast<unsigned>(size)))
        throw Error(Code::Io, "netlink answer for " + ifname + " is cut off");
    if (header->nlmsg_type == NLMSG_ERROR) {
        nlmsgerr error{};
        std::memcpy(&error, NLMSG_DATA(header), sizeof error);
        errno = -error.error;
        fail(Code::UnknownContainer, "no device " + ifname + " in " + netns);
    }
    const unsigned index = linkOf(header);
    std::array<char, IF_NAMESIZE> name{};
    if (index == 0 || ::if_indextoname(index, name.data()) == nullptr) return {};
    return name.data();
}

}  // namespace margay::cni
