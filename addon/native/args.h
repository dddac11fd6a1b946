// Reading JavaScript arguments and making JavaScript values. All of it belongs to the main thread.
#pragma once

#include <napi.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace margay {

using Bytes = std::vector<uint8_t>;
using ByteView = std::span<const uint8_t>;

/** Each throws a TypeError that names `what` when the value is of another type. */
ByteView ViewArg(const Napi::Value& value, const char* what);
Bytes BytesArg(const Napi::Value& value, const char* what);
std::string StringArg(const Napi::Value& value, const char* what);
uint32_t Uint32Arg(const Napi::Value& value, const char* what);
Napi::Function FunctionArg(const Napi::Value& value, const char* what);
Napi::Object ObjectArg(const Napi::Value& value, const char* what);

/** A property that may be absent or undefined. */
std::optional<Napi::Value> Optional(const Napi::Object& object, const char* name);
/** A property that is a whole number below 2^32. */
uint32_t Uint32Field(const Napi::Object& object, const char* name);
std::string StringField(const Napi::Object& object, const char* name);

/** A Uint8Array with the contents; big vectors are handed over without a copy. */
Napi::Value ToUint8Array(Napi::Env env, Bytes&& bytes);

}  // namespace margay
