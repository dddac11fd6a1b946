#include "netlink/netlink.h"

#include "args.h"
#include "netlink/records.h"
#include "worker.h"

namespace margay {
namespace {

Napi::Object ToJs(Napi::Env env, const LinkRecord& link) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("index", link.index);
  object.Set("name", link.name);
  object.Set("kind", link.kind);
  object.Set("mtu", link.mtu);
  object.Set("mac", link.mac);
  object.Set("up", link.up);
  object.Set("master", link.master);
  object.Set("parent", link.parent);
  object.Set("peerElsewhere", link.peer_elsewhere);
  return object;
}

Napi::Object ToJs(Napi::Env env, const AddressRecord& address) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("ifindex", address.ifindex);
  object.Set("family", address.family);
  object.Set("address", address.address);
  object.Set("prefix", address.prefix);
  object.Set("scope", address.scope);
  return object;
}

Napi::Object ToJs(Napi::Env env, const RouteRecord& route) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("family", route.family);
  object.Set("destination", route.destination);
  if (route.gateway) object.Set("gateway", *route.gateway);
  object.Set("ifindex", route.ifindex);
  if (route.source) object.Set("source", *route.source);
  object.Set("table", route.table);
  object.Set("protocol", route.protocol);
  object.Set("scope", route.scope);
  object.Set("metric", route.metric);
  return object;
}

Napi::Object ToJs(Napi::Env env, const TupleRecord& tuple) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("family", tuple.family);
  object.Set("protocol", tuple.protocol);
  object.Set("source", tuple.source);
  object.Set("destination", tuple.destination);
  object.Set("sourcePort", tuple.source_port);
  object.Set("destinationPort", tuple.destination_port);
  return object;
}

Napi::Object ToJs(Napi::Env env, const ConntrackRecord& entry) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("original", ToJs(env, entry.original));
  object.Set("reply", ToJs(env, entry.reply));
  object.Set("status", entry.status);
  object.Set("timeout", entry.timeout);
  return object;
}

template <class Record>
Napi::Value ListToJs(Napi::Env env, const std::vector<Record>& records) {
  Napi::Array array = Napi::Array::New(env, records.size());
  for (uint32_t i = 0; i < records.size(); i++) {
    Napi::HandleScope scope(env);
    array.Set(i, ToJs(env, records[i]));
  }
  return array;
}

int FamilyArg(const Napi::Value& value) {
  const uint32_t family = Uint32Arg(value, "family");
  if (family != 4 && family != 6) throw Napi::TypeError::New(value.Env(), "family must be 4 or 6");
  return static_cast<int>(family);
}

std::optional<std::string> OptionalText(const Napi::Object& object, const char* name) {
  const auto found = Optional(object, name);
  if (!found) return std::nullopt;
  return StringArg(*found, name);
}

RouteRecord RouteArg(const Napi::Value& value) {
  Napi::Object object = ObjectArg(value, "route");
  RouteRecord route;
  route.family = FamilyArg(object.Get("family"));
  route.destination = StringField(object, "destination");
  route.gateway = OptionalText(object, "gateway");
  route.ifindex = Uint32Field(object, "ifindex");
  route.source = OptionalText(object, "source");
  route.table = Uint32Field(object, "table");
  route.protocol = Uint32Field(object, "protocol");
  route.scope = Uint32Field(object, "scope");
  route.metric = Uint32Field(object, "metric");
  return route;
}

TupleRecord TupleArg(const Napi::Value& value) {
  Napi::Object object = ObjectArg(value, "tuple");
  TupleRecord tuple;
  tuple.family = FamilyArg(object.Get("family"));
  tuple.protocol = Uint32Field(object, "protocol");
  tuple.source = StringField(object, "source");
  tuple.destination = StringField(object, "destination");
  tuple.source_port = Uint32Field(object, "sourcePort");
  tuple.destination_port = Uint32Field(object, "destinationPort");
  return tuple;
}

SocketRecord SocketArg(const Napi::Value& value) {
  Napi::Object object = ObjectArg(value, "socket");
  SocketRecord socket;
  const Napi::Value cookie = object.Get("cookie");
  bool whole = false;
  if (cookie.IsBigInt()) socket.cookie = cookie.As<Napi::BigInt>().Uint64Value(&whole);
  if (!whole) throw Napi::TypeError::New(value.Env(), "cookie must be a bigint of 64 bits");
  socket.family = FamilyArg(object.Get("family"));
  socket.address = StringField(object, "address");
  socket.port = Uint32Field(object, "port");
  return socket;
}

template <class Record>
std::vector<Record> ListArg(const Napi::Value& value, const char* name, Record (*read)(const Napi::Value&)) {
  if (!value.IsArray()) throw Napi::TypeError::New(value.Env(), std::string(name) + " must be an array");
  Napi::Array array = value.As<Napi::Array>();
  std::vector<Record> records;
  for (uint32_t i = 0; i < array.Length(); i++) {
    Napi::HandleScope scope(value.Env());
    records.push_back(read(array.Get(i)));
  }
  return records;
}

Napi::Value BooleanToJs(Napi::Env env, bool value) { return Napi::Boolean::New(env, value); }
Napi::Value NumberToJs(Napi::Env env, uint32_t value) { return Napi::Number::New(env, value); }

}  // namespace

Napi::Value Links(const Napi::CallbackInfo& info) { return Run(info.Env(), ListLinks, ListToJs<LinkRecord>); }

Napi::Value Addresses(const Napi::CallbackInfo& info) {
  return Run(info.Env(), ListAddresses, ListToJs<AddressRecord>);
}

Napi::Value Routes(const Napi::CallbackInfo& info) {
  return Run(info.Env(), [family = FamilyArg(info[0])] { return ListRoutes(family); }, ListToJs<RouteRecord>);
}

Napi::Value ReplaceRouteJs(const Napi::CallbackInfo& info) {
  return RunVoid(info.Env(), [route = RouteArg(info[0])] { ReplaceRoute(route); });
}

Napi::Value DeleteRouteJs(const Napi::CallbackInfo& info) {
  return Run(info.Env(), [route = RouteArg(info[0])] { return DeleteRoute(route); }, BooleanToJs);
}

Napi::Value Conntrack(const Napi::CallbackInfo& info) {
  const Napi::Value nat_only = ObjectArg(info[0], "options").Get("natOnly");
  return Run(
      info.Env(), [only = nat_only.ToBoolean().Value()] { return ListConntrack(only); },
      ListToJs<ConntrackRecord>);
}

Napi::Value DeleteConntrackJs(const Napi::CallbackInfo& info) {
  return Run(
      info.Env(), [tuples = ListArg(info[0], "tuples", TupleArg)] { return DeleteConntrack(tuples); },
      NumberToJs);
}

Napi::Value DestroyUdpSocketsJs(const Napi::CallbackInfo& info) {
  return Run(
      info.Env(), [sockets = ListArg(info[0], "sockets", SocketArg)] { return DestroyUdpSockets(sockets); },
      NumberToJs);
}

}  // namespace margay
