// Changes of links, addresses and routes.
#pragma once

#include <napi.h>

namespace margay {

/** Function of Netlink. */
Napi::Value WatchNetlink(const Napi::CallbackInfo& info);

}  // namespace margay
