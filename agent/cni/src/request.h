// SPDX-License-Identifier: Apache-2.0
// One call of the plugin: its environment and the configuration on standard input.
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace margay::cni {

enum class Command { Add, Del, Check, Gc, Status, Version };

struct Request {
    Command command{};
    std::string containerId;
    std::string netns;
    std::string ifname;
    std::string podNamespace;
    std::string podName;
    std::string cniVersion;
    std::string socketPath;
    std::chrono::milliseconds patience{};
    // The whole configuration; `prevResult` is in it where a plugin ran before.
    nlohmann::json config;
};

// Versions of the CNI protocol that this plugin speaks, oldest first.
const std::vector<std::string>& supportedVersions();

const char* commandName(Command command);

// Reads CNI_* and standard input. Throws Error for what the specification asks to refuse.
Request readRequest();

}  // namespace margay::cni
