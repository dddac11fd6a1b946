/** Which addresses of pods the kernel's own tables show: pure functions over links and routes. */
import type { Address, Link, Route } from '@margay/addon/netlink-api';
import type { LocalEndpoint } from '../ports.ts';

/** RT_TABLE_MAIN: CNI plugins put the route to a pod there; the local table holds the host's own addresses. */
const mainTable = 254;

/** An interface that the CNI plugin named, with the addresses behind it. */
export interface Attachment {
  readonly containerId: string;
  readonly ifname: string;
  readonly hostIfname: string;
  readonly ifindex: number;
  /** Plain addresses, no prefixes. */
  readonly ips: readonly string[];
}

/**
 * The generation of whatever sits behind an interface, 1-65535. The kernel numbers interfaces upwards
 * and a new pod always has a new one, so the number tells pods apart, and an agent that starts again
 * finds the same one: entries in the conntrack maps stay valid.
 */
export function generationOf(ifindex: number): number {
  return (ifindex % 65535) + 1;
}

function endpoint(ip: string, link: Link): LocalEndpoint {
  return {
    ip,
    ifindex: link.index,
    hostIfname: link.name,
    generation: generationOf(link.index),
    noPeer: false,
  };
}

function hostAddress(route: Route): string | undefined {
  const [address, prefix] = route.destination.split('/');
  return prefix === (route.family === 4 ? '32' : '128') ? address : undefined;
}

function leadsToPod(route: Route): boolean {
  return route.table === mainTable && route.gateway === undefined;
}

/** A veth whose other end is in another network namespace: only such a device leads to a pod. */
export function isPodLink(link: Link): boolean {
  return link.kind === 'veth' && link.peerElsewhere;
}

/** The kernel's tables. */
export interface Tables {
  readonly links: readonly Link[];
  readonly routes: readonly Route[];
  /** The node's own: an IPv6 address on a pod's device has a host route that looks like a pod's. */
  readonly addresses: readonly Address[];
}

/** Host routes (/32, /128) to veth devices, by address: pods of any routed CNI, made before or beside us. */
export function discover({ links, routes, addresses }: Tables): Map<string, LocalEndpoint> {
  const pods = new Map(links.filter(isPodLink).map((link) => [link.index, link]));
  const own = new Set(addresses.map((a) => a.address));
  const found = new Map<string, LocalEndpoint>();
  for (const route of routes) {
    const address = hostAddress(route);
    const link = pods.get(route.ifindex);
    if (address === undefined || link === undefined || own.has(address)) continue;
    if (leadsToPod(route)) found.set(address, endpoint(address, link));
  }
  return found;
}

/** What {@link wanted} goes by. */
export interface Sources extends Tables {
  /** Named by the CNI plugin, oldest first: the youngest owns an address that two of them claim. */
  readonly attachments: readonly Attachment[];
  /** Interfaces whose pod is going: DEL was answered, the device is still there. */
  readonly released: ReadonlySet<number>;
}

/** The complete set of local endpoints, by address. */
export function wanted(sources: Sources): Map<string, LocalEndpoint> {
  const links = sources.links.filter((link) => !sources.released.has(link.index));
  const result = discover({ ...sources, links });
  const byIndex = new Map(links.map((link) => [link.index, link]));
  for (const attachment of sources.attachments) {
    const link = byIndex.get(attachment.ifindex);
    if (link?.name !== attachment.hostIfname) continue;
    for (const ip of attachment.ips) result.set(ip, endpoint(ip, link));
  }
  return result;
}

/** Steps from one set to another. An address that moves is only put: its entry is overwritten, never absent. */
export interface Change {
  readonly put: readonly LocalEndpoint[];
  readonly remove: readonly LocalEndpoint[];
}

function same(a: LocalEndpoint, b: LocalEndpoint | undefined): boolean {
  return (
    a.ifindex === b?.ifindex &&
    a.hostIfname === b.hostIfname &&
    a.generation === b.generation &&
    a.noPeer === b.noPeer
  );
}

/** What turns `before` into `after`. */
export function difference(
  before: ReadonlyMap<string, LocalEndpoint>,
  after: ReadonlyMap<string, LocalEndpoint>,
): Change {
  return {
    put: [...after.values()].filter((e) => !same(e, before.get(e.ip))),
    remove: [...before.values()].filter((e) => !after.has(e.ip)),
  };
}
