// The functions of netlink-api.ts.
#pragma once

#include <napi.h>

namespace margay {

Napi::Value Links(const Napi::CallbackInfo& info);
Napi::Value Addresses(const Napi::CallbackInfo& info);
Napi::Value Routes(const Napi::CallbackInfo& info);
Napi::Value ReplaceRouteJs(const Napi::CallbackInfo& info);
Napi::Value DeleteRouteJs(const Napi::CallbackInfo& info);
Napi::Value Conntrack(const Napi::CallbackInfo& info);
Napi::Value DeleteConntrackJs(const Napi::CallbackInfo& info);
Napi::Value DestroyUdpSocketsJs(const Napi::CallbackInfo& info);

}  // namespace margay
