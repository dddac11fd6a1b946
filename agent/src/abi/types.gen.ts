// Generated from bpf/abi.h and bpf/reasons.h by tools/codegen/btf-codecs.ts: edit those, then `make codegen`.
import type { Codec } from './codec.ts';

/** MARGAY_LAYOUT_VERSION: part of every pin's path. */
export const layoutVersion = 3;

/** enum mg_frontend_flags */
export const FrontendFlags = {
  ToStack: 1,
  External: 2,
  DropInside: 4,
  Nodeport: 8,
  DropOutside: 16,
} as const;
export type FrontendFlags = (typeof FrontendFlags)[keyof typeof FrontendFlags];

/** enum mg_backend_flags */
export const BackendFlags = {
  Local: 1,
  Host: 2,
} as const;
export type BackendFlags = (typeof BackendFlags)[keyof typeof BackendFlags];

/** enum mg_endpoint_flags */
export const EndpointFlags = {
  NoPeer: 1,
} as const;
export type EndpointFlags = (typeof EndpointFlags)[keyof typeof EndpointFlags];

/** enum mg_route_kind */
export const RouteKind = {
  LocalPods: 1,
  RemotePods: 2,
  LocalHost: 3,
  RemoteHost: 4,
  NoSnat: 5,
} as const;
export type RouteKind = (typeof RouteKind)[keyof typeof RouteKind];

/** enum mg_ct_action */
export const CtAction = {
  Stack: 1,
  Peer: 2,
  Neigh: 3,
  Veth: 4,
} as const;
export type CtAction = (typeof CtAction)[keyof typeof CtAction];

/** enum mg_ct_flags */
export const CtFlags = {
  Rewrite: 1,
  Reply: 2,
  Seen: 4,
  Fin: 8,
  Rst: 16,
  Est: 32,
  Egress: 64,
} as const;
export type CtFlags = (typeof CtFlags)[keyof typeof CtFlags];

/** enum mg_mode */
export const Mode = {
  Pass: 0,
  Active: 1,
  Draining: 2,
} as const;
export type Mode = (typeof Mode)[keyof typeof Mode];

/** enum mg_reason */
export const Reason = {
  FwdPeer: 0,
  FwdNeigh: 1,
  FwdVeth: 2,
  FwdStack: 3,
  NewFlow: 4,
  StackProto: 5,
  StackFragment: 6,
  StackOptions: 7,
  StackShort: 8,
  StackTtl: 9,
  StackMode: 10,
  StackMidflow: 11,
  StackKernelFlow: 12,
  StackSource: 13,
  StackFrontend: 14,
  StackHost: 15,
  StackTransit: 16,
  StackEgress: 17,
  StackNoRoute: 18,
  StackCtFull: 19,
  Refused: 20,
  DropRefuse: 21,
  DropLocalOnly: 22,
  DropNoEndpoint: 23,
  DropNoRoute: 24,
  DropNoPort: 25,
  DropCtFull: 26,
  DropBackend: 27,
  SockConnect: 28,
  SockSendmsg: 29,
  SockRecvmsg: 30,
  SockGetpeername: 31,
  MadeRoom: 32,
  DropSourceRange: 33,
  HalfOpenEvicted: 34,
  IcmpError: 35,
  ReasonCount: 36,
} as const;
export type Reason = (typeof Reason)[keyof typeof Reason];

/** struct mg_frontend_key */
export interface FrontendKey {
  readonly addr: Uint8Array; // as in the layout: addresses in network order
  readonly port: number; // network order in the layout, a plain number here
  readonly proto: number;
}

/** struct mg_frontend */
export interface Frontend {
  readonly first: number;
  readonly count: number;
  readonly outsideFirst: number;
  readonly outsideCount: number;
  readonly flags: number;
  readonly serviceId: number;
  readonly affinity: number;
  readonly sourceSet: number;
}

/** struct mg_backend */
export interface Backend {
  readonly addr: Uint8Array; // as in the layout: addresses in network order
  readonly port: number; // network order in the layout, a plain number here
  readonly flags: number;
}

/** struct mg_affinity_key */
export interface AffinityKey {
  readonly netns: bigint;
  readonly addr: Uint8Array; // as in the layout: addresses in network order
  readonly serviceId: number;
}

/** struct mg_affinity_value */
export interface AffinityValue {
  readonly addr: Uint8Array; // as in the layout: addresses in network order
  readonly port: number; // network order in the layout, a plain number here
  readonly lastUsed: number;
}

/** struct mg_source_key */
export interface SourceKey {
  readonly prefixlen: number;
  readonly set: number;
  readonly addr: Uint8Array; // as in the layout: addresses in network order
}

/** struct mg_source_value */
export interface SourceValue {
  readonly allowed: number;
}

/** struct mg_endpoint */
export interface Endpoint {
  readonly ifindex: number;
  readonly generation: number;
  readonly flags: number;
}

/** struct mg_lpm_key */
export interface LpmKey {
  readonly prefixlen: number;
  readonly addr: Uint8Array; // as in the layout: addresses in network order
}

/** struct mg_route */
export interface Route {
  readonly nextHop: Uint8Array; // as in the layout: addresses in network order
  readonly ifindex: number;
  readonly kind: number;
}

/** struct mg_ct_key */
export interface CtKey {
  readonly saddr: Uint8Array; // as in the layout: addresses in network order
  readonly daddr: Uint8Array; // as in the layout: addresses in network order
  readonly sport: number; // network order in the layout, a plain number here
  readonly dport: number; // network order in the layout, a plain number here
  readonly proto: number;
}

/** struct mg_ct_value */
export interface CtValue {
  readonly newSaddr: Uint8Array; // as in the layout: addresses in network order
  readonly newDaddr: Uint8Array; // as in the layout: addresses in network order
  readonly newSport: number; // network order in the layout, a plain number here
  readonly newDport: number; // network order in the layout, a plain number here
  readonly action: number;
  readonly flags: number;
  readonly generation: number;
  readonly nextHop: Uint8Array; // as in the layout: addresses in network order
  readonly ifindex: number;
  readonly lastSeen: number;
  readonly routeGen: number;
  readonly l3Delta: number;
  readonly l4Delta: number;
  readonly serviceId: number;
  readonly halfOpen: number;
}

/** struct mg_frag_key */
export interface FragKey {
  readonly saddr: Uint8Array; // as in the layout: addresses in network order
  readonly daddr: Uint8Array; // as in the layout: addresses in network order
  readonly id: number; // network order in the layout, a plain number here
  readonly proto: number;
  readonly egress: number;
}

/** struct mg_frag_value */
export interface FragValue {
  readonly sport: number; // network order in the layout, a plain number here
  readonly dport: number; // network order in the layout, a plain number here
  readonly proto: number;
}

/** struct mg_sock_key */
export interface SockKey {
  readonly cookie: bigint;
  readonly addr: Uint8Array; // as in the layout: addresses in network order
  readonly port: number; // network order in the layout, a plain number here
  readonly proto: number;
}

/** struct mg_sock_value */
export interface SockValue {
  readonly addr: Uint8Array; // as in the layout: addresses in network order
  readonly port: number; // network order in the layout, a plain number here
}

/** struct mg_state */
export interface State {
  readonly mode: number;
  readonly stackFlows: number;
  readonly routeGen: number;
}

/** struct mg_config */
export interface Config {
  readonly hostNetnsCookie: bigint;
  readonly mark: number;
  readonly hashSeed: number;
  readonly nodeAddr: Uint8Array; // as in the layout: addresses in network order
  readonly snatFirst: number;
  readonly snatLast: number;
  readonly natOutgoing: number;
  readonly egressToStack: number;
  readonly connectTcp: number;
  readonly connectUdp: number;
  readonly halfOpen: number;
}

/** struct mg_counter */
export interface Counter {
  readonly packets: bigint;
  readonly bytes: bigint;
}

/** The layouts of one address family. */
export interface Abi {
  readonly family: 4 | 6;
  readonly frontendKey: Codec<FrontendKey>;
  readonly frontend: Codec<Frontend>;
  readonly backend: Codec<Backend>;
  readonly affinityKey: Codec<AffinityKey>;
  readonly affinityValue: Codec<AffinityValue>;
  readonly sourceKey: Codec<SourceKey>;
  readonly sourceValue: Codec<SourceValue>;
  readonly endpoint: Codec<Endpoint>;
  readonly lpmKey: Codec<LpmKey>;
  readonly route: Codec<Route>;
  readonly ctKey: Codec<CtKey>;
  readonly ctValue: Codec<CtValue>;
  readonly fragKey: Codec<FragKey>;
  readonly fragValue: Codec<FragValue>;
  readonly sockKey: Codec<SockKey>;
  readonly sockValue: Codec<SockValue>;
  readonly state: Codec<State>;
  readonly config: Codec<Config>;
  readonly counter: Codec<Counter>;
}
