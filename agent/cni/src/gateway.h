// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace margay::cni {

// Makes the IPv6 addresses that the device has for its pod alone (/128, the pod's gateway) usable at once. The kernel
// looks for duplicates of an address for a second or two (RFC 4862, 5.4) and does not answer for it meanwhile, so that
// the pod would have no way out; behind a veth there is only the pod to ask, and its address is another one.
// A device that is not there is the agent's to report. Throws Error when the kernel refuses.
void settleGateway(const std::string& hostIfname);

}  // namespace margay::cni
