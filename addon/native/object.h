// Loading an ELF object.
#pragma once

#include <napi.h>

namespace margay {

/** Function of Native's binding: load(options) -> {maps: BpfMap[], programs: BpfProgram[]}. */
Napi::Value Load(const Napi::CallbackInfo& info);
/** Function of Native. */
Napi::Value OpenPinnedMap(const Napi::CallbackInfo& info);

}  // namespace margay
