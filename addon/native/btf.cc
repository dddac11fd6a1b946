#include "btf.h"

#include <bpf/btf.h>

#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include "args.h"
#include "worker.h"

namespace margay {
namespace {

struct Member;

/** One BtfType of api.ts. */
struct Type {
  enum class Kind { kInt, kArray, kStruct, kEnum, kOther } kind = Kind::kOther;
  std::string name;
  uint32_t size = 0;
  bool is_signed = false;
  uint32_t count = 0;
  std::vector<Type> element;  // none or one
  std::vector<Member> members;
  std::vector<std::pair<std::string, double>> values;
};

struct Member {
  std::string name;
  uint32_t offset;
  Type type;
};

struct FreeBtf {
  void operator()(btf* types) const { btf__free(types); }
};

class Reader {
 public:
  explicit Reader(const std::string& path) : types_(btf__parse(path.c_str(), nullptr)) {
    if (types_ == nullptr) throw KernelError(errno, "btf__parse", path);
  }

  std::vector<Type> Named() const {
    std::vector<Type> out;
    for (uint32_t id = 1; id < btf__type_cnt(types_.get()); id++) {
      const btf_type* type = btf__type_by_id(types_.get(), id);
      const bool wanted = btf_is_struct(type) || btf_is_any_enum(type);
      if (wanted && type->name_off != 0) out.push_back(Read(id));
    }
    return out;
  }

 private:
  std::string Name(uint32_t offset) const { return btf__name_by_offset(types_.get(), offset); }

  Type Read(uint32_t id) const {
    // The outermost typedef is the name that the header uses: __be16 says more than unsigned short.
    std::string alias;
    const btf_type* type = btf__type_by_id(types_.get(), id);
    while (btf_is_mod(type) || btf_is_typedef(type)) {
      if (btf_is_typedef(type) && alias.empty()) alias = Name(type->name_off);
      type = btf__type_by_id(types_.get(), type->type);
    }
    Type out = ReadResolved(type);
    if (!alias.empty()) out.name = alias;
    return out;
  }

  Type ReadResolved(const btf_type* type) const {
    switch (btf_kind(type)) {
      case BTF_KIND_INT:
        return ReadInt(type);
      case BTF_KIND_ARRAY:
        return ReadArray(type);
      case BTF_KIND_STRUCT:
        return ReadStruct(type);
      case BTF_KIND_ENUM:
      case BTF_KIND_ENUM64:
        return ReadEnum(type);
      default:
        return Other(type);
    }
  }

  Type Other(const btf_type* type) const {
    Type out;
    out.name = Name(type->name_off);
    if (btf_is_union(type) || btf_is_float(type)) out.size = type->size;
    if (btf_is_ptr(type)) out.size = static_cast<uint32_t>(btf__pointer_size(types_.get()));
    return out;
  }

  Type ReadInt(const btf_type* type) const {
    Type out;
    out.kind = Type::Kind::kInt;
    out.name = Name(type->name_off);
    out.size = type->size;
    out.is_signed = (btf_int_encoding(type) & BTF_INT_SIGNED) != 0;
    return out;
  }

  Type ReadArray(const btf_type* type) const {
    Type out;
    out.kind = Type::Kind::kArray;
    out.count = btf_array(type)->nelems;
    out.element.push_back(Read(btf_array(type)->type));
    out.size = out.element.front().size * out.count;
    return out;
  }

  Type ReadStruct(const btf_type* type) const {
    Type out;
    out.kind = Type::Kind::kStruct;
    out.name = Name(type->name_off);
    out.size = type->size;
    for (uint32_t i = 0; i < btf_vlen(type); i++) {
      const btf_member& member = btf_members(type)[i];
      const bool bitfield = btf_member_bitfield_size(type, i) != 0;
      out.members.push_back(
          {Name(member.name_off), btf_member_bit_offset(type, i) / 8, bitfield ? Type{} : Read(member.type)});
    }
    return out;
  }

  Type ReadEnum(const btf_type* type) const {
    Type out;
    out.kind = Type::Kind::kEnum;
    out.name = Name(type->name_off);
    out.size = type->size;
    for (uint32_t i = 0; i < btf_vlen(type); i++) {
      if (btf_is_enum64(type)) {
        const auto& value = btf_enum64(type)[i];
        const uint64_t bits = btf_enum64_value(&value);
        const auto number =
            btf_kflag(type) ? static_cast<double>(static_cast<int64_t>(bits)) : static_cast<double>(bits);
        out.values.emplace_back(Name(value.name_off), number);
      } else {
        const auto& value = btf_enum(type)[i];
        const double number = btf_kflag(type) ? double(value.val) : double(static_cast<uint32_t>(value.val));
        out.values.emplace_back(Name(value.name_off), number);
      }
    }
    return out;
  }

  std::unique_ptr<btf, FreeBtf> types_;
};

Napi::Object ToJs(Napi::Env env, const Type& type);

void FillStruct(Napi::Object& object, const Type& type) {
  Napi::Array members = Napi::Array::New(object.Env(), type.members.size());
  for (uint32_t i = 0; i < type.members.size(); i++) {
    Napi::Object member = Napi::Object::New(object.Env());
    member.Set("name", type.members[i].name);
    member.Set("offset", type.members[i].offset);
    member.Set("type", ToJs(object.Env(), type.members[i].type));
    members.Set(i, member);
  }
  object.Set("members", members);
}

Napi::Object ToJs(Napi::Env env, const Type& type) {
  static constexpr const char* kKinds[] = {"int", "array", "struct", "enum", "other"};
  Napi::Object object = Napi::Object::New(env);
  object.Set("kind", kKinds[static_cast<int>(type.kind)]);
  object.Set("size", type.size);
  if (type.kind != Type::Kind::kArray) object.Set("name", type.name);
  if (type.kind == Type::Kind::kInt) object.Set("signed", type.is_signed);
  if (type.kind == Type::Kind::kStruct) FillStruct(object, type);
  if (type.kind == Type::Kind::kArray) {
    object.Set("count", type.count);
    object.Set("element", ToJs(env, type.element.front()));
  }
  if (type.kind == Type::Kind::kEnum) {
    Napi::Object values = Napi::Object::New(env);
    for (const auto& [name, value] : type.values) values.Set(name, value);
    object.Set("values", values);
  }
  return object;
}

}  // namespace

Napi::Value ReadBtf(const Napi::CallbackInfo& info) {
  return Run(
      info.Env(), [path = StringArg(info[0], "path")] { return Reader(path).Named(); },
      [](Napi::Env env, const std::vector<Type>& types) {
        Napi::Array array = Napi::Array::New(env, types.size());
        for (uint32_t i = 0; i < types.size(); i++) array.Set(i, ToJs(env, types[i]));
        return array;
      });
}

}  // namespace margay
