#include "subscription.h"

#include "addon.h"

namespace margay {

Napi::Function Subscription::Define(Napi::Env env) {
  return DefineClass(env, "Subscription", {InstanceMethod("close", &Subscription::Close)});
}

Napi::Value Subscription::New(Napi::Env env, std::unique_ptr<Source> source) {
  Napi::Object object = Addon::Of(env).subscription_class.New({});
  Subscription& subscription = *Unwrap(object);
  subscription.source_ = std::move(source);
  subscription.Ref();
  // Hooks run last in, first out: this one before that of the source's thread-safe function.
  napi_add_env_cleanup_hook(env, AtExit, &subscription);
  return object;
}

Subscription::Subscription(const Napi::CallbackInfo& info) : ObjectWrap(info), env_(info.Env()) {}

Subscription::~Subscription() { source_.reset(); }

void Subscription::Stop() {
  if (!source_) return;
  napi_remove_env_cleanup_hook(env_, AtExit, this);
  source_.reset();
}

Napi::Value Subscription::Close(const Napi::CallbackInfo& info) {
  if (source_) {
    Stop();
    Unref();
  }
  return info.Env().Undefined();
}

void Subscription::AtExit(void* self) { static_cast<Subscription*>(self)->source_.reset(); }

}  // namespace margay
