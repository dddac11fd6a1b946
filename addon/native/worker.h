// Work off the main thread, as a promise.
#pragma once

#include <napi.h>

#include <optional>
#include <type_traits>
#include <utility>

#include "errors.h"

namespace margay {

/**
 * `work()` runs on a pool thread and may throw KernelError; it sees no JavaScript. `convert(env,
 * result)` runs on the main thread and makes the value that the promise resolves to.
 */
template <class Work, class Convert>
class Task final : public Napi::AsyncWorker {
  using Result = std::invoke_result_t<Work>;

 public:
  Task(Napi::Env env, Work work, Convert convert)
      : Napi::AsyncWorker(env, "margay"),
        deferred_(Napi::Promise::Deferred::New(env)),
        work_(std::move(work)),
        convert_(std::move(convert)) {}

  Napi::Promise Promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override {
    try {
      result_.emplace(work_());
    } catch (const KernelError& e) {
      error_.emplace(e);
    } catch (const std::exception& e) {
      SetError(e.what());
    }
  }

  void OnOK() override {
    Napi::Env env = Env();
    if (error_) {
      deferred_.Reject(error_->ToJs(env).Value());
      return;
    }
    try {
      deferred_.Resolve(convert_(env, std::move(*result_)));
    } catch (const Napi::Error& e) {
      deferred_.Reject(e.Value());
    }
  }

  void OnError(const Napi::Error& error) override { deferred_.Reject(error.Value()); }

 private:
  Napi::Promise::Deferred deferred_;
  Work work_;
  Convert convert_;
  std::optional<Result> result_;
  std::optional<KernelError> error_;
};

/** Starts a Task. */
template <class Work, class Convert>
Napi::Promise Run(Napi::Env env, Work work, Convert convert) {
  auto* task = new Task<Work, Convert>(env, std::move(work), std::move(convert));
  Napi::Promise promise = task->Promise();
  task->Queue();
  return promise;
}

/** For work without a result. */
struct Nothing {};

/** Starts a Task that resolves to undefined. */
template <class Work>
Napi::Promise RunVoid(Napi::Env env, Work work) {
  return Run(
      env,
      [work = std::move(work)]() mutable {
        work();
        return Nothing{};
      },
      [](Napi::Env e, Nothing) { return e.Undefined(); });
}

}  // namespace margay
