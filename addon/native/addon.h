// What belongs to one JavaScript environment (main thread or worker): its classes. No globals.
#pragma once

#include <napi.h>

namespace margay {

class Addon : public Napi::Addon<Addon> {
 public:
  Addon(Napi::Env env, Napi::Object exports);

  static Addon& Of(Napi::Env env) { return *env.GetInstanceData<Addon>(); }

  Napi::FunctionReference map_class;
  Napi::FunctionReference program_class;
  Napi::FunctionReference link_class;
  Napi::FunctionReference ring_buffer_class;
  Napi::FunctionReference watch_class;
};

}  // namespace margay
