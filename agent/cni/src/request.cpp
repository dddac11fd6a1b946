// SPDX-License-Identifier: Apache-2.0
#include "request.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <string_view>

#include "error.h"

namespace margay::cni {
namespace {

constexpr std::string_view defaultSocket = "/run/margay/agent.sock";
// How long a call waits for an agent that restarts, before it tells the runtime to try again.
constexpr std::chrono::milliseconds defaultPatience{8000};

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string{} : std::string{value};
}

Command parseCommand(const std::string& text) {
    if (text == "ADD") return Command::Add;
    if (text == "DEL") return Command::Del;
    if (text == "CHECK") return Command::Check;
    if (text == "GC") return Command::Gc;
    if (text == "STATUS") return Command::Status;
    if (text == "VERSION") return Command::Version;
    throw Error(Code::InvalidEnvironment, "CNI_COMMAND is \"" + text + "\", which is no CNI command",
                "a container runtime sets it; this program is not called by hand");
}

// CNI_ARGS is "KEY=VALUE;KEY=VALUE".
std::string argument(const std::string& args, std::string_view key) {
    std::size_t start = 0;
    while (start < args.size()) {
        const std::size_t end = std::min(args.find(';', start), args.size());
        const std::string_view pair{args.data() + start, end - start};
        const std::size_t equals = pair.find('=');
        if (equals != std::string_view::npos && pair.substr(0, equals) == key) {
            return std::string{pair.substr(equals + 1)};
        }
        start = end + 1;
    }
    return {};
}

nlohmann::json readConfig() {
    const std::string text{std::istreambuf_iterator<char>{std::cin}, std::istreambuf_iterator<char>{}};
    try {
        auto config = nlohmann::json::parse(text);
        if (!config.is_object()) throw Error(Code::Decoding, "the network configuration is not a JSON object");
        return config;
    } catch (const nlohmann::json::parse_error& e) {
        throw Error(Code::Decoding, "the network configuration is not JSON", e.what());
    }
}

void requireEnvironment(const Request& request) {
    const bool attachment =
        request.command == Command::Add || request.command == Command::Del || request.command == Command::Check;
    const bool netns = request.command == Command::Add || request.command == Command::Check;
    std::string missing;
    if (attachment && request.containerId.empty()) missing += " CNI_CONTAINERID";
    if (attachment && request.ifname.empty()) missing += " CNI_IFNAME";
    if (netns && request.netns.empty()) missing += " CNI_NETNS";
    if (!missing.empty()) {
        throw Error(Code::InvalidEnvironment, std::string{commandName(request.command)} +
                                                  " needs environment variables that are not set:" + missing);
    }
}

std::string stringField(const nlohmann::json& object, const char* key, std::string_view fallback) {
    const auto it = object.find(key);
    if (it == object.end()) return std::string{fallback};
    if (!it->is_string()) throw Error(Code::InvalidConfig, std::string{"\""} + key + "\" is not a string");
    return it->get<std::string>();
}

std::chrono::milliseconds patienceOf(const nlohmann::json& config) {
    const auto it = config.find("agentTimeoutSeconds");
    if (it == config.end()) return defaultPatience;
    if (!it->is_number_unsigned() || it->get<unsigned>() > 60) {
        throw Error(Code::InvalidConfig, "\"agentTimeoutSeconds\" is not a whole number from 0 to 60");
    }
    return std::chrono::seconds{it->get<unsigned>()};
}

}  // namespace

const std::vector<std::string>& supportedVersions() {
    static const std::vector<std::string> versions{"0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"};
    return versions;
}

const char* commandName(Command command) {
    switch (command) {
        case Command::Add: return "ADD";
        case Command::Del: return "DEL";
        case Command::Check: return "CHECK";
        case Command::Gc: return "GC";
        case Command::Status: return "STATUS";
        case Command::Version: return "VERSION";
    }
    return "";
}

Request readRequest() {
    Request request;
    request.command = parseCommand(environment("CNI_COMMAND"));
    if (request.command == Command::Version) return request;

    request.containerId = environment("CNI_CONTAINERID");
    request.netns = environment("CNI_NETNS");
    request.ifname = environment("CNI_IFNAME");
    const std::string args = environment("CNI_ARGS");
    request.podNamespace = argument(args, "K8S_POD_NAMESPACE");
    request.podName = argument(args, "K8S_POD_NAME");
    requireEnvironment(request);

    request.config = readConfig();
    request.cniVersion = stringField(request.config, "cniVersion", "0.1.0");
    const auto& known = supportedVersions();
    if (std::find(known.begin(), known.end(), request.cniVersion) == known.end()) {
        throw Error(Code::IncompatibleVersion, "incompatible CNI version \"" + request.cniVersion + "\"",
                    "margay-cni speaks 0.3.0 to 1.1.0: set \"cniVersion\" of the configuration accordingly");
    }
    request.socketPath = stringField(request.config, "socket", defaultSocket);
    request.patience = patienceOf(request.config);
    return request;
}

}  // namespace margay::cni
