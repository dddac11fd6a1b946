// What belongs to one JavaScript environment (main thread or worker): its classes. No globals.
#pragma once

#include <napi.h>

#include <memory>

#include "log-sink.h"

namespace margay {

class Addon : public Napi::Addon<Addon> {
 public:
  Addon(Napi::Env env, Napi::Object exports);

  static Addon& Of(Napi::Env env) { return *env.GetInstanceData<Addon>(); }

  Napi::FunctionReference map_class;
  Napi::FunctionReference program_class;
  Napi::FunctionReference link_class;
  Napi::FunctionReference subscription_class;
  /** Where this environment wants libbpf's messages, if it does. */
  std::unique_ptr<LogSink> log_sink;
};

}  // namespace margay
