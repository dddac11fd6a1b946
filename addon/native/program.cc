#include "program.h"

#include <bpf/bpf.h>

#include <array>
#include <cstring>

#include "addon.h"
#include "worker.h"

namespace margay {
namespace {

/** Room for what a program may put in front of or behind the packet. */
constexpr size_t kGrowth = 1024;

struct Request {
  Bytes data;
  Bytes context;
  int repeat = 1;
  uint32_t flags = 0;
  bool wants_context = false;
};

struct Answer {
  uint32_t retval = 0;
  uint32_t duration = 0;
  Bytes data;
  Bytes context;
};

std::string Hex(const uint8_t* bytes, size_t count) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (size_t i = 0; i < count; i++) {
    out += kDigits[bytes[i] >> 4];
    out += kDigits[bytes[i] & 15];
  }
  return out;
}

Answer Execute(int fd, const Request& request, const std::string& name) {
  Answer answer;
  answer.data.resize(request.data.size() + kGrowth);
  answer.context.resize(std::max(sizeof(__sk_buff), request.context.size()));
  LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = request.data.data(), .data_out = answer.data.data(),
              .data_size_in = static_cast<uint32_t>(request.data.size()),
              .data_size_out = static_cast<uint32_t>(answer.data.size()), .repeat = request.repeat);
  opts.flags = request.flags;
  if (!request.context.empty()) {
    opts.ctx_in = request.context.data();
    opts.ctx_size_in = static_cast<uint32_t>(request.context.size());
  }
  if (request.wants_context) {
    opts.ctx_out = answer.context.data();
    opts.ctx_size_out = static_cast<uint32_t>(answer.context.size());
  }
  Check(bpf_prog_test_run_opts(fd, &opts), "bpf_prog_test_run", name);
  answer.retval = opts.retval;
  answer.duration = opts.duration;
  answer.data.resize(opts.data_size_out);
  answer.context.resize(request.wants_context ? opts.ctx_size_out : 0);
  return answer;
}

}  // namespace

OpenProgram DescribeProgram(SharedFd fd, const std::string& name, uint32_t attach_type) {
  bpf_prog_info info{};
  uint32_t size = sizeof(info);
  Check(bpf_prog_get_info_by_fd(fd->get(), &info, &size), "bpf_prog_get_info_by_fd", name);
  ProgramFacts facts;
  facts.name = name.empty() ? info.name : name;
  facts.id = info.id;
  facts.type = info.type;
  facts.attach_type = attach_type;
  facts.tag = Hex(info.tag, sizeof(info.tag));
  facts.xlated_instructions = info.xlated_prog_len / static_cast<uint32_t>(sizeof(bpf_insn));
  facts.verified_instructions = info.verified_insns;
  facts.jited_bytes = info.jited_prog_len;
  return {std::move(fd), std::move(facts)};
}

Napi::Function Program::Define(Napi::Env env) {
  return DefineClass(env, kName,
                     {
                         InstanceMethod("testRun", &Program::Guarded<&Program::TestRun>),
                         InstanceMethod("pin", &Program::Guarded<&Program::Pin>),
                         InstanceMethod("close", &Program::Guarded<&Program::Close>),
                     });
}

Napi::Value Program::New(Napi::Env env, OpenProgram open) {
  Napi::Object object = Addon::Of(env).program_class.New({});
  Program& program = From(object);
  program.Adopt(std::move(open.fd));
  program.facts_ = std::move(open.facts);
  const ProgramFacts& facts = program.facts_;
  object.Set("name", facts.name);
  object.Set("id", facts.id);
  object.Set("tag", facts.tag);
  object.Set("xlatedInstructions", facts.xlated_instructions);
  object.Set("verifiedInstructions", facts.verified_instructions);
  object.Set("jitedBytes", facts.jited_bytes);
  return object;
}

Napi::Value Program::TestRun(const Napi::CallbackInfo& info) {
  Napi::Object options = ObjectArg(info[0], "options");
  Request request;
  request.data = BytesArg(options.Get("data"), "data");
  if (auto context = Optional(options, "context")) request.context = BytesArg(*context, "context");
  if (auto repeat = Optional(options, "repeat"))
    request.repeat = static_cast<int>(Uint32Arg(*repeat, "repeat"));
  if (auto flags = Optional(options, "flags")) request.flags = Uint32Arg(*flags, "flags");
  request.wants_context = !request.context.empty() || facts_.type == BPF_PROG_TYPE_SCHED_CLS;
  return Run(
      info.Env(),
      [fd = Share(), request = std::move(request), name = facts_.name] {
        return Execute(fd->get(), request, name);
      },
      [](Napi::Env env, Answer answer) {
        Napi::Object object = Napi::Object::New(env);
        object.Set("retval", answer.retval);
        object.Set("duration", answer.duration);
        object.Set("data", ToUint8Array(env, std::move(answer.data)));
        object.Set("context", ToUint8Array(env, std::move(answer.context)));
        return object;
      });
}

}  // namespace margay
