/**
 * The small records that the agent keeps of the cluster's objects: decoded once by watch/, read by
 * the calculators. Whatever is not here is not kept.
 */
import type { Family } from './ip.ts';

/** IPPROTO_* of the protocols that a Service can have. */
export const PROTOCOL = { TCP: 6, UDP: 17, SCTP: 132 } as const;

const PROTOCOL_NAMES = new Map<number, string>(
  Object.entries(PROTOCOL).map(([name, value]) => [value, name]),
);

/** Name of a protocol for messages. */
export function protocolName(protocol: number): string {
  return PROTOCOL_NAMES.get(protocol) ?? String(protocol);
}

/** One port of a Service. */
export interface ServicePortRecord {
  /** Empty when the Service has one unnamed port. */
  readonly name: string;
  /** IPPROTO_* */
  readonly protocol: number;
  readonly port: number;
  /** 0: none. */
  readonly nodePort: number;
}

/** What a Service asks for beside addresses and ports; absent fields are the plain case. */
export interface ServiceTraits {
  /** Seconds for which ClientIP affinity remembers a client that makes no new connection. */
  readonly affinitySeconds?: number;
  readonly externalLocal?: true;
  readonly internalLocal?: true;
  /** Where a load balancer asks each node whether it has endpoints. */
  readonly healthCheckNodePort?: number;
  /** Canonical CIDRs of both families; a family of which there is none is not restricted. */
  readonly sourceRanges?: readonly string[];
}

/** A Service that a proxy serves: not headless, not ExternalName, without `service-proxy-name`. */
export interface ServiceRecord {
  /** `namespace/name` */
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  /** Canonical text, both families, as are the next two. */
  readonly clusterIPs: readonly string[];
  readonly externalIPs: readonly string[];
  /** Of `status.loadBalancer`, ipMode VIP only. */
  readonly loadBalancerIPs: readonly string[];
  readonly ports: readonly ServicePortRecord[];
  readonly traits: ServiceTraits;
  /** What was wrong with the object and therefore left out. */
  readonly problems: readonly string[];
}

/** Bits of {@link SliceRecord.flags}. */
export const ENDPOINT = { READY: 1, SERVING: 2, TERMINATING: 4, LOCAL: 8 } as const;

/** Which zones and nodes an endpoint should serve (KEP-2433, KEP-3015). */
export interface EndpointHints {
  readonly zones: readonly string[];
  readonly nodes: readonly string[];
}

/** One port of an EndpointSlice. */
export interface SlicePort {
  readonly name: string;
  readonly protocol: number;
  readonly port: number;
}

/** An EndpointSlice with the addresses packed. */
export interface SliceRecord {
  readonly name: string;
  /** `namespace/name` of the Service. */
  readonly service: string;
  readonly family: Family;
  readonly ports: readonly SlicePort[];
  /** n addresses in network order, 4 or 16 bytes each. */
  readonly addresses: Uint8Array;
  /** n bytes of {@link ENDPOINT} bits. */
  readonly flags: Uint8Array;
  /** By endpoint; absent when none has any. */
  readonly hints?: readonly (EndpointHints | undefined)[];
  readonly problems: readonly string[];
}

/** A Node as the fabric sees it. */
export interface NodeRecord {
  readonly name: string;
  readonly created: number;
  /** Canonical text. */
  readonly podCidrs: readonly string[];
  /** InternalIPs first, then ExternalIPs; canonical text. */
  readonly internalIPs: readonly string[];
  readonly externalIPs: readonly string[];
  readonly zone: string;
  readonly kubeProxyParked: boolean;
  /** It is being deleted, or the cluster autoscaler is about to: load balancers should send nothing new (KEP-3836). */
  readonly leaving: boolean;
  readonly problems: readonly string[];
}

/** A port of this node that a pod asked for. */
export interface HostPort {
  /** `namespace/name` */
  readonly pod: string;
  /** The pod's, canonical text; empty before it has any. */
  readonly addresses: readonly string[];
  readonly containerPort: number;
  /** Canonical text; empty: every address of the node. */
  readonly hostIP: string;
  readonly protocol: number;
  readonly port: number;
}

/** A pod of this node that asks for hostPorts or belongs to a DaemonSet, as kube-proxy's does. */
export interface PodRecord {
  /** `namespace/name` */
  readonly key: string;
  readonly hostPorts: readonly HostPort[];
  /** `namespace/name`; empty: none. */
  readonly daemonSet: string;
  /** When the last of its containers started, milliseconds since the epoch; 0 while one does not run. */
  readonly started: number;
}

/** Something wrong with an object of the cluster: left out, named once, harmless. */
export interface Problem {
  /** `Service default/web` */
  readonly object: string;
  readonly message: string;
}
