// Where one environment wants libbpf's messages.
#pragma once

#include <memory>
#include <string>

#include "mailbox.h"

namespace margay {

struct LogLine {
  /** `enum libbpf_print_level` */
  int level;
  std::string text;
};

class LogSink {
 public:
  /** Receives lines up to this level. */
  LogSink(Napi::Env env, Napi::Function sink, int level);
  ~LogSink();
  LogSink(const LogSink&) = delete;
  LogSink& operator=(const LogSink&) = delete;

  int level() const { return level_; }
  void Push(LogLine line) { lines_->Push(std::move(line)); }

 private:
  void Stop();
  static void AtExit(void* self);

  napi_env env_;
  int level_;
  std::shared_ptr<Mailbox<LogLine>> lines_;
};

}  // namespace margay
