#include "log.h"

#include <bpf/libbpf.h>

#include <algorithm>
#include <cstdarg>
#include <string_view>

#include "addon.h"
#include "args.h"
#include "log-sink.h"

namespace margay {
namespace {

constexpr size_t kWaiting = 4096;
constexpr std::string_view kPrefix = "libbpf: ";
constexpr const char* kLevels[] = {"warn", "info", "debug"};

/**
 * libbpf has one print function a process, environments (worker threads) come and go: hence the one
 * global of this addon. The lock is held while a line is pushed, so that no sink goes meanwhile.
 */
struct Registry {
  std::mutex mutex;
  std::vector<LogSink*> sinks;

  static Registry& Get() {
    static Registry registry;
    return registry;
  }
};

thread_local WarningTrap* trap = nullptr;

std::string Format(const char* format, va_list arguments) {
  va_list copy;
  va_copy(copy, arguments);
  const int length = std::vsnprintf(nullptr, 0, format, copy);
  va_end(copy);
  std::string text(length > 0 ? static_cast<size_t>(length) : 0, '\0');
  std::vsnprintf(text.data(), text.size() + 1, format, arguments);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  if (text.starts_with(kPrefix)) text.erase(0, kPrefix.size());
  return text;
}

__attribute__((format(printf, 2, 0))) int Print(libbpf_print_level level, const char* format,
                                                va_list arguments) {
  const bool trapped = trap != nullptr && level == LIBBPF_WARN;
  Registry& registry = Registry::Get();
  std::lock_guard lock(registry.mutex);
  auto wants = [level](const LogSink* sink) { return level <= sink->level(); };
  if (!trapped && std::none_of(registry.sinks.begin(), registry.sinks.end(), wants)) return 0;
  const std::string text = Format(format, arguments);
  if (trapped) trap->Add(text);
  for (LogSink* sink : registry.sinks) {
    if (wants(sink)) sink->Push({level, text});
  }
  return 0;
}

int LevelArg(const Napi::Value& value) {
  if (value.IsUndefined()) return LIBBPF_INFO;
  const std::string name = StringArg(value, "level");
  const auto* found = std::find(std::begin(kLevels), std::end(kLevels), name);
  if (found == std::end(kLevels))
    throw Napi::TypeError::New(value.Env(), "level must be warn, info or debug");
  return static_cast<int>(found - std::begin(kLevels));
}

}  // namespace

LogSink::LogSink(Napi::Env env, Napi::Function sink, int level) : env_(env), level_(level) {
  auto target = std::make_shared<Napi::FunctionReference>(Napi::Persistent(sink));
  lines_ = Mailbox<LogLine>::Open(
      env, {"margay log", kWaiting, false},
      [target](Napi::Env e, std::vector<LogLine>&& lines, uint64_t dropped) {
        auto write = [&](int level_of, const std::string& text) {
          Napi::HandleScope scope(e);
          target->Call({Napi::String::New(e, kLevels[level_of]), Napi::String::New(e, text)});
        };
        for (const LogLine& line : lines) write(line.level, line.text);
        if (dropped > 0) write(LIBBPF_WARN, std::to_string(dropped) + " messages of libbpf were dropped");
      });
  napi_add_env_cleanup_hook(env_, AtExit, this);
  Registry& registry = Registry::Get();
  std::lock_guard lock(registry.mutex);
  registry.sinks.push_back(this);
}

LogSink::~LogSink() {
  napi_remove_env_cleanup_hook(env_, AtExit, this);
  Stop();
}

void LogSink::Stop() {
  Registry& registry = Registry::Get();
  {
    std::lock_guard lock(registry.mutex);
    std::erase(registry.sinks, this);
  }
  lines_->Close();
}

void LogSink::AtExit(void* self) { static_cast<LogSink*>(self)->Stop(); }

WarningTrap::WarningTrap() { trap = this; }
WarningTrap::~WarningTrap() { trap = nullptr; }

void WarningTrap::Add(const std::string& warning) {
  if (warning.find("Retrying") == std::string::npos) lines_.push_back(warning.substr(0, warning.find('\n')));
}

std::string WarningTrap::Text() const {
  std::string text;
  for (const std::string& line : lines_) text += "; " + line;
  return text;
}

void CaptureLibbpfLog() { libbpf_set_print(Print); }

Napi::Value SetLogSink(const Napi::CallbackInfo& info) {
  auto& current = Addon::Of(info.Env()).log_sink;
  current.reset();
  if (!info[0].IsUndefined()) {
    current = std::make_unique<LogSink>(info.Env(), FunctionArg(info[0], "sink"), LevelArg(info[1]));
  }
  return info.Env().Undefined();
}

}  // namespace margay
