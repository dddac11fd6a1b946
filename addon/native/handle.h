// The common part of the classes that wrap a kernel object.
#pragma once

#include <napi.h>

#include <cerrno>

#include "args.h"
#include "errors.h"
#include "fd.h"

namespace margay {

/** bpf_obj_pin with an error that names the path. */
void PinAt(int fd, const std::string& path);
/** A pinned object that must be of the kind (`bpf-map`, `bpf-prog`, `bpf_link`) that the kernel names. */
SharedFd OpenPin(const std::string& path, const char* kind);

/**
 * A JavaScript object that owns a share of a descriptor. Objects carry the class's type tag, so that
 * a handle of another kind (or any other object) given as an argument is a TypeError, not a crash.
 * Derived has `static constexpr napi_type_tag kTag` and `static constexpr const char* kName`.
 */
template <class Derived>
class Handle : public Napi::ObjectWrap<Derived> {
 public:
  explicit Handle(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Derived>(info) {
    info.This().As<Napi::Object>().TypeTag(&Derived::kTag);
  }

  /** The native side of an argument. */
  static Derived& From(const Napi::Value& value) {
    if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&Derived::kTag)) {
      throw Napi::TypeError::New(value.Env(), std::string("expected a ") + Derived::kName);
    }
    return *Derived::Unwrap(value.As<Napi::Object>());
  }

  /** The descriptor, shared; throws EBADF after close(). */
  SharedFd Share() const {
    if (!fd_) throw KernelError(EBADF, Derived::kName, "the handle is closed");
    return fd_;
  }
  int RawFd() const { return Share()->get(); }

 protected:
  void Adopt(SharedFd fd) { fd_ = std::move(fd); }
  void Drop() { fd_.reset(); }

  /** close() of a handle that has nothing but its descriptor. */
  Napi::Value Close(const Napi::CallbackInfo& info) {
    Drop();
    return info.Env().Undefined();
  }

  /** pin(path) */
  Napi::Value Pin(const Napi::CallbackInfo& info) {
    PinAt(RawFd(), StringArg(info[0], "path"));
    return info.Env().Undefined();
  }

  /** A method as a callback whose KernelErrors reach JavaScript. */
  template <auto Method>
  Napi::Value Guarded(const Napi::CallbackInfo& info) {
    return Guard(info.Env(), [&] { return (static_cast<Derived*>(this)->*Method)(info); });
  }

 private:
  SharedFd fd_;
};

}  // namespace margay
