/** Which interfaces lead out of the node: found by address and route, never by name. Pure. */
import type { Address, Link, Route } from '@margay/addon/netlink-api';
import { contains, parseAddress, parseCidr } from '../calc/ip.ts';

/** Margay's own kernel routes; they say nothing about where the world is. */
const OWN_PROTOCOL = 80;
const LOOPBACK = 1;

/** RT_SCOPE_HOST and narrower: reachable from the node alone. */
const HOST_SCOPE = 254;

/** What netlink shows, and what is known of the pods. */
export interface NicSources {
  readonly links: readonly Link[];
  readonly addresses: readonly Address[];
  readonly routes: readonly Route[];
  /** This node's pod CIDRs: an interface with an address in one leads to pods. */
  readonly podCidrs: readonly string[];
  /** Interfaces of pods. */
  readonly podInterfaces: ReadonlySet<number>;
}

function leadsToPods(address: Address, podCidrs: readonly string[]): boolean {
  const bytes = parseAddress(address.address);
  return podCidrs.some((text) => {
    const cidr = parseCidr(text);
    return bytes !== undefined && cidr !== undefined && contains(cidr, bytes);
  });
}

/** An address with neighbours, or a route by way of a gateway. */
function leadsOut(link: Link, { addresses, routes, podCidrs }: NicSources): boolean {
  const own = addresses.filter(({ ifindex, scope }) => ifindex === link.index && scope < HOST_SCOPE);
  if (own.some((address) => leadsToPods(address, podCidrs))) return false;
  const neighbours = own.some(
    ({ family, prefix, scope }) => scope === 0 && prefix < (family === 4 ? 32 : 128),
  );
  const gateway = routes.some(
    (route) => route.ifindex === link.index && route.gateway !== undefined && route.protocol !== OWN_PROTOCOL,
  );
  return neighbours || gateway;
}

/** Interface indexes, in order. */
export function findNics(sources: NicSources): readonly number[] {
  return sources.links
    .filter(({ index }) => index !== LOOPBACK && !sources.podInterfaces.has(index))
    .filter((link) => link.name !== 'lo' && link.name !== 'kube-ipvs0' && leadsOut(link, sources))
    .map(({ index }) => index)
    .sort((a, b) => a - b);
}

/** Addresses that packets for this node itself may have: everything but loopback and link-local. */
export function hostAddresses(addresses: readonly Address[]): readonly Address[] {
  return addresses.filter(({ scope, ifindex }) => scope < 253 && ifindex !== LOOPBACK);
}
