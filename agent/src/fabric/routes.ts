/** Kernel routes to the other nodes' pod CIDRs: what must be there, and the steps towards it. Pure. */
import type { Address, Route } from '@margay/addon/netlink-api';
import { type Cidr, contains, parseAddress, parseCidr } from '../calc/ip.ts';
import type { PeerRoute } from '../ports.ts';

/** RTPROT number of Margay's routes: nothing else is ever removed. */
export const ownProtocol = 80;

const mainTable = 254;
/** RT_SCOPE_UNIVERSE: by a gateway. */
const universe = 0;

/** Steps from the kernel's routes to the wanted ones, and what stands in the way, in sentences. */
export interface RoutePlan {
  readonly replace: readonly Route[];
  readonly remove: readonly Route[];
  readonly problems: readonly string[];
}

interface Subnet {
  readonly cidr: Cidr;
  readonly ifindex: number;
}

/** Subnets that the node has an address in; an address without a subnet (/32, /128) makes none. */
function subnets(addresses: readonly Address[]): Subnet[] {
  return addresses.flatMap((a) => {
    const cidr = parseCidr(`${a.address}/${a.prefix}`);
    const alone = a.prefix === (a.family === 4 ? 32 : 128);
    return cidr === undefined || alone ? [] : [{ cidr, ifindex: a.ifindex }];
  });
}

function routeTo(peer: PeerRoute, links: readonly Subnet[]): Route | string {
  const destination = parseCidr(peer.cidr);
  const gateway = parseAddress(peer.nextHop);
  if (destination === undefined || gateway?.length !== destination.address.length) {
    return `node ${peer.node}: pod CIDR ${peer.cidr} and address ${peer.nextHop} are not of one family; correct the Node object`;
  }
  const subnet = links
    .filter(({ cidr }) => contains(cidr, gateway))
    .sort((a, b) => b.cidr.prefix - a.cidr.prefix)[0];
  if (subnet === undefined) {
    return `node ${peer.node}: ${peer.nextHop} is in no subnet of this node, so that it cannot be the gateway to ${peer.cidr}; the network must route that CIDR itself`;
  }
  return {
    family: destination.family,
    destination: peer.cidr,
    gateway: peer.nextHop,
    ifindex: subnet.ifindex,
    table: mainTable,
    protocol: ownProtocol,
    scope: universe,
    metric: 0,
  };
}

/** True where the kernel keeps both in the same place: one replaces the other. */
function samePlace(a: Route, b: Route): boolean {
  return a.table === b.table && a.destination === b.destination && effectiveMetric(a) === effectiveMetric(b);
}

/** IPv6 has no metric 0: the kernel makes it 1024 (IP6_RT_PRIO_USER). */
function effectiveMetric(route: Route): number {
  return route.family === 6 && route.metric === 0 ? 1024 : route.metric;
}

function equal(a: Route, b: Route): boolean {
  return samePlace(a, b) && a.gateway === b.gateway && a.ifindex === b.ifindex;
}

/**
 * What to do so that each peer's CIDR is routed by its node. Routes of others to the same CIDR are left
 * alone and reported; routes of ours that nobody wants go.
 */
export function planRoutes(
  peers: readonly PeerRoute[],
  addresses: readonly Address[],
  existing: readonly Route[],
): RoutePlan {
  const own = new Set(addresses.map((a) => a.address));
  const links = subnets(addresses);
  const problems: string[] = [];
  const wanted: Route[] = [];
  for (const peer of peers.filter((p) => !own.has(p.nextHop))) {
    const route = routeTo(peer, links);
    if (typeof route === 'string') problems.push(route);
    else wanted.push(route);
  }
  const foreign = existing.filter((route) => route.protocol !== ownProtocol);
  const ours = existing.filter((route) => route.protocol === ownProtocol && route.table === mainTable);
  const free = wanted.filter((route) => {
    const taken = foreign.find((other) => samePlace(other, route));
    if (taken === undefined) return true;
    problems.push(
      `the route to ${route.destination} (protocol ${taken.protocol}, via ${taken.gateway ?? 'the link'}) is not Margay's and stays; remove it if pods there are not reached`,
    );
    return false;
  });
  return {
    replace: free.filter((route) => !ours.some((other) => equal(other, route))),
    remove: ours.filter((route) => !free.some((other) => samePlace(other, route))),
    problems,
  };
}
