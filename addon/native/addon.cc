#include "addon.h"

#include "btf.h"
#include "errors.h"
#include "link.h"
#include "log.h"
#include "map.h"
#include "netlink/netlink.h"
#include "netlink/watch.h"
#include "object.h"
#include "probe.h"
#include "program.h"
#include "ring-buffer.h"
#include "subscription.h"
#include "tc.h"

namespace margay {
namespace {

template <Napi::Value (*F)(const Napi::CallbackInfo&)>
void Export(Napi::Object& target, const char* name) {
  target.Set(name, Napi::Function::New<Guarded<F>>(target.Env(), name));
}

void ExportNative(Napi::Object& native) {
  Export<Load>(native, "load");
  Export<OpenPinnedMap>(native, "openPinnedMap");
  Export<OpenPinnedLink>(native, "openPinnedLink");
  Export<AttachTcx>(native, "attachTcx");
  Export<AttachCgroup>(native, "attachCgroup");
  Export<AttachClsact>(native, "attachClsact");
  Export<DetachClsact>(native, "detachClsact");
  Export<OpenRingBuffer>(native, "openRingBuffer");
  Export<Probe>(native, "probe");
  Export<ReadBtf>(native, "readBtf");
  Export<NetnsCookie>(native, "netnsCookie");
  Export<SetLogSink>(native, "setLogSink");
}

void ExportNetlink(Napi::Object& netlink) {
  Export<Links>(netlink, "links");
  Export<Addresses>(netlink, "addresses");
  Export<Routes>(netlink, "routes");
  Export<ReplaceRouteJs>(netlink, "replaceRoute");
  Export<DeleteRouteJs>(netlink, "deleteRoute");
  Export<WatchNetlink>(netlink, "watch");
  Export<Conntrack>(netlink, "conntrack");
  Export<DeleteConntrackJs>(netlink, "deleteConntrack");
  Export<DestroyUdpSocketsJs>(netlink, "destroyUdpSockets");
}

}  // namespace

Addon::Addon(Napi::Env env, Napi::Object exports) {
  map_class = Napi::Persistent(Map::Define(env));
  program_class = Napi::Persistent(Program::Define(env));
  link_class = Napi::Persistent(Link::Define(env));
  subscription_class = Napi::Persistent(Subscription::Define(env));
  CaptureLibbpfLog();
  Napi::Object native = Napi::Object::New(env);
  ExportNative(native);
  Napi::Object netlink = Napi::Object::New(env);
  ExportNetlink(netlink);
  exports.Set("native", native);
  exports.Set("netlink", netlink);
}

NODE_API_ADDON(Addon)

}  // namespace margay
