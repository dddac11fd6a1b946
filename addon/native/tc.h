// Classifier filters on clsact, for kernels without TCX links.
#pragma once

#include <napi.h>

namespace margay {

/** Reads a TcDirection. */
bool IsIngress(const Napi::Value& direction);

/** Functions of Native. */
Napi::Value AttachClsact(const Napi::CallbackInfo& info);
Napi::Value DetachClsact(const Napi::CallbackInfo& info);

}  // namespace margay
