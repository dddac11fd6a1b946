#include "netlink/watch.h"

#include <linux/rtnetlink.h>

#include <array>
#include <cerrno>

#include "args.h"
#include "mailbox.h"
#include "netlink/socket.h"
#include "poll-thread.h"
#include "subscription.h"

namespace margay {
namespace {

enum Change : unsigned { kLink = 1, kAddress = 2, kRoute = 4, kEverything = 7 };

constexpr unsigned kGroups =
    RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;

/** Notices that wait at most; each is a set of changes, so losing one for another loses nothing. */
constexpr size_t kWaiting = 1024;

unsigned ChangeOf(uint16_t type) {
  switch (type) {
    case RTM_NEWLINK:
    case RTM_DELLINK:
      return kLink;
    case RTM_NEWADDR:
    case RTM_DELADDR:
      return kAddress;
    case RTM_NEWROUTE:
    case RTM_DELROUTE:
      return kRoute;
    default:
      return 0;
  }
}

using Notices = Mailbox<unsigned>;

class WatchSource final : public Source {
 public:
  explicit WatchSource(std::shared_ptr<Notices> notices)
      : notices_(std::move(notices)), socket_(NETLINK_ROUTE, kGroups) {
    thread_ = std::make_unique<PollThread>(socket_.fd(), [this] { Read(); });
  }

  ~WatchSource() override {
    thread_.reset();
    notices_->Close();
  }

 private:
  /** Everything that is there now makes one notice. When the kernel had to drop, anything may have changed.
   */
  void Read() {
    unsigned changes = 0;
    for (;;) {
      const ssize_t got = ::recv(socket_.fd(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
      if (got < 0 && errno == ENOBUFS) changes |= kEverything;
      if (got < 0 && (errno == EINTR || errno == ENOBUFS)) continue;
      if (got <= 0) break;
      int left = static_cast<int>(got);
      for (auto* message = reinterpret_cast<const nlmsghdr*>(buffer_.data()); mnl_nlmsg_ok(message, left);
           message = mnl_nlmsg_next(message, &left)) {
        changes |= ChangeOf(message->nlmsg_type);
      }
    }
    if (changes != 0) notices_->Push(changes);
  }

  std::shared_ptr<Notices> notices_;
  NetlinkSocket socket_;
  alignas(nlmsghdr) std::array<char, 65536> buffer_{};
  std::unique_ptr<PollThread> thread_;
};

constexpr std::pair<unsigned, const char*> kNames[] = {
    {kLink, "link"}, {kAddress, "address"}, {kRoute, "route"}};

}  // namespace

Napi::Value WatchNetlink(const Napi::CallbackInfo& info) {
  auto on_change =
      std::make_shared<Napi::FunctionReference>(Napi::Persistent(FunctionArg(info[0], "onChange")));
  auto notices = Notices::Open(info.Env(), {"margay netlink", kWaiting, true},
                               [on_change](Napi::Env env, std::vector<unsigned>&& waiting, uint64_t dropped) {
                                 unsigned changes = dropped > 0 ? unsigned{kEverything} : 0;
                                 for (const unsigned notice : waiting) changes |= notice;
                                 for (const auto& [bit, name] : kNames) {
                                   Napi::HandleScope scope(env);
                                   if ((changes & bit) != 0) on_change->Call({Napi::String::New(env, name)});
                                 }
                               });
  try {
    return Subscription::New(info.Env(), std::make_unique<WatchSource>(notices));
  } catch (...) {
    notices->Close();
    throw;
  }
}

}  // namespace margay
