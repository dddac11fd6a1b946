import { EndpointFlags, FrontendFlags } from '@margay/agent/abi/types.gen';
import { formatAddress, type Family } from '@margay/agent/calc/ip';

import type { CtEntry, Dataplane, ServiceSpec } from './dataplane.ts';
import { Proto } from './packet.ts';

/** Who is who in the tables, as [IPv4, IPv6]. Programs run on interface 1, as if `pod` were there. */
const who = {
  pod: ['10.244.1.5', 'fd00:1::5'],
  sibling: ['10.244.1.6', 'fd00:1::6'],
  queued: ['10.244.1.7', 'fd00:1::7'],
  nobody: ['10.244.1.99', 'fd00:1::99'],
  remotePod: ['10.244.2.5', 'fd00:2::5'],
  node: ['10.0.0.1', 'fd00::1'],
  otherNode: ['10.0.0.2', 'fd00::2'],
  client: ['203.0.113.9', '2001:db8::9'],
  gateway: ['10.0.0.254', 'fd00::254'],
  world: ['198.51.100.1', '2001:db8:1::1'],
  linkLocal: ['169.254.0.9', 'fe80::9'],
  linkLocalTwo: ['169.254.0.10', 'fe80::10'],
  loopback: ['127.0.0.1', '::1'],
  unreachable: ['255.255.255.255', 'ff02::9'],
  svcSibling: ['10.96.0.1', 'fd00:96::1'],
  svcRemote: ['10.96.0.2', 'fd00:96::2'],
  svcHost: ['10.96.0.3', 'fd00:96::3'],
  svcSelf: ['10.96.0.4', 'fd00:96::4'],
  svcEmpty: ['10.96.0.5', 'fd00:96::5'],
  svcLocalOnly: ['10.96.0.6', 'fd00:96::6'],
  svcToStack: ['10.96.0.7', 'fd00:96::7'],
  svcBroken: ['10.96.0.8', 'fd00:96::8'],
  svcUnreachable: ['10.96.0.9', 'fd00:96::9'],
  svcQueued: ['10.96.0.10', 'fd00:96::10'],
  svcSplit: ['10.96.0.11', 'fd00:96::11'],
  svcNoneHere: ['10.96.0.12', 'fd00:96::12'],
  svcRanges: ['10.96.0.13', 'fd00:96::13'],
  svcSticky: ['10.96.0.14', 'fd00:96::14'],
  remotePodTwo: ['10.244.2.6', 'fd00:2::6'],
} as const;

export type Who = keyof typeof who;

/** Every name. */
export const everybody = Object.keys(who) as readonly Who[];

/** The address of a name. */
export function address(name: Who, family: Family): string {
  return who[name][family === 4 ? 0 : 1];
}

const names: ReadonlyMap<string, string> = new Map(
  Object.entries(who).flatMap(([name, each]) => each.map((text): [string, string] => [text, name])),
);

/** The name of an address; the address where it has none. */
export function nameOf(text: string): string {
  return names.get(text) ?? text;
}

/** Backends of each Service address, at port 80 over TCP and UDP; each listens at 8080. */
export const backends: Partial<Record<Who, readonly Who[]>> = {
  svcSibling: ['sibling'],
  svcRemote: ['remotePod'],
  svcHost: ['node'],
  svcSelf: ['pod'],
  svcEmpty: [],
  svcLocalOnly: [],
  svcToStack: ['sibling'],
  svcBroken: ['sibling'],
  svcUnreachable: ['unreachable'],
  svcQueued: ['queued'],
  svcSplit: ['remotePod'],
  svcNoneHere: ['remotePod'],
  svcRanges: ['sibling'],
  svcSticky: ['sibling', 'remotePod', 'remotePodTwo'],
};
/** For clients outside, where those differ. */
const outside: Partial<Record<Who, readonly Who[]>> = { svcSplit: ['sibling'], svcNoneHere: [] };
/** Clients of set 7 are `client` and `pod`. */
const sourceSet = 7;
/** Seconds of svcSticky's affinity. */
export const affinitySeconds = 100;
/** svcSticky's id. */
export const stickyId = 4711;
const more: Partial<Record<Who, Partial<ServiceSpec>>> = {
  svcBroken: { first: 1_000_000 },
  svcRanges: { sourceSet },
  svcSticky: { affinity: affinitySeconds, id: stickyId },
};
const flags: Partial<Record<Who, number>> = {
  svcLocalOnly: FrontendFlags.DropInside | FrontendFlags.DropOutside,
  svcToStack: FrontendFlags.ToStack,
  svcNoneHere: FrontendFlags.DropOutside,
};
/** NodePorts, by number. */
export const nodePorts: readonly (readonly [number, readonly Who[]])[] = [
  [30080, ['sibling']],
  [30081, ['remotePod']],
  [30082, []],
  [30083, ['node']],
];

function fillServices(plane: Dataplane): void {
  const at = (list: readonly Who[]) =>
    list.map((name) => ({ address: address(name, plane.family), port: 8080 }));
  plane.forgetBackends();
  for (const client of ['client', 'pod'] as const) plane.putSource(sourceSet, address(client, plane.family));
  for (const proto of [Proto.tcp, Proto.udp]) {
    for (const [name, list] of Object.entries(backends) as [Who, readonly Who[]][])
      plane.putService({
        address: address(name, plane.family),
        port: 80,
        proto,
        backends: at(list),
        flags: flags[name] ?? 0,
        ...(outside[name] === undefined ? {} : { outside: at(outside[name]) }),
        ...more[name],
      });
    for (const [port, list] of nodePorts) plane.putService({ port, proto, backends: at(list) });
  }
}

/** What every case of the tables starts from. */
export function furnish(plane: Dataplane): void {
  const { family } = plane;
  const one = family === 4 ? 32 : 128;
  const net = (cidr4: string, cidr6: string): string => (family === 4 ? cidr4 : cidr6);
  const at = (name: Who): string => address(name, family);
  plane.putEndpoint({ address: at('pod'), ifindex: 1, generation: 1 });
  plane.putEndpoint({ address: at('sibling'), ifindex: 7, generation: 2 });
  plane.putEndpoint({ address: at('queued'), ifindex: 8, generation: 3, flags: EndpointFlags.NoPeer });
  plane.putRoute({ cidr: net('10.244.1.0/24', 'fd00:1::/64'), kind: 'LocalPods' });
  const remote = { nextHop: at('otherNode'), ifindex: 9 };
  plane.putRoute({ cidr: net('10.244.2.0/24', 'fd00:2::/64'), kind: 'RemotePods', ...remote });
  plane.putRoute({ cidr: `${at('node')}/${one}`, kind: 'LocalHost' });
  plane.putRoute({ cidr: `${at('otherNode')}/${one}`, kind: 'RemoteHost', ifindex: 9 });
  plane.putRoute({ cidr: `${at('client')}/${one}`, kind: 'NoSnat', nextHop: at('gateway'), ifindex: 9 });
  plane.putRoute({ cidr: `${at('unreachable')}/${one}`, kind: 'RemoteHost' });
  fillServices(plane);
}

const actions = ['?', 'stack', 'peer', 'neigh', 'veth'] as const;
const flagNames = ['rewrite', 'reply', 'seen', 'fin', 'rst', 'est', 'egress'] as const;
/** A port that was taken for a translated flow, so that a table can name it. */
const port = (number: number): string => (number >= 61000 ? 'nat' : String(number));
const end = (bytes: Uint8Array, number: number): string => `${nameOf(formatAddress(bytes))}:${port(number)}`;

/** `pod:40000>svcSibling:80 = pod:40000>sibling:8080 peer@7 rewrite,seen` */
export function describeEntry({ key, value }: CtEntry): string {
  const before = `${end(key.saddr, key.sport)}>${end(key.daddr, key.dport)}`;
  const after = `${end(value.newSaddr, value.newSport)}>${end(value.newDaddr, value.newDport)}`;
  const hop = value.action === 3 ? ` via ${nameOf(formatAddress(value.nextHop))}` : '';
  const way = `${actions[value.action] ?? '?'}${value.ifindex === 0 ? '' : `@${value.ifindex}`}${hop}`;
  const set = flagNames.filter((_, bit) => (value.flags & (1 << bit)) !== 0);
  return `${before} = ${after} ${way} ${set.join(',')}`;
}
