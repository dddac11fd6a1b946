#include "handle.h"

#include <bpf/bpf.h>
#include <limits.h>

namespace margay {

void PinAt(int fd, const std::string& path) { Check(bpf_obj_pin(fd, path.c_str()), "bpf_obj_pin", path); }

SharedFd OpenPin(const std::string& path, const char* kind) {
  auto fd = std::make_shared<const Fd>(Check(bpf_obj_get(path.c_str()), "bpf_obj_get", path));
  char target[PATH_MAX];
  const std::string self = "/proc/self/fd/" + std::to_string(fd->get());
  const int length = static_cast<int>(::readlink(self.c_str(), target, sizeof(target)));
  const std::string found(target, static_cast<size_t>(Check(length, "readlink", self)));
  if (found.find(kind) == std::string::npos) {
    throw KernelError(EINVAL, "bpf_obj_get", path + " is a " + found + ", not a " + kind);
  }
  return fd;
}

}  // namespace margay
