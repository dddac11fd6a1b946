// SPDX-License-Identifier: Apache-2.0
// margay-cni: tells the node's agent about pods' interfaces (CNI specification 1.1).
//
// It makes nothing itself: the plugin before it made the interface, and its result is passed on
// unchanged once the pod's IPv6 gateway answers and the agent has programmed the pod's addresses.
#include <algorithm>
#include <chrono>
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>

#include "agent.h"
#include "attachment.h"
#include "error.h"
#include "gateway.h"
#include "request.h"

namespace margay::cni {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

json message(const Request& request) {
    return json{
        {"command", commandName(request.command)},
        {"containerId", request.containerId},
        {"netns", request.netns},
        {"ifname", request.ifname},
        {"podNamespace", request.podNamespace},
        {"podName", request.podName},
    };
}

json describe(const Request& request, const json& result) {
    json out = message(request);
    out["hostIfname"] = hostInterface(request, result);
    out["ips"] = podAddresses(request, result);
    return out;
}

void add(const Request& request) {
    const json& result = previousResult(request);
    const json described = describe(request, result);
    settleGateway(described["hostIfname"].get<std::string>());
    askAgent(request.socketPath, described, request.patience);
    json passed = result;
    passed["cniVersion"] = request.cniVersion;
    std::cout << passed.dump() << '\n';
}

void check(const Request& request) {
    askAgent(request.socketPath, describe(request, previousResult(request)), request.patience);
}

// What is being taken away is taken away: the agent sees the interface go by itself, so that an
// agent that is away, busy or unwilling never keeps a pod from ending.
void del(const Request& request) {
    try {
        askAgent(request.socketPath, message(request), 0ms);
    } catch (const Error& e) {
        std::cerr << "margay-cni: DEL " << request.containerId << ": " << e.what() << '\n';
    }
}

void collectGarbage(const Request& request) {
    json out{{"command", commandName(request.command)}, {"attachments", json::array()}};
    const auto valid = request.config.find("cni.dev/valid-attachments");
    if (valid != request.config.end() && valid->is_array()) {
        for (const auto& attachment : *valid) {
            out["attachments"].push_back(
                json{{"containerId", attachment.value("containerID", "")}, {"ifname", attachment.value("ifname", "")}});
        }
    }
    askAgent(request.socketPath, out, 0ms);
}

void version() {
    std::cout << json{{"cniVersion", supportedVersions().back()}, {"supportedVersions", supportedVersions()}}.dump()
              << '\n';
}

void dispatch(const Request& request) {
    switch (request.command) {
        case Command::Add: return add(request);
        case Command::Del: return del(request);
        case Command::Check: return check(request);
        case Command::Gc: return collectGarbage(request);
        // A runtime that hears "not available" makes its node NotReady, and Kubernetes then takes the node's pods,
        // which are served without the agent, out of their Services. An agent that is away is ADD's business; a node
        // that was never ready has no configuration that names this plugin.
        case Command::Status: return;
        case Command::Version: return version();
    }
}

// CNI specification, section "Error": an object on standard output and a non-zero exit.
int report(const std::string& cniVersion, const Error& error) {
    json out{{"cniVersion", cniVersion}, {"code", error.code()}, {"msg", error.what()}};
    if (!error.details().empty()) out["details"] = error.details();
    std::cout << out.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
    return 1;
}

}  // namespace
}  // namespace margay::cni

int main() {
    using namespace margay::cni;
    std::string cniVersion = supportedVersions().back();
    try {
        const Request request = readRequest();
        if (!request.cniVersion.empty()) cniVersion = request.cniVersion;
        dispatch(request);
        return 0;
    } catch (const Error& e) {
        return report(cniVersion, e);
    } catch (const std::exception& e) {
        return report(cniVersion, Error(Code::Internal, e.what()));
    }
}
