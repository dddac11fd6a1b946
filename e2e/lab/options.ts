import type { Families } from './address-plan.ts';
import { LabError } from './errors.ts';

/** kube-proxy's mode, or no kube-proxy at all. */
export type KubeProxyMode = 'iptables' | 'nftables' | 'none';

/** `none` leaves nodes bare and NotReady; `ptp` is the reference plugins with routes between the nodes. */
export type CniKind = 'none' | 'ptp';

/** What a caller may choose; the rest has the defaults of `resolveOptions`. */
export interface LabOptions {
  name?: string;
  /** IPv4 /24 of the lab's network. */
  subnet?: string;
  nodes?: number;
  /** Zones given to the nodes in turn. */
  zones?: readonly string[];
  families?: Families;
  kubeProxy?: KubeProxyMode;
  cni?: CniKind;
  apiServers?: 1 | 2;
  mtu?: number;
  /** kube-dns and CoreDNS. */
  dns?: boolean;
}

/** A complete set of choices. */
export type ResolvedOptions = Required<LabOptions>;

/** The default name, also that of `make lab-up`. */
export const DEFAULT_LAB = 'margay';

const DEFAULTS: ResolvedOptions = {
  name: DEFAULT_LAB,
  subnet: '10.240.0.0/24',
  nodes: 3,
  zones: ['zone-a', 'zone-b', 'zone-c'],
  families: 'IPv4',
  kubeProxy: 'iptables',
  cni: 'none',
  apiServers: 1,
  mtu: 1500,
  dns: true,
};

/** Fills the defaults in and refuses what cannot be, saying what to write instead (`BadOption`). */
export function resolveOptions(given: LabOptions): ResolvedOptions {
  const chosen = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const options: ResolvedOptions = { ...DEFAULTS, ...chosen };
  checkName(options.name);
  check(
    Number.isInteger(options.nodes) && options.nodes >= 1 && options.nodes <= 100,
    'nodes: write 1 to 100',
  );
  check(options.zones.length > 0, 'zones: name at least one');
  check(['IPv4', 'dual'].includes(options.families), 'families: write IPv4 or dual');
  check(
    ['iptables', 'nftables', 'none'].includes(options.kubeProxy),
    'kube-proxy: write iptables, nftables or none',
  );
  check(['none', 'ptp'].includes(options.cni), 'cni: write none or ptp');
  check([1, 2].includes(options.apiServers), 'API servers: write 1 or 2');
  check(options.mtu >= 1280 && options.mtu <= 65_535, 'mtu: write 1280 to 65535');
  return options;
}

/** Refuses a name that would not fit into an interface's and a namespace's name. */
export function checkName(name: string): void {
  check(/^[a-z][a-z0-9]{0,8}$/.test(name), `name "${name}": write 1 to 9 of a-z and 0-9, a letter first`);
}

/** Zone of node number `index`, counted from 1. */
export function zoneOf(options: ResolvedOptions, index: number): string {
  return options.zones[(index - 1) % options.zones.length] ?? '';
}

function check(holds: boolean, message: string): void {
  if (!holds) throw new LabError('BadOption', message);
}
