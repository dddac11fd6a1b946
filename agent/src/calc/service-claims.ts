/** From a Service's port to the targets that it wants to answer at. Pure and without memory. */
import type { Family } from './ip.ts';
import type { FrontendTarget } from './frontend-table.ts';
import { targetKey } from './frontend-table.ts';
import type { ServicePortRecord, ServiceRecord } from './records.ts';

/** Bits of `mg_frontend.flags` and `mg_backend.flags`, by the names that the calculators use. */
export interface FlagBits {
  readonly toStack: number;
  readonly external: number;
  readonly nodePort: number;
  readonly dropInside: number;
  readonly dropOutside: number;
  readonly backendLocal: number;
  readonly backendHost: number;
}

/** Which of a Service port's backends a client gets. */
export type TrafficPolicy = 'cluster' | 'local';

/** A target and in which capacity it is wanted. */
export interface WantedTarget {
  readonly target: FrontendTarget;
  /** {@link targetKey} of it. */
  readonly key: string;
  readonly rank: number;
  readonly flags: number;
  /** For the node itself and the pods of the cluster. */
  readonly inside: TrafficPolicy;
  /** For all other clients. */
  readonly outside: TrafficPolicy;
  /** Only clients in the Service's source ranges are let in. */
  readonly restricted: boolean;
}

/** What of the node matters for NodePorts. */
export interface NodePortScope {
  readonly family: Family;
  /** Of the family; undefined: every address of the node. */
  readonly nodePortAddresses: readonly string[] | undefined;
}

function ofFamily(addresses: readonly string[], family: Family): readonly string[] {
  return addresses.filter((address) => address.includes(':') === (family === 6));
}

/**
 * Every target of the port, best kind first; doubles (an external address that is also the load balancer's) once.
 * externalTrafficPolicy does not bind clients inside, as if they went out and came back by a load balancer.
 */
export function targetsOf(
  service: ServiceRecord,
  port: ServicePortRecord,
  scope: NodePortScope,
  bits: FlagBits,
): readonly WantedTarget[] {
  const own = ofFamily(service.clusterIPs, scope.family);
  if (own.length === 0) return [];
  const { traits } = service;
  const named = ofFamily(service.externalIPs, scope.family);
  const balancers = ofFamily(service.loadBalancerIPs, scope.family);
  const restricted = ofFamily(traits.sourceRanges ?? [], scope.family).length > 0;
  const internal = traits.internalLocal === true ? 'local' : 'cluster';
  const external = traits.externalLocal === true ? 'local' : 'cluster';
  const nodes = port.nodePort === 0 ? [] : (scope.nodePortAddresses ?? ['']);
  const at = (
    address: string,
    number: number,
    kind: Pick<WantedTarget, 'rank' | 'flags' | 'inside' | 'outside'> & { restricted?: boolean },
  ): WantedTarget => {
    const target = { address, port: number, protocol: port.protocol };
    return { target, key: targetKey(target), restricted: false, ...kind };
  };
  const toCluster = { rank: 0, flags: 0, inside: internal, outside: internal } as const;
  const toNode = {
    rank: 0,
    flags: bits.external | bits.nodePort,
    inside: 'cluster',
    outside: external,
  } as const;
  const toName = { rank: 1, flags: bits.external, inside: 'cluster', outside: external } as const;
  const wanted = [
    ...own.map((address) => at(address, port.port, toCluster)),
    ...nodes.map((address) => at(address, port.nodePort, toNode)),
    ...named.map((address) => at(address, port.port, toName)),
    ...balancers.map((address) => at(address, port.port, { ...toName, restricted })),
  ];
  return wanted.filter((one, i) => wanted.findIndex(({ key }) => key === one.key) === i);
}
