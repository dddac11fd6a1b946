// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace margay::cni {

// Name, in this process's network namespace, of the device that the pod's `ifname` is joined to;
// empty where that device has no peer here. Throws Error when the namespace or the device is gone.
std::string hostPeer(const std::string& netns, const std::string& ifname);

}  // namespace margay::cni
