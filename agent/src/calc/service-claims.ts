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
  readonly backendLocal: number;
  readonly backendHost: number;
}

/** A target and in which capacity it is wanted. */
export interface WantedTarget {
  readonly target: FrontendTarget;
  /** {@link targetKey} of it. */
  readonly key: string;
  readonly rank: number;
  readonly flags: number;
}

/** What of the node matters for NodePorts. */
export interface NodePortScope {
  readonly family: Family;
  /** Addresses that NodePorts answer at; undefined: every address of the node. */
  readonly nodePortAddresses: readonly string[] | undefined;
}

function ofFamily(addresses: readonly string[], family: Family): readonly string[] {
  return addresses.filter((address) => address.includes(':') === (family === 6));
}

/** Every target of the port, best kind first; doubles (an external address that is also the load balancer's) once. */
export function targetsOf(
  service: ServiceRecord,
  port: ServicePortRecord,
  scope: NodePortScope,
  bits: FlagBits,
): readonly WantedTarget[] {
  const own = ofFamily(service.clusterIPs, scope.family);
  if (own.length === 0) return [];
  const named = ofFamily([...service.externalIPs, ...service.loadBalancerIPs], scope.family);
  const nodes = port.nodePort === 0 ? [] : (scope.nodePortAddresses ?? ['']);
  const at = (address: string, number: number, rank: number, flags: number): WantedTarget => {
    const target = { address, port: number, protocol: port.protocol };
    return { target, key: targetKey(target), rank, flags };
  };
  const wanted = [
    ...own.map((address) => at(address, port.port, 0, 0)),
    ...nodes.map((address) => at(address, port.nodePort, 0, bits.external | bits.nodePort)),
    ...named.map((address) => at(address, port.port, 1, bits.external)),
  ];
  return wanted.filter((one, i) => wanted.findIndex(({ key }) => key === one.key) === i);
}
