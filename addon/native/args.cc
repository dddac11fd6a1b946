#include "args.h"

#include <cmath>
#include <cstring>

namespace margay {
namespace {

constexpr size_t kCopyBelow = 65536;

[[noreturn]] void Reject(Napi::Env env, const char* what, const char* wanted) {
  throw Napi::TypeError::New(env, std::string(what) + " must be " + wanted);
}

}  // namespace

ByteView ViewArg(const Napi::Value& value, const char* what) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    Reject(value.Env(), what, "a Uint8Array");
  }
  Napi::Uint8Array array = value.As<Napi::Uint8Array>();
  return {array.Data(), array.ByteLength()};
}

Bytes BytesArg(const Napi::Value& value, const char* what) {
  ByteView view = ViewArg(value, what);
  return {view.begin(), view.end()};
}

std::string StringArg(const Napi::Value& value, const char* what) {
  if (!value.IsString()) Reject(value.Env(), what, "a string");
  return value.As<Napi::String>().Utf8Value();
}

uint32_t Uint32Arg(const Napi::Value& value, const char* what) {
  if (!value.IsNumber()) Reject(value.Env(), what, "a number");
  double number = value.As<Napi::Number>().DoubleValue();
  if (!(number >= 0 && number <= UINT32_MAX) || std::floor(number) != number) {
    Reject(value.Env(), what, "a whole number below 2^32");
  }
  return static_cast<uint32_t>(number);
}

Napi::Function FunctionArg(const Napi::Value& value, const char* what) {
  if (!value.IsFunction()) Reject(value.Env(), what, "a function");
  return value.As<Napi::Function>();
}

Napi::Object ObjectArg(const Napi::Value& value, const char* what) {
  if (!value.IsObject()) Reject(value.Env(), what, "an object");
  return value.As<Napi::Object>();
}

std::optional<Napi::Value> Optional(const Napi::Object& object, const char* name) {
  Napi::Value value = object.Get(name);
  if (value.IsUndefined()) return std::nullopt;
  return value;
}

uint32_t Uint32Field(const Napi::Object& object, const char* name) {
  return Uint32Arg(object.Get(name), name);
}

std::string StringField(const Napi::Object& object, const char* name) {
  return StringArg(object.Get(name), name);
}

Napi::Value ToUint8Array(Napi::Env env, Bytes&& bytes) {
  size_t size = bytes.size();
  if (size < kCopyBelow) {
    Napi::Uint8Array array = Napi::Uint8Array::New(env, size);
    if (size > 0) std::memcpy(array.Data(), bytes.data(), size);
    return array;
  }
  auto* owner = new Bytes(std::move(bytes));
  auto buffer = Napi::ArrayBuffer::New(
      env, owner->data(), size, [](Napi::Env, void*, Bytes* held) { delete held; }, owner);
  return Napi::Uint8Array::New(env, size, buffer, 0);
}

}  // namespace margay
