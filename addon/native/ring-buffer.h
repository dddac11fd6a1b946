// Records of BPF ring buffers.
#pragma once

#include <napi.h>

namespace margay {

/** Function of Native. */
Napi::Value OpenRingBuffer(const Napi::CallbackInfo& info);

}  // namespace margay
