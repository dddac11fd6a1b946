#include "tc.h"

#include <bpf/libbpf.h>

#include <cerrno>

#include "program.h"

namespace margay {
namespace {

/** With the priority, what identifies our filter among others on the same hook. */
constexpr uint32_t kHandle = 1;

bpf_tc_hook Hook(const Napi::Value& ifindex, const Napi::Value& direction) {
  bpf_tc_hook hook{};
  hook.sz = sizeof(hook);
  hook.ifindex = static_cast<int>(Uint32Arg(ifindex, "ifindex"));
  hook.attach_point = IsIngress(direction) ? BPF_TC_INGRESS : BPF_TC_EGRESS;
  return hook;
}

/** Id of the program that our filter has at the hook; 0: there is none. */
uint32_t FilterProgram(const bpf_tc_hook& hook, uint32_t priority) {
  LIBBPF_OPTS(bpf_tc_opts, opts, .handle = kHandle, .priority = priority);
  return bpf_tc_query(&hook, &opts) == 0 ? opts.prog_id : 0;
}

std::string Where(const bpf_tc_hook& hook) { return "ifindex " + std::to_string(hook.ifindex); }

}  // namespace

bool IsIngress(const Napi::Value& direction) {
  const std::string text = StringArg(direction, "direction");
  if (text != "ingress" && text != "egress") {
    throw Napi::TypeError::New(direction.Env(), "direction must be ingress or egress");
  }
  return text == "ingress";
}

Napi::Value AttachClsact(const Napi::CallbackInfo& info) {
  const Program& program = Program::From(info[0]);
  bpf_tc_hook hook = Hook(info[1], info[2]);
  const int created = bpf_tc_hook_create(&hook);
  if (created < 0 && created != -EEXIST) throw KernelError(-created, "bpf_tc_hook_create", Where(hook));
  const uint32_t priority = Uint32Arg(info[3], "priority");
  const uint32_t before = created == 0 ? 0 : FilterProgram(hook, priority);
  if (before == program.facts().id) return Napi::String::New(info.Env(), "Kept");
  LIBBPF_OPTS(bpf_tc_opts, opts, .prog_fd = program.RawFd(), .flags = BPF_TC_F_REPLACE, .handle = kHandle,
              .priority = priority);
  const int rc = bpf_tc_attach(&hook, &opts);
  if (rc < 0) throw KernelError(-rc, "bpf_tc_attach", program.facts().name + " at " + Where(hook));
  return Napi::String::New(info.Env(), before == 0 ? "Attached" : "Replaced");
}

Napi::Value DetachClsact(const Napi::CallbackInfo& info) {
  const bpf_tc_hook hook = Hook(info[0], info[1]);
  LIBBPF_OPTS(bpf_tc_opts, opts, .handle = kHandle, .priority = Uint32Arg(info[2], "priority"));
  const int rc = bpf_tc_detach(&hook, &opts);
  // No such filter is ENOENT, no clsact at all EINVAL, no such device ENODEV.
  if (rc < 0 && rc != -ENOENT && rc != -EINVAL && rc != -ENODEV) {
    throw KernelError(-rc, "bpf_tc_detach", Where(hook));
  }
  return Napi::Boolean::New(info.Env(), rc == 0);
}

}  // namespace margay
