// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "request.h"

namespace margay::cni {

// The result of the plugins before this one. Throws Error when there is none.
const nlohmann::json& previousResult(const Request& request);

// The pod's addresses as host prefixes ("10.244.1.5/32", "fd00::5/128"); only those of the pod's
// device where the result says which.
std::vector<std::string> podAddresses(const Request& request, const nlohmann::json& result);

// The device on the host that leads to the pod.
std::string hostInterface(const Request& request, const nlohmann::json& result);

}  // namespace margay::cni
