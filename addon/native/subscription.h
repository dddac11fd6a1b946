// What a caller holds while something is being watched: an object with close().
#pragma once

#include <napi.h>

#include <memory>

#include "errors.h"

namespace margay {

/** Something that delivers until it is destroyed. Made and destroyed on the main thread. */
class Source {
 public:
  virtual ~Source() = default;
};

/**
 * RingBuffer of api.ts, and what watch() of netlink-api.ts returns. The JavaScript object is kept
 * while its source runs; the end of the environment stops it as close() does, before Node takes down
 * what the source's thread calls.
 */
class Subscription : public Napi::ObjectWrap<Subscription> {
 public:
  static Napi::Function Define(Napi::Env env);
  static Napi::Value New(Napi::Env env, std::unique_ptr<Source> source);

  explicit Subscription(const Napi::CallbackInfo& info);
  ~Subscription() override;

 private:
  Napi::Value Close(const Napi::CallbackInfo& info);
  void Stop();
  static void AtExit(void* self);

  napi_env env_;
  std::unique_ptr<Source> source_;
};

}  // namespace margay
