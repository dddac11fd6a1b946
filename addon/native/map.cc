#include "map.h"

#include <bpf/bpf.h>
#include <sys/mman.h>

#include <cerrno>

#include "addon.h"
#include "worker.h"

namespace margay {
namespace {

size_t PageAlign(size_t size) {
  const auto page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  return (size + page - 1) / page * page;
}

void MustMeasure(size_t got, size_t wanted, const std::string& what) {
  if (got == wanted) return;
  throw KernelError(EINVAL, "BpfMap",
                    what + " has " + std::to_string(got) + " bytes, not " + std::to_string(wanted));
}

}  // namespace

Mapping::Mapping(const OpenMap& map) : size_(size_t{map.facts.stride()} * map.facts.max_entries) {
  data_ = ::mmap(nullptr, PageAlign(size_), PROT_READ | PROT_WRITE, MAP_SHARED, map.fd->get(), 0);
  if (data_ == MAP_FAILED) throw KernelError(errno, "mmap", map.facts.name);
}

Mapping::~Mapping() { ::munmap(data_, PageAlign(size_)); }

Napi::Function Map::Define(Napi::Env env) {
  return DefineClass(
      env, kName,
      {
          InstanceAccessor("info", static_cast<InstanceGetterCallback>(&Map::Guarded<&Map::Info>), nullptr,
                           napi_enumerable),
          InstanceMethod("lookup", &Map::Guarded<&Map::Lookup>),
          InstanceMethod("update", &Map::Guarded<&Map::Update>),
          InstanceMethod("delete", &Map::Guarded<&Map::Delete>),
          InstanceMethod("updateBatch", &Map::Guarded<&Map::UpdateBatch>),
          InstanceMethod("deleteBatch", &Map::Guarded<&Map::DeleteBatch>),
          InstanceMethod("dump", &Map::Guarded<&Map::Dump>),
          InstanceMethod("mmap", &Map::Guarded<&Map::Mmap>),
          InstanceMethod("pin", &Map::Guarded<&Map::Pin>),
          InstanceMethod("close", &Map::Guarded<&Map::CloseMap>),
      });
}

Napi::Value Map::New(Napi::Env env, OpenMap open) {
  Napi::Object object = Addon::Of(env).map_class.New({});
  Map& map = From(object);
  map.Adopt(std::move(open.fd));
  map.facts_ = std::move(open.facts);
  return object;
}

ByteView Map::Key(const Napi::Value& value) const {
  ByteView key = ViewArg(value, "key");
  MustMeasure(key.size(), facts_.key_size, facts_.name + ": key");
  return key;
}

ByteView Map::Value(const Napi::Value& value) const {
  ByteView bytes = ViewArg(value, "value");
  MustMeasure(bytes.size(), facts_.value_bytes(), facts_.name + ": value");
  return bytes;
}

Bytes Map::Keys(const Napi::Value& value) const {
  Bytes keys = BytesArg(value, "keys");
  if (facts_.key_size == 0 || keys.size() % facts_.key_size != 0) {
    throw KernelError(EINVAL, "BpfMap", facts_.name + ": keys are not a whole number of entries");
  }
  return keys;
}

Napi::Value Map::Info(const Napi::CallbackInfo& info) {
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("name", facts_.name);
  object.Set("type", facts_.type);
  object.Set("keySize", facts_.key_size);
  object.Set("valueSize", facts_.value_size);
  object.Set("maxEntries", facts_.max_entries);
  object.Set("id", facts_.id);
  object.Set("cpus", facts_.cpus);
  object.Set("stride", facts_.stride());
  return object;
}

Napi::Value Map::Lookup(const Napi::CallbackInfo& info) {
  Bytes value(facts_.value_bytes());
  int rc = bpf_map_lookup_elem(RawFd(), Key(info[0]).data(), value.data());
  if (rc < 0 && errno == ENOENT) return info.Env().Undefined();
  Check(rc, "bpf_map_lookup_elem", facts_.name);
  return ToUint8Array(info.Env(), std::move(value));
}

Napi::Value Map::Update(const Napi::CallbackInfo& info) {
  const uint32_t flags = info[2].IsUndefined() ? uint32_t{BPF_ANY} : Uint32Arg(info[2], "flags");
  Check(bpf_map_update_elem(RawFd(), Key(info[0]).data(), Value(info[1]).data(), flags),
        "bpf_map_update_elem", facts_.name);
  return info.Env().Undefined();
}

Napi::Value Map::Delete(const Napi::CallbackInfo& info) {
  int rc = bpf_map_delete_elem(RawFd(), Key(info[0]).data());
  if (rc < 0 && errno == ENOENT) return Napi::Boolean::New(info.Env(), false);
  Check(rc, "bpf_map_delete_elem", facts_.name);
  return Napi::Boolean::New(info.Env(), true);
}

Napi::Value Map::UpdateBatch(const Napi::CallbackInfo& info) {
  Bytes keys = Keys(info[0]);
  Bytes values = BytesArg(info[1], "values");
  MustMeasure(values.size(), keys.size() / facts_.key_size * facts_.value_bytes(), facts_.name + ": values");
  return RunVoid(info.Env(), [map = Open(), keys = std::move(keys), values = std::move(values)] {
    UpdateAll(map, keys, values);
  });
}

Napi::Value Map::DeleteBatch(const Napi::CallbackInfo& info) {
  return Run(
      info.Env(), [map = Open(), keys = Keys(info[0])] { return DeleteAll(map, keys); },
      [](Napi::Env env, uint32_t deleted) { return Napi::Number::New(env, deleted); });
}

Napi::Value Map::Dump(const Napi::CallbackInfo& info) {
  return Run(
      info.Env(), [map = Open()] { return DumpAll(map); },
      [](Napi::Env env, PackedEntries entries) {
        Napi::Object object = Napi::Object::New(env);
        object.Set("keys", ToUint8Array(env, std::move(entries.keys)));
        object.Set("values", ToUint8Array(env, std::move(entries.values)));
        object.Set("count", entries.count);
        return object;
      });
}

Napi::Value Map::Mmap(const Napi::CallbackInfo& info) {
  if (!buffer_.IsEmpty()) return buffer_.Value();
  auto* mapping = new Mapping(Open());
  auto buffer = Napi::ArrayBuffer::New(
      info.Env(), mapping->data(), mapping->size(), [](Napi::Env, void*, Mapping* held) { delete held; },
      mapping);
  buffer_ = Napi::Reference<Napi::ArrayBuffer>::New(buffer, 1);
  return buffer;
}

/** Detaching makes every view of the memory empty before it is unmapped. */
Napi::Value Map::CloseMap(const Napi::CallbackInfo& info) {
  if (!buffer_.IsEmpty()) {
    buffer_.Value().Detach();
    buffer_.Reset();
  }
  return Close(info);
}

}  // namespace margay
