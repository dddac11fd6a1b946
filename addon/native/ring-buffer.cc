#include "ring-buffer.h"

#include <bpf/libbpf.h>

#include <cerrno>

#include "mailbox.h"
#include "map.h"
#include "poll-thread.h"
#include "subscription.h"

namespace margay {
namespace {

/** Records that wait for JavaScript at most; the program's own ring is the buffer in front. */
constexpr size_t kWaiting = 65536;

using Records = Mailbox<Bytes>;

struct FreeRing {
  void operator()(ring_buffer* ring) const { ring_buffer__free(ring); }
};

class RingSource final : public Source {
 public:
  RingSource(SharedFd map, std::shared_ptr<Records> records)
      : map_(std::move(map)), records_(std::move(records)) {
    ring_.reset(ring_buffer__new(map_->get(), Receive, records_.get(), nullptr));
    if (!ring_) throw KernelError(errno, "ring_buffer__new");
    thread_ = std::make_unique<PollThread>(ring_buffer__epoll_fd(ring_.get()),
                                           [ring = ring_.get()] { ring_buffer__consume(ring); });
  }

  ~RingSource() override {
    thread_.reset();
    records_->Close();
  }

 private:
  static int Receive(void* context, void* data, size_t size) {
    const auto* bytes = static_cast<const uint8_t*>(data);
    static_cast<Records*>(context)->Push(Bytes(bytes, bytes + size));
    return 0;
  }

  SharedFd map_;
  std::shared_ptr<Records> records_;
  std::unique_ptr<ring_buffer, FreeRing> ring_;
  std::unique_ptr<PollThread> thread_;
};

}  // namespace

Napi::Value OpenRingBuffer(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  SharedFd map = Map::From(info[0]).Share();
  auto on_record =
      std::make_shared<Napi::FunctionReference>(Napi::Persistent(FunctionArg(info[1], "onRecord")));
  auto on_dropped =
      std::make_shared<Napi::FunctionReference>(Napi::Persistent(FunctionArg(info[2], "onDropped")));
  auto records =
      Records::Open(env, {"margay ring buffer", kWaiting, true},
                    [on_record, on_dropped](Napi::Env e, std::vector<Bytes>&& batch, uint64_t dropped) {
                      if (dropped > 0) on_dropped->Call({Napi::Number::New(e, static_cast<double>(dropped))});
                      for (Bytes& record : batch) {
                        Napi::HandleScope scope(e);
                        on_record->Call({ToUint8Array(e, std::move(record))});
                      }
                    });
  try {
    return Subscription::New(env, std::make_unique<RingSource>(std::move(map), records));
  } catch (...) {
    records->Close();
    throw;
  }
}

}  // namespace margay
