// Values on their way from any thread to JavaScript.
#pragma once

#include <napi.h>

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace margay {

/**
 * A bounded queue with one wake-up of the main thread at a time, however many values come. What does
 * not fit is counted, and the count arrives with the next delivery (a full queue has one pending).
 */
template <class T>
class Mailbox {
 public:
  /** Runs on the main thread. */
  using Deliver = std::function<void(Napi::Env, std::vector<T>&&, uint64_t dropped)>;

  struct Options {
    const char* name;
    size_t limit;
    /** Whether an open mailbox keeps the process from ending by itself. */
    bool keeps_alive;
  };

  /** Main thread only. */
  static std::shared_ptr<Mailbox> Open(Napi::Env env, const Options& options, Deliver deliver) {
    std::shared_ptr<Mailbox> mailbox(new Mailbox(options.limit, std::move(deliver)));
    auto* held = new std::shared_ptr<Mailbox>(mailbox);
    napi_status status =
        napi_create_threadsafe_function(env, nullptr, nullptr, Napi::String::New(env, options.name), 0, 1,
                                        nullptr, Finalize, held, Call, &mailbox->wake_);
    if (status != napi_ok) {
      delete held;
      throw Napi::Error::New(env);
    }
    if (!options.keeps_alive) napi_unref_threadsafe_function(env, mailbox->wake_);
    return mailbox;
  }

  /** Any thread. */
  void Push(T value) {
    std::lock_guard lock(mutex_);
    if (!deliver_) return;
    if (queue_.size() >= limit_) {
      dropped_++;
      return;
    }
    queue_.push_back(std::move(value));
    if (!pending_) pending_ = napi_call_threadsafe_function(wake_, nullptr, napi_tsfn_nonblocking) == napi_ok;
  }

  /** Main thread only; nothing is delivered afterwards. Idempotent. */
  void Close() {
    std::shared_ptr<Deliver> last;
    {
      std::lock_guard lock(mutex_);
      if (!deliver_) return;
      last = std::exchange(deliver_, nullptr);
      queue_.clear();
    }
    napi_release_threadsafe_function(wake_, napi_tsfn_abort);
  }

 private:
  Mailbox(size_t limit, Deliver deliver)
      : limit_(limit), deliver_(std::make_shared<Deliver>(std::move(deliver))) {}

  static void Call(napi_env env, napi_value, void* context, void*) {
    if (env != nullptr) (*static_cast<std::shared_ptr<Mailbox>*>(context))->Drain(env);
  }

  static void Finalize(napi_env, void*, void* context) {
    delete static_cast<std::shared_ptr<Mailbox>*>(context);
  }

  /** Keeps the receiver alive through its own call: it may close the mailbox. */
  void Drain(Napi::Env env) {
    std::vector<T> values;
    uint64_t dropped = 0;
    std::shared_ptr<Deliver> deliver;
    {
      std::lock_guard lock(mutex_);
      pending_ = false;
      deliver = deliver_;
      values.swap(queue_);
      dropped = std::exchange(dropped_, 0);
    }
    if (!deliver) return;
    try {
      (*deliver)(env, std::move(values), dropped);
    } catch (const Napi::Error& e) {
      e.ThrowAsJavaScriptException();
    }
  }

  const size_t limit_;
  std::mutex mutex_;
  std::shared_ptr<Deliver> deliver_;
  std::vector<T> queue_;
  uint64_t dropped_ = 0;
  bool pending_ = false;
  napi_threadsafe_function wake_ = nullptr;
};

}  // namespace margay
