// BpfLink of api.ts.
#pragma once

#include "handle.h"

namespace margay {

class Link : public Handle<Link> {
 public:
  static constexpr napi_type_tag kTag = {0x6d61726761790003, 0xe4a6b9f1c70d4f88};
  static constexpr const char* kName = "BpfLink";

  static Napi::Function Define(Napi::Env env);
  static Napi::Value New(Napi::Env env, SharedFd fd);

  explicit Link(const Napi::CallbackInfo& info) : Handle(info) {}

 private:
  friend class Handle<Link>;

  Napi::Value Info(const Napi::CallbackInfo& info);
  Napi::Value Update(const Napi::CallbackInfo& info);
};

/** Functions of Native: attachTcx, attachCgroup, openPinnedLink. */
Napi::Value AttachTcx(const Napi::CallbackInfo& info);
Napi::Value AttachCgroup(const Napi::CallbackInfo& info);
Napi::Value OpenPinnedLink(const Napi::CallbackInfo& info);

}  // namespace margay
