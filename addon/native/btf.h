// Types that an object file describes.
#pragma once

#include <napi.h>

namespace margay {

/** Function of Native. */
Napi::Value ReadBtf(const Napi::CallbackInfo& info);

}  // namespace margay
