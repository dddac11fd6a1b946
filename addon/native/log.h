// libbpf's messages.
#pragma once

#include <napi.h>

namespace margay {

/** From now on libbpf writes to the sinks that there are, and never to stderr. */
void CaptureLibbpfLog();

/** Function of Native. */
Napi::Value SetLogSink(const Napi::CallbackInfo& info);

}  // namespace margay
