import { LabError } from './errors.ts';

/** IPv4 alone, or IPv4 first and IPv6 second. */
export type Families = 'IPv4' | 'dual';

/** An address in each family the lab has; `v6` is absent in an IPv4 lab. */
export interface Address {
  v4: string;
  v6?: string;
}

/** Who has which address on the lab's one layer-2 network, and the ranges of pods and Services. */
export interface AddressPlan {
  families: Families;
  /** The machine itself. */
  host: Address;
  /** The API servers, one or two. */
  servers: readonly Address[];
  /** Where clients of the control plane go: the only API server, or the balancer before two. */
  controlPlane: Address;
  /** The client outside the cluster, which is also the nodes' default gateway. */
  outside: Address;
  /** An address beyond the gateway, as the internet is: no node has a neighbour entry for it. */
  beyond: Address;
  prefix: { v4: 24; v6: 64 };
  podCidrs: readonly string[];
  serviceCidrs: readonly string[];
  dns: string;
}

/** Every address of a place, IPv4 first. */
export function addressesOf({ v4, v6 }: Address): readonly string[] {
  return v6 === undefined ? [v4] : [v4, v6];
}

/** `10.0.0.1:80`, `[fd00::1]:80`. */
export function hostPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Port of every API server. */
export const API_PORT = 6443;

const CLUSTER = {
  podCidrs: ['10.244.0.0/16', 'fd00:10:244::/56'],
  serviceCidrs: ['10.96.0.0/16', 'fd00:10:96::/112'],
  dns: '10.96.0.10',
  beyond: { v4: '198.51.100.200', v6: '2001:db8:51::200' },
} as const;

/**
 * The plan for a lab on `subnet`, an IPv4 /24 such as `10.240.0.0/24`. The IPv6 subnet repeats its digits:
 * `fd00:10:240:0::/64`. Throws `BadOption` for anything else.
 */
export function planAddresses(subnet: string, families: Families, apiServers: 1 | 2): AddressPlan {
  const octets = subnetOctets(subnet);
  const at = (host: number): Address => addressOf(octets, host, families);
  const servers = apiServers === 1 ? [at(2)] : [at(2), at(3)];
  const dual = families === 'dual';
  return {
    families,
    host: at(1),
    servers,
    controlPlane: apiServers === 1 ? at(2) : at(4),
    outside: at(200),
    beyond: dual ? CLUSTER.beyond : { v4: CLUSTER.beyond.v4 },
    prefix: { v4: 24, v6: 64 },
    podCidrs: CLUSTER.podCidrs.slice(0, dual ? 2 : 1),
    serviceCidrs: CLUSTER.serviceCidrs.slice(0, dual ? 2 : 1),
    dns: CLUSTER.dns,
  };
}

/** Address of node number `index`, counted from 1: `.11` and up, at most 100 nodes. */
export function nodeAddress(subnet: string, families: Families, index: number): Address {
  if (!Number.isInteger(index) || index < 1 || index > 100) {
    throw new LabError('BadOption', `a lab has 1 to 100 nodes; ${index} is not among them`);
  }
  return addressOf(subnetOctets(subnet), 10 + index, families);
}

/** The first address of the Services' range: what pods know the API server by. */
export function kubernetesServiceAddress(serviceCidr: string): string {
  const base = serviceCidr.slice(0, serviceCidr.indexOf('/'));
  return base.includes(':') ? `${base}1` : base.replace(/\.0$/, '.1');
}

/** `v4` or `v4,v6`, as kubelet's --node-ip takes it. */
export function joined(address: Address): string {
  return address.v6 === undefined ? address.v4 : `${address.v4},${address.v6}`;
}

function subnetOctets(subnet: string): [number, number, number] {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.0\/24$/.exec(subnet);
  const octets = match?.slice(1).map(Number) ?? [];
  const [a, b, c] = octets;
  if (a === undefined || b === undefined || c === undefined || octets.some((o) => o > 255)) {
    throw new LabError('BadOption', `subnet "${subnet}": write an IPv4 /24 such as 10.240.0.0/24`);
  }
  return [a, b, c];
}

function addressOf(octets: readonly [number, number, number], host: number, families: Families): Address {
  const v4 = `${octets.join('.')}.${host}`;
  if (families === 'IPv4') return { v4 };
  return { v4, v6: `fd00:${octets.join(':')}::${host}` };
}
