// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

namespace margay::cni {

// Sends one JSON line to the node's agent and returns the line it answers. An agent that is not
// there is waited for until `patience` is over; then, or when it says no, an Error is thrown.
nlohmann::json askAgent(const std::string& socketPath, const nlohmann::json& message,
                        std::chrono::milliseconds patience);

}  // namespace margay::cni
