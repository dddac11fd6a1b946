#include "object.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <malloc.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>

#include "log.h"
#include "map.h"
#include "program.h"
#include "worker.h"

namespace margay {
namespace {

/** Virtual only: the verifier touches what it writes. The largest size that old kernels take. */
constexpr size_t kLogBytes = (16U << 20) - 1;
/** The end of a log tells what was refused. */
constexpr size_t kLogKept = 256U << 10;

struct Request {
  std::string path;
  std::string pin_dir;
  std::vector<std::pair<std::string, Bytes>> rodata;
  std::vector<std::pair<std::string, uint32_t>> max_entries;
  std::optional<std::vector<std::string>> programs;
};

struct Loaded {
  std::vector<OpenMap> maps;
  std::vector<OpenProgram> programs;
};

struct CloseObject {
  void operator()(bpf_object* object) const { bpf_object__close(object); }
};
using ObjectPtr = std::unique_ptr<bpf_object, CloseObject>;

struct LogBuffer {
  std::string program;
  std::unique_ptr<char[]> text;
};

/** `.rodata` for `margay4.rodata`; other names as they are. */
std::string MapName(const bpf_map* map) {
  const std::string name = bpf_map__name(map);
  const size_t dot = name.find('.');
  return bpf_map__is_internal(map) && dot != std::string::npos ? name.substr(dot) : name;
}

ObjectPtr Open(const Request& request, const WarningTrap& warnings) {
  bpf_object* object = bpf_object__open_file(request.path.c_str(), nullptr);
  if (object == nullptr) throw KernelError(errno, "bpf_object__open_file", request.path + warnings.Text());
  return ObjectPtr(object);
}

void SelectPrograms(bpf_object* object, const Request& request) {
  if (!request.programs) return;
  bpf_program* program;
  bpf_object__for_each_program(program, object) bpf_program__set_autoload(program, false);
  for (const std::string& name : *request.programs) {
    program = bpf_object__find_program_by_name(object, name.c_str());
    if (program == nullptr) throw KernelError(ENOENT, "load", request.path + " has no program " + name);
    bpf_program__set_autoload(program, true);
  }
}

void SizeMaps(bpf_object* object, const Request& request) {
  for (const auto& [name, entries] : request.max_entries) {
    bpf_map* map = bpf_object__find_map_by_name(object, name.c_str());
    if (map == nullptr) throw KernelError(ENOENT, "load", request.path + " has no map " + name);
    Check(bpf_map__set_max_entries(map, entries), "bpf_map__set_max_entries", name);
  }
}

void PinMaps(bpf_object* object, const Request& request) {
  if (request.pin_dir.empty()) return;
  std::error_code failed;
  std::filesystem::create_directories(request.pin_dir, failed);
  if (failed) throw KernelError(failed.value(), "mkdir", request.pin_dir);
  bpf_map* map;
  bpf_object__for_each_map(map, object) {
    if (bpf_map__is_internal(map)) continue;
    const std::string path = request.pin_dir + "/" + bpf_map__name(map);
    Check(bpf_map__set_pin_path(map, path.c_str()), "bpf_map__set_pin_path", path);
  }
}

/** Where BTF says that a variable lies in `.rodata`. */
std::optional<btf_var_secinfo> FindVariable(const btf* types, const std::string& name) {
  const int section = btf__find_by_name_kind(types, ".rodata", BTF_KIND_DATASEC);
  if (section < 0) return std::nullopt;
  const btf_type* datasec = btf__type_by_id(types, static_cast<uint32_t>(section));
  const btf_var_secinfo* entries = btf_var_secinfos(datasec);
  for (uint32_t i = 0; i < btf_vlen(datasec); i++) {
    const btf_type* variable = btf__type_by_id(types, entries[i].type);
    if (name == btf__name_by_offset(types, variable->name_off)) return entries[i];
  }
  return std::nullopt;
}

void FillRodata(bpf_object* object, const Request& request) {
  if (request.rodata.empty()) return;
  const bpf_map* map = bpf_object__find_map_by_name(object, ".rodata");
  size_t size = 0;
  auto* image = map == nullptr ? nullptr : static_cast<uint8_t*>(bpf_map__initial_value(map, &size));
  if (image == nullptr) throw KernelError(ENOENT, "load", request.path + " has no .rodata");
  for (const auto& [name, bytes] : request.rodata) {
    const auto variable = FindVariable(bpf_object__btf(object), name);
    if (!variable) throw KernelError(ENOENT, "load", request.path + " has no constant " + name);
    if (bytes.size() != variable->size || size < variable->offset || size - variable->offset < bytes.size()) {
      throw KernelError(EINVAL, "load",
                        "constant " + name + " takes " + std::to_string(variable->size) + " bytes, not " +
                            std::to_string(bytes.size()));
    }
    std::memcpy(image + variable->offset, bytes.data(), bytes.size());
  }
}

/** A buffer a program: one for the whole object would keep the last program's words only. */
std::vector<LogBuffer> GiveLogBuffers(bpf_object* object) {
  std::vector<LogBuffer> buffers;
  bpf_program* program;
  bpf_object__for_each_program(program, object) {
    if (!bpf_program__autoload(program)) continue;
    LogBuffer buffer{bpf_program__name(program), std::unique_ptr<char[]>(new char[kLogBytes])};
    buffer.text[0] = '\0';
    Check(bpf_program__set_log_buf(program, buffer.text.get(), kLogBytes), "bpf_program__set_log_buf");
    buffers.push_back(std::move(buffer));
  }
  return buffers;
}

VerifierLogs ReadLogs(const std::vector<LogBuffer>& buffers) {
  VerifierLogs logs;
  for (const LogBuffer& buffer : buffers) {
    const size_t length = ::strnlen(buffer.text.get(), kLogBytes);
    const size_t skipped = length - std::min(length, kLogKept);
    if (length > 0)
      logs.emplace_back(buffer.program, std::string(buffer.text.get() + skipped, length - skipped));
  }
  return logs;
}

Loaded Collect(bpf_object* object) {
  Loaded loaded;
  bpf_map* map;
  bpf_object__for_each_map(map, object) {
    if (bpf_map__fd(map) >= 0) loaded.maps.push_back(DescribeMap(DupFd(bpf_map__fd(map)), MapName(map)));
  }
  bpf_program* program;
  bpf_object__for_each_program(program, object) {
    if (!bpf_program__autoload(program)) continue;
    const auto type = static_cast<uint32_t>(bpf_program__expected_attach_type(program));
    loaded.programs.push_back(
        DescribeProgram(DupFd(bpf_program__fd(program)), bpf_program__name(program), type));
  }
  return loaded;
}

/** What libbpf parsed is freed at the end: the descriptors are all that is needed from then on. */
Loaded LoadObject(const Request& request) {
  Loaded loaded;
  {
    const WarningTrap warnings;
    ObjectPtr object = Open(request, warnings);
    SelectPrograms(object.get(), request);
    SizeMaps(object.get(), request);
    PinMaps(object.get(), request);
    FillRodata(object.get(), request);
    const std::vector<LogBuffer> logs = GiveLogBuffers(object.get());
    const int rc = bpf_object__load(object.get());
    if (rc < 0) throw KernelError(-rc, "bpf_object__load", request.path + warnings.Text(), ReadLogs(logs));
    loaded = Collect(object.get());
  }
  ::malloc_trim(0);
  return loaded;
}

template <class Read>
auto ReadRecord(const Napi::Object& options, const char* name, Read read) {
  std::vector<std::pair<std::string, decltype(read(Napi::Value(), ""))>> out;
  const auto found = Optional(options, name);
  if (!found) return out;
  Napi::Object record = ObjectArg(*found, name);
  Napi::Array keys = record.GetPropertyNames();
  for (uint32_t i = 0; i < keys.Length(); i++) {
    const std::string key = StringArg(keys.Get(i), name);
    out.emplace_back(key, read(record.Get(key), key.c_str()));
  }
  return out;
}

Request ReadRequest(const Napi::Object& options) {
  Request request;
  request.path = StringField(options, "path");
  if (auto dir = Optional(options, "pinDir")) request.pin_dir = StringArg(*dir, "pinDir");
  request.rodata = ReadRecord(options, "rodata", BytesArg);
  request.max_entries = ReadRecord(options, "maxEntries", Uint32Arg);
  if (auto programs = Optional(options, "programs")) {
    if (!programs->IsArray()) throw Napi::TypeError::New(options.Env(), "programs must be an array");
    Napi::Array names = programs->As<Napi::Array>();
    request.programs.emplace();
    for (uint32_t i = 0; i < names.Length(); i++)
      request.programs->push_back(StringArg(names.Get(i), "program"));
  }
  return request;
}

Napi::Value ToJs(Napi::Env env, Loaded loaded) {
  Napi::Array maps = Napi::Array::New(env);
  for (OpenMap& map : loaded.maps) maps.Set(maps.Length(), Map::New(env, std::move(map)));
  Napi::Array programs = Napi::Array::New(env);
  for (OpenProgram& program : loaded.programs) {
    programs.Set(programs.Length(), Program::New(env, std::move(program)));
  }
  Napi::Object object = Napi::Object::New(env);
  object.Set("maps", maps);
  object.Set("programs", programs);
  return object;
}

}  // namespace

Napi::Value Load(const Napi::CallbackInfo& info) {
  return Run(
      info.Env(), [request = ReadRequest(ObjectArg(info[0], "options"))] { return LoadObject(request); },
      ToJs);
}

Napi::Value OpenPinnedMap(const Napi::CallbackInfo& info) {
  return Map::New(info.Env(), DescribeMap(OpenPin(StringArg(info[0], "path"), "bpf-map")));
}

}  // namespace margay
