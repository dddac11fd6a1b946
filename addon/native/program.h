// BpfProgram of api.ts.
#pragma once

#include <cstdint>
#include <string>

#include "handle.h"

namespace margay {

/** What a loaded program is. */
struct ProgramFacts {
  std::string name;
  uint32_t id = 0;
  uint32_t type = 0;
  /** `enum bpf_attach_type` it was loaded for; cgroup programs attach there. */
  uint32_t attach_type = 0;
  std::string tag;
  uint32_t xlated_instructions = 0;
  uint32_t verified_instructions = 0;
  uint32_t jited_bytes = 0;
};

struct OpenProgram {
  SharedFd fd;
  ProgramFacts facts;
};

/** Asks the kernel about a program; `name` overrides the kernel's, which is cut after 15 characters. */
OpenProgram DescribeProgram(SharedFd fd, const std::string& name, uint32_t attach_type);

class Program : public Handle<Program> {
 public:
  static constexpr napi_type_tag kTag = {0x6d61726761790002, 0xb1b3c16ad6f34a52};
  static constexpr const char* kName = "BpfProgram";

  static Napi::Function Define(Napi::Env env);
  static Napi::Value New(Napi::Env env, OpenProgram program);

  explicit Program(const Napi::CallbackInfo& info) : Handle(info) {}

  const ProgramFacts& facts() const { return facts_; }

 private:
  friend class Handle<Program>;

  Napi::Value TestRun(const Napi::CallbackInfo& info);

  ProgramFacts facts_;
};

}  // namespace margay
