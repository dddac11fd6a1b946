/** Which Services this version does not serve exactly as kube-proxy does; those stay with kube-proxy. */
import type { Family } from './ip.ts';
import { familyOfText } from './node-families.ts';
import type { ServiceRecord } from './records.ts';
import { PROTOCOL } from './records.ts';

/** An object that needs what this version does not have. */
export interface Unsupported {
  /** `namespace/name` of a Service, or `pod namespace/name`. */
  readonly name: string;
  /** What it asks for, ready to stand after "because it has". */
  readonly why: string;
}

type Rule = readonly [why: string, applies: (service: ServiceRecord) => boolean];

const RULES: readonly Rule[] = [
  ['an SCTP port', (s) => s.ports.some((port) => port.protocol === PROTOCOL.SCTP)],
];

/** Why no packet of the Service may be served here, or undefined when all may. Families are judged apart. */
export function unsupportedReason(service: ServiceRecord): string | undefined {
  return RULES.find(([, applies]) => applies(service))?.[0];
}

/** Like {@link unsupportedReason}, also counting cluster addresses of families that the node does not have. */
export function unsupportedOn(service: ServiceRecord, families: readonly Family[]): string | undefined {
  const why = unsupportedReason(service);
  if (why !== undefined) return why;
  const address = service.clusterIPs.find((ip) => !families.includes(familyOfText(ip)));
  if (address === undefined) return undefined;
  const name = `IPv${familyOfText(address)}`;
  return `the ${name} address ${address}, on a node without a pod CIDR and an InternalIP of ${name}`;
}
