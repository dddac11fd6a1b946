// Features of the running kernel, each found by using it.
#pragma once

#include <napi.h>

namespace margay {

/** Functions of Native. */
Napi::Value Probe(const Napi::CallbackInfo& info);
Napi::Value NetnsCookie(const Napi::CallbackInfo& info);

}  // namespace margay
