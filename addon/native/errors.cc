#include "errors.h"

#include <cerrno>
#include <cstring>

namespace margay {
namespace {

bool Retryable(int error) {
  switch (error) {
    case EAGAIN:
    case EBUSY:
    case EINTR:
    case ENOBUFS:
    case ENOMEM:
      return true;
    default:
      return false;
  }
}

std::string Describe(int error) {
  const char* text = error == kEnotsupp ? "Operation not supported by the kernel" : strerrordesc_np(error);
  return text != nullptr ? text : "unknown error " + std::to_string(error);
}

}  // namespace

std::string ErrnoName(int error) {
  if (error == kEnotsupp) return "ENOTSUPP";
  const char* name = strerrorname_np(error);
  return name != nullptr ? name : std::string("E").append(std::to_string(error));
}

KernelError::KernelError(int error, std::string call, std::string detail, VerifierLogs logs)
    : error_(error), call_(std::move(call)), logs_(std::move(logs)) {
  message_ = call_ + ": " + ErrnoName(error) + ", " + Describe(error);
  if (!detail.empty()) message_ += " (" + detail + ")";
}

Napi::Error KernelError::ToJs(Napi::Env env) const {
  Napi::Error error = Napi::Error::New(env, message_);
  Napi::Object object = error.Value();
  object.Set("code", ErrnoName(error_));
  object.Set("errno", error_);
  object.Set("syscall", call_);
  object.Set("retryable", Retryable(error_));
  if (!logs_.empty()) {
    Napi::Object logs = Napi::Object::New(env);
    for (const auto& [program, text] : logs_) logs.Set(program, text);
    object.Set("verifierLog", logs);
  }
  return error;
}

int Check(int rc, const char* call, const std::string& detail) {
  if (rc < 0) throw KernelError(errno, call, detail);
  return rc;
}

}  // namespace margay
