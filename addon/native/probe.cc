#include "probe.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <fcntl.h>
#include <malloc.h>
#include <mntent.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>

#include "fd.h"
#include "instructions.h"
#include "worker.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

namespace margay {
namespace {

using namespace insn;

constexpr int kTcNext = -1;   // TC_ACT_UNSPEC: as if the program were not there
constexpr int kLoopback = 1;  // ifindex of lo in every network namespace
constexpr int kNoDevice = 1;  // for helpers whose call is verified, never run

struct FreeBtf {
  void operator()(btf* types) const { btf__free(types); }
};
using BtfPtr = std::unique_ptr<btf, FreeBtf>;

struct ProgramKind {
  bpf_prog_type type;
  bpf_attach_type attach;
};
constexpr ProgramKind kClassifier = {BPF_PROG_TYPE_SCHED_CLS, {}};

Fd LoadCode(const ProgramKind& kind, const Code& code, int* modules = nullptr) {
  LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = kind.attach);
  opts.fd_array = modules;
  return Fd(Check(bpf_prog_load(kind.type, "margay_probe", "Dual BSD/GPL", code.data(), code.size(), &opts),
                  "bpf_prog_load"));
}

/** A program that calls one helper with constants. */
Fd LoadHelperCall(int helper, std::initializer_list<int> arguments) {
  Code code;
  int reg = BPF_REG_1;
  for (int argument : arguments) code.push_back(Set(reg++, argument));
  code.insert(code.end(), {Call(helper), Set(BPF_REG_0, kTcNext), Exit()});
  return LoadCode(kClassifier, code);
}

BtfPtr KernelTypes() {
  BtfPtr types(btf__load_vmlinux_btf());
  if (!types) throw KernelError(errno, "btf__load_vmlinux_btf", "no BTF of the running kernel");
  return types;
}

void TryBtf() { KernelTypes(); }

void TryTcxLink() {
  const Fd program = LoadCode(kClassifier, {Set(BPF_REG_0, kTcNext), Exit()});
  Fd(Check(bpf_link_create(program.get(), kLoopback, BPF_TCX_INGRESS, nullptr), "bpf_link_create"));
}

void TryRedirectPeer() { LoadHelperCall(BPF_FUNC_redirect_peer, {kNoDevice, 0}); }
void TryRedirectNeigh() { LoadHelperCall(BPF_FUNC_redirect_neigh, {kNoDevice, 0, 0, 0}); }

/** A kernel function, and the module that has it when vmlinux does not. */
struct KernelFunction {
  int type_id;
  Fd module;
};

/** Descriptor of a loaded module's BTF. */
Fd ModuleTypes(const std::string& module) {
  for (uint32_t id = 0; bpf_btf_get_next_id(id, &id) == 0;) {
    Fd fd(bpf_btf_get_fd_by_id(id));
    if (fd.get() < 0) continue;
    std::array<char, 64> name{};
    bpf_btf_info info{};
    info.name = reinterpret_cast<uint64_t>(name.data());
    info.name_len = name.size();
    uint32_t size = sizeof(info);
    if (bpf_btf_get_info_by_fd(fd.get(), &info, &size) == 0 && module == name.data()) return fd;
  }
  throw KernelError(ENOENT, "bpf_btf_get_next_id", "module " + module + " is not loaded");
}

KernelFunction FindFunction(const btf* kernel, const char* name, const char* module) {
  int id = btf__find_by_name_kind(kernel, name, BTF_KIND_FUNC);
  if (id > 0) return {id, Fd()};
  Fd fd = ModuleTypes(module);
  const BtfPtr types(btf__load_module_btf(module, const_cast<btf*>(kernel)));
  id = types ? btf__find_by_name_kind(types.get(), name, BTF_KIND_FUNC) : -ENOENT;
  if (id <= 0) throw KernelError(ENOENT, "btf__find_by_name_kind", std::string(name) + " does not exist");
  return {id, std::move(fd)};
}

/** bpf_skb_ct_lookup(skb, tuple, 12, options, 12), then bpf_ct_release. */
void TryCtLookup() {
  const BtfPtr kernel = KernelTypes();
  const KernelFunction lookup = FindFunction(kernel.get(), "bpf_skb_ct_lookup", "nf_conntrack");
  const KernelFunction release = FindFunction(kernel.get(), "bpf_ct_release", "nf_conntrack");
  int modules[] = {-1, lookup.module.get(), release.module.get()};
  LoadCode(kClassifier,
           {
               ZeroStack(-8),
               ZeroStack(-16),
               ZeroStack(-24),
               ZeroStack(-32),
               Copy(BPF_REG_2, BPF_REG_10),
               Add(BPF_REG_2, -16),
               Set(BPF_REG_3, 12),
               Copy(BPF_REG_4, BPF_REG_10),
               Add(BPF_REG_4, -32),
               Set(BPF_REG_5, 12),
               CallKernel(lookup.type_id, lookup.module.get() < 0 ? 0 : 1),
               SkipIfZero(BPF_REG_0, 2),
               Copy(BPF_REG_1, BPF_REG_0),
               CallKernel(release.type_id, release.module.get() < 0 ? 0 : 2),
               Set(BPF_REG_0, kTcNext),
               Exit(),
           },
           modules);
}

void TryBatch() {
  const Fd map(Check(bpf_map_create(BPF_MAP_TYPE_HASH, "margay_probe", 4, 4, 2, nullptr), "bpf_map_create"));
  const uint32_t keys[2] = {1, 2}, values[2] = {3, 4};
  uint32_t count = 2;
  Check(bpf_map_update_batch(map.get(), keys, values, &count, nullptr), "bpf_map_update_batch");
}

void TryRingBuffer() {
  const auto page = static_cast<uint32_t>(::sysconf(_SC_PAGESIZE));
  Fd(Check(bpf_map_create(BPF_MAP_TYPE_RINGBUF, "margay_probe", 0, 0, page, nullptr), "bpf_map_create"));
}

void TryGetpeername() {
  LoadCode({BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_GETPEERNAME}, {Set(BPF_REG_0, 1), Exit()});
}

/** The helper must be gone from what the verifier left: a call would cost as much as another clock. */
void TryJiffies() {
  const Fd program = LoadHelperCall(BPF_FUNC_jiffies64, {});
  std::array<bpf_insn, 32> left{};
  bpf_prog_info info{};
  info.xlated_prog_insns = reinterpret_cast<uint64_t>(left.data());
  info.xlated_prog_len = sizeof(left);
  uint32_t size = sizeof(info);
  Check(bpf_prog_get_info_by_fd(program.get(), &info, &size), "bpf_prog_get_info_by_fd");
  if (info.xlated_prog_insns == 0) throw KernelError(EPERM, "bpf_prog_get_info_by_fd", "instructions hidden");
  for (size_t i = 0; i < info.xlated_prog_len / sizeof(bpf_insn) && i < left.size(); i++) {
    if (left[i].code == (BPF_JMP | BPF_CALL)) throw KernelError(ENOSYS, "bpf_jiffies64", "not inlined");
  }
}

std::string FindCgroup2() {
  FILE* mounts = ::setmntent("/proc/self/mounts", "re");
  if (mounts == nullptr) throw KernelError(errno, "setmntent", "/proc/self/mounts");
  std::string found;
  while (const mntent* entry = ::getmntent(mounts)) {
    if (std::strcmp(entry->mnt_type, "cgroup2") != 0) continue;
    found = entry->mnt_dir;
    break;
  }
  ::endmntent(mounts);
  if (found.empty()) throw KernelError(ENOENT, "setmntent", "no cgroup2 is mounted");
  return found;
}

/** A program that refuses nothing, for an instant. */
void TryCgroupLink() {
  const Fd program =
      LoadCode({BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_CONNECT}, {Set(BPF_REG_0, 1), Exit()});
  const std::string path = FindCgroup2();
  const Fd cgroup(Check(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open", path));
  Fd(Check(bpf_link_create(program.get(), cgroup.get(), BPF_CGROUP_INET4_CONNECT, nullptr), "bpf_link_create",
           path));
}

struct Feature {
  const char* name;
  void (*attempt)();
};

constexpr Feature kFeatures[] = {
    {"btf", TryBtf},
    {"tcxLink", TryTcxLink},
    {"redirectPeer", TryRedirectPeer},
    {"redirectNeigh", TryRedirectNeigh},
    {"ctLookup", TryCtLookup},
    {"batch", TryBatch},
    {"ringBuffer", TryRingBuffer},
    {"getpeername", TryGetpeername},
    {"jiffies", TryJiffies},
    {"cgroupLink", TryCgroupLink},
};

/** What failed, by feature; nothing for what works. */
using Outcome = std::vector<std::pair<const char*, std::optional<std::string>>>;

Outcome TryAll() {
  Outcome outcome;
  for (const Feature& feature : kFeatures) {
    std::optional<std::string> failure;
    try {
      feature.attempt();
    } catch (const KernelError& e) {
      failure = e.message();
    }
    outcome.emplace_back(feature.name, std::move(failure));
  }
  ::malloc_trim(0);
  return outcome;
}

}  // namespace

Napi::Value Probe(const Napi::CallbackInfo& info) {
  return Run(info.Env(), TryAll, [](Napi::Env env, const Outcome& outcome) {
    Napi::Object features = Napi::Object::New(env);
    Napi::Object failures = Napi::Object::New(env);
    for (const auto& [name, failure] : outcome) {
      features.Set(name, !failure.has_value());
      if (failure) failures.Set(name, *failure);
    }
    features.Set("failures", failures);
    return features;
  });
}

Napi::Value NetnsCookie(const Napi::CallbackInfo& info) {
  const Fd socket(Check(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket"));
  uint64_t cookie = 0;
  socklen_t size = sizeof(cookie);
  Check(::getsockopt(socket.get(), SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size), "getsockopt",
        "SO_NETNS_COOKIE");
  return Napi::BigInt::New(info.Env(), cookie);
}

}  // namespace margay
