// Failures of the kernel or libbpf, and how they reach JavaScript.
#pragma once

#include <napi.h>

#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace margay {

/** The kernel's own "not supported", which no libc header names. */
inline constexpr int kEnotsupp = 524;

/** Name and text per program. */
using VerifierLogs = std::vector<std::pair<std::string, std::string>>;

/** A call that failed. Thrown on any thread; becomes a JavaScript KernelError on the main one. */
class KernelError : public std::exception {
 public:
  KernelError(int error, std::string call, std::string detail = {}, VerifierLogs logs = {});

  const char* what() const noexcept override { return message_.c_str(); }
  int error() const { return error_; }
  const std::string& message() const { return message_; }
  Napi::Error ToJs(Napi::Env env) const;

 private:
  int error_;
  std::string call_;
  std::string message_;
  VerifierLogs logs_;
};

/** `EPERM` for 1. */
std::string ErrnoName(int error);

/** Returns rc when it is not negative, else throws with errno (libbpf 1.x sets it too). */
int Check(int rc, const char* call, const std::string& detail = {});

/** Runs f; a KernelError becomes the JavaScript exception. */
template <class F>
auto Guard(Napi::Env env, F&& f) {
  try {
    return f();
  } catch (const KernelError& e) {
    throw e.ToJs(env);
  } catch (const Napi::Error&) {
    throw;
  } catch (const std::exception& e) {
    throw Napi::Error::New(env, e.what());
  }
}

/** A free function as a JavaScript callback. */
template <Napi::Value (*F)(const Napi::CallbackInfo&)>
Napi::Value Guarded(const Napi::CallbackInfo& info) {
  return Guard(info.Env(), [&] { return F(info); });
}

}  // namespace margay
