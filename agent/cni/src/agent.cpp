// SPDX-License-Identifier: Apache-2.0
#include "agent.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <thread>

#include "error.h"
#include "fd.h"

namespace margay::cni {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

// The agent does a handful of map writes for a call; an answer this late means it is stuck.
constexpr auto answerWithin = 10s;
constexpr std::size_t longestAnswer = 65536;

[[noreturn]] void away(const std::string& path, const std::string& why) {
    throw Error(Code::TryAgainLater, "margay-agent does not answer on " + path + ": " + why,
                "look at the margay-agent pod of this node in namespace margay-system");
}

Fd connectOnce(const std::string& path, int& error) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) throw Error(Code::InvalidConfig, "\"socket\" is too long: " + path);
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    Fd socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (!socket) throw Error(Code::Io, std::string{"socket: "} + std::strerror(errno));
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        error = errno;
        return Fd{};
    }
    return socket;
}

Fd connectWithin(const std::string& path, std::chrono::milliseconds patience) {
    const auto deadline = Clock::now() + patience;
    int error = 0;
    for (;;) {
        if (Fd socket = connectOnce(path, error)) return socket;
        if (Clock::now() >= deadline) away(path, std::strerror(error));
        std::this_thread::sleep_for(100ms);
    }
}

void sendLine(const Fd& socket, const std::string& path, const std::string& line) {
    std::size_t sent = 0;
    while (sent < line.size()) {
        const ssize_t n = ::send(socket.get(), line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) away(path, std::strerror(errno));
        sent += static_cast<std::size_t>(n);
    }
}

std::string receiveLine(const Fd& socket, const std::string& path) {
    const auto deadline = Clock::now() + answerWithin;
    std::string line;
    std::array<char, 4096> buffer{};
    while (line.size() < longestAnswer) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        pollfd wait{socket.get(), POLLIN, 0};
        const int ready = ::poll(&wait, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
        if (ready < 0 && errno == EINTR) continue;
        if (ready == 0) away(path, "no answer within 10 s");
        const ssize_t n = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) away(path, n == 0 ? "it closed the connection" : std::strerror(errno));
        line.append(buffer.data(), static_cast<std::size_t>(n));
        const std::size_t end = line.find('\n');
        if (end != std::string::npos) return line.substr(0, end);
    }
    throw Error(Code::Decoding, "margay-agent's answer has no end");
}

}  // namespace

nlohmann::json askAgent(const std::string& socketPath, const nlohmann::json& message,
                        std::chrono::milliseconds patience) {
    const Fd socket = connectWithin(socketPath, patience);
    sendLine(socket, socketPath, message.dump() + "\n");
    const auto answer = nlohmann::json::parse(receiveLine(socket, socketPath), nullptr, false);
    if (!answer.is_object() || !answer.contains("ok") || !answer["ok"].is_boolean()) {
        throw Error(Code::Decoding, "margay-agent's answer is not understood",
                    "the plugin and the agent are of different versions: let the agent install its plugin again");
    }
    if (!answer["ok"].get<bool>()) {
        throw Error(answer.value("code", static_cast<unsigned>(Code::Internal)),
                    answer.value("message", std::string{"margay-agent refused without a reason"}));
    }
    return answer;
}

}  // namespace margay::cni
