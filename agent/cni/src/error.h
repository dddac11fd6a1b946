// SPDX-License-Identifier: Apache-2.0
// What the plugin reports to the container runtime.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace margay::cni {

// Error codes of the CNI specification 1.1, section "Error".
enum class Code : unsigned {
    IncompatibleVersion = 1,
    UnknownContainer = 3,
    InvalidEnvironment = 4,
    Io = 5,
    Decoding = 6,
    InvalidConfig = 7,
    InvalidNetns = 8,
    TryAgainLater = 11,
    Internal = 999,
};

// An error object of the specification: code, what is wrong, and what to do about it.
class Error : public std::runtime_error {
public:
    Error(Code code, const std::string& message, std::string details = {})
        : std::runtime_error(message), code_(static_cast<unsigned>(code)), details_(std::move(details)) {}
    Error(unsigned code, const std::string& message) : std::runtime_error(message), code_(code) {}

    unsigned code() const noexcept { return code_; }
    const std::string& details() const noexcept { return details_; }

private:
    unsigned code_;
    std::string details_;
};

}  // namespace margay::cni
