#include "link.h"

#include <bpf/bpf.h>
#include <fcntl.h>

#include "addon.h"
#include "program.h"
#include "tc.h"

namespace margay {
namespace {

Napi::Value Wrap(Napi::Env env, int fd) { return Link::New(env, std::make_shared<const Fd>(fd)); }

}  // namespace

Napi::Function Link::Define(Napi::Env env) {
  return DefineClass(env, kName,
                     {
                         InstanceMethod("info", &Link::Guarded<&Link::Info>),
                         InstanceMethod("update", &Link::Guarded<&Link::Update>),
                         InstanceMethod("pin", &Link::Guarded<&Link::Pin>),
                         InstanceMethod("close", &Link::Guarded<&Link::Close>),
                     });
}

Napi::Value Link::New(Napi::Env env, SharedFd fd) {
  Napi::Object object = Addon::Of(env).link_class.New({});
  From(object).Adopt(std::move(fd));
  return object;
}

Napi::Value Link::Info(const Napi::CallbackInfo& info) {
  bpf_link_info found{};
  uint32_t size = sizeof(found);
  Check(bpf_link_get_info_by_fd(RawFd(), &found, &size), "bpf_link_get_info_by_fd");
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("id", found.id);
  object.Set("programId", found.prog_id);
  if (found.type == BPF_LINK_TYPE_TCX) {
    object.Set("attachType", found.tcx.attach_type);
    object.Set("ifindex", found.tcx.ifindex);
  } else if (found.type == BPF_LINK_TYPE_CGROUP) {
    object.Set("attachType", found.cgroup.attach_type);
    object.Set("cgroupId", Napi::BigInt::New(info.Env(), uint64_t{found.cgroup.cgroup_id}));
  }
  return object;
}

Napi::Value Link::Update(const Napi::CallbackInfo& info) {
  const Program& program = Program::From(info[0]);
  Check(bpf_link_update(RawFd(), program.RawFd(), nullptr), "bpf_link_update", program.facts().name);
  return info.Env().Undefined();
}

Napi::Value AttachTcx(const Napi::CallbackInfo& info) {
  const Program& program = Program::From(info[0]);
  const uint32_t ifindex = Uint32Arg(info[1], "ifindex");
  const bpf_attach_type type = IsIngress(info[2]) ? BPF_TCX_INGRESS : BPF_TCX_EGRESS;
  const std::string detail = program.facts().name + " at ifindex " + std::to_string(ifindex);
  return Wrap(info.Env(), Check(bpf_link_create(program.RawFd(), static_cast<int>(ifindex), type, nullptr),
                                "bpf_link_create", detail));
}

Napi::Value AttachCgroup(const Napi::CallbackInfo& info) {
  const Program& program = Program::From(info[0]);
  const std::string path = StringArg(info[1], "cgroupPath");
  const Fd cgroup(Check(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open", path));
  const auto type = static_cast<bpf_attach_type>(program.facts().attach_type);
  return Wrap(info.Env(), Check(bpf_link_create(program.RawFd(), cgroup.get(), type, nullptr),
                                "bpf_link_create", program.facts().name + " at " + path));
}

Napi::Value OpenPinnedLink(const Napi::CallbackInfo& info) {
  return Link::New(info.Env(), OpenPin(StringArg(info[0], "path"), "link"));
}

}  // namespace margay
