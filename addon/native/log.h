// libbpf's messages.
#pragma once

#include <napi.h>

#include <string>
#include <vector>

namespace margay {

/** From now on libbpf writes to the sinks that there are, and never to stderr. */
void CaptureLibbpfLog();

/** While it lives, keeps the warnings that libbpf gives on this thread: they tell what an errno does not. */
class WarningTrap {
 public:
  WarningTrap();
  ~WarningTrap();
  WarningTrap(const WarningTrap&) = delete;
  WarningTrap& operator=(const WarningTrap&) = delete;

  /** The first line of each, but for those that tell of a second try. */
  std::string Text() const;
  void Add(const std::string& warning);

 private:
  std::vector<std::string> lines_;
};

/** Function of Native. */
Napi::Value SetLogSink(const Napi::CallbackInfo& info);

}  // namespace margay
