// BpfMap of api.ts.
#pragma once

#include <memory>

#include "handle.h"
#include "map-ops.h"

namespace margay {

/** A mapped array; unmapped when neither the handle nor JavaScript's buffer needs it any more. */
class Mapping {
 public:
  Mapping(const OpenMap& map);
  ~Mapping();
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  void* data() const { return data_; }
  size_t size() const { return size_; }

 private:
  void* data_;
  size_t size_;
};

class Map : public Handle<Map> {
 public:
  static constexpr napi_type_tag kTag = {0x6d61726761790001, 0x9d0c3b8c4f0a4b1e};
  static constexpr const char* kName = "BpfMap";

  static Napi::Function Define(Napi::Env env);
  static Napi::Value New(Napi::Env env, OpenMap map);

  explicit Map(const Napi::CallbackInfo& info) : Handle(info) {}

  const MapFacts& facts() const { return facts_; }

 private:
  friend class Handle<Map>;

  OpenMap Open() const { return {Share(), facts_}; }
  ByteView Key(const Napi::Value& value) const;
  ByteView Value(const Napi::Value& value) const;
  /** A packed run of keys that is a whole number of them. */
  Bytes Keys(const Napi::Value& value) const;

  Napi::Value Info(const Napi::CallbackInfo& info);
  Napi::Value Lookup(const Napi::CallbackInfo& info);
  Napi::Value Update(const Napi::CallbackInfo& info);
  Napi::Value Delete(const Napi::CallbackInfo& info);
  Napi::Value UpdateBatch(const Napi::CallbackInfo& info);
  Napi::Value DeleteBatch(const Napi::CallbackInfo& info);
  Napi::Value Dump(const Napi::CallbackInfo& info);
  Napi::Value Mmap(const Napi::CallbackInfo& info);
  Napi::Value CloseMap(const Napi::CallbackInfo& info);

  MapFacts facts_;
  Napi::Reference<Napi::ArrayBuffer> buffer_;
};

}  // namespace margay
