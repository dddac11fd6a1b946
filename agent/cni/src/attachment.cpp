// SPDX-License-Identifier: Apache-2.0
#include "attachment.h"

#include <arpa/inet.h>

#include <array>

#include "error.h"
#include "veth.h"

namespace margay::cni {
namespace {

const nlohmann::json& listField(const nlohmann::json& object, const char* key) {
    static const nlohmann::json none = nlohmann::json::array();
    const auto it = object.find(key);
    return it != object.end() && it->is_array() ? *it : none;
}

// "10.244.1.5/24" -> "10.244.1.5/32"
std::string hostPrefix(const std::string& cidr) {
    const std::string address = cidr.substr(0, cidr.find('/'));
    std::array<unsigned char, sizeof(in6_addr)> scratch{};
    if (::inet_pton(AF_INET, address.c_str(), scratch.data()) == 1) return address + "/32";
    if (::inet_pton(AF_INET6, address.c_str(), scratch.data()) == 1) return address + "/128";
    throw Error(Code::InvalidConfig, "prevResult names \"" + cidr + "\", which is no address");
}

bool inSandbox(const nlohmann::json& interface) {
    const auto it = interface.find("sandbox");
    return it != interface.end() && it->is_string() && !it->get_ref<const std::string&>().empty();
}

// True when the entry of `ips` is another device's than the pod's `ifname`.
bool ofAnotherDevice(const nlohmann::json& ip, const nlohmann::json& interfaces, const std::string& ifname) {
    const auto index = ip.find("interface");
    if (index == ip.end() || !index->is_number_unsigned()) return false;
    const auto position = index->get<std::size_t>();
    if (position >= interfaces.size()) return false;
    const auto& interface = interfaces[position];
    return !inSandbox(interface) || interface.value("name", std::string{}) != ifname;
}

}  // namespace

const nlohmann::json& previousResult(const Request& request) {
    const auto it = request.config.find("prevResult");
    if (it == request.config.end() || !it->is_object()) {
        throw Error(Code::InvalidConfig, "the configuration has no prevResult",
                    "margay-cni is a chained plugin: it needs one before it (such as ptp) that makes the interface");
    }
    return *it;
}

std::vector<std::string> podAddresses(const Request& request, const nlohmann::json& result) {
    const auto& interfaces = listField(result, "interfaces");
    std::vector<std::string> addresses;
    for (const auto& ip : listField(result, "ips")) {
        if (!ip.is_object() || ofAnotherDevice(ip, interfaces, request.ifname)) continue;
        const auto address = ip.find("address");
        if (address != ip.end() && address->is_string()) addresses.push_back(hostPrefix(address->get<std::string>()));
    }
    if (addresses.empty()) {
        throw Error(Code::InvalidConfig, "prevResult has no address for " + request.ifname,
                    "the plugin before margay-cni gave the pod no address: look at its IPAM configuration");
    }
    return addresses;
}

std::string hostInterface(const Request& request, const nlohmann::json& result) {
    std::vector<std::string> candidates;
    for (const auto& interface : listField(result, "interfaces")) {
        if (interface.is_object() && !inSandbox(interface))
            candidates.push_back(interface.value("name", std::string{}));
    }
    // One device on the host's side can only be the one; a bridge or none at all needs the kernel's word.
    if (candidates.size() == 1 && !candidates.front().empty()) return candidates.front();
    const std::string peer = hostPeer(request.netns, request.ifname);
    if (peer.empty()) {
        throw Error(Code::InvalidConfig, "the pod's " + request.ifname + " has no peer on the host",
                    "Margay serves pods that are joined to the host by a veth pair");
    }
    return peer;
}

}  // namespace margay::cni
