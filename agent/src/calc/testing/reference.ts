/** What every lookup should answer, worked out from the whole world each time: slow and obvious. */
import { targetKey } from '../frontend-table.ts';
import type { Family } from '../ip.ts';
import { addressBytes, formatAddress } from '../ip.ts';
import type { EndpointHints, HostPort, ServicePortRecord, ServiceRecord, SliceRecord } from '../records.ts';
import { ENDPOINT, protocolName } from '../records.ts';
import { testLayout } from './layout.ts';

/** Everything that the calculator was told. */
export interface World {
  readonly family: Family;
  readonly nodeName: string;
  zone: string;
  addresses: readonly string[];
  hostPorts: readonly HostPort[];
  readonly services: Map<string, ServiceRecord>;
  readonly slices: Map<string, SliceRecord>;
}

interface Endpoint {
  readonly ip: string;
  readonly port: number;
  readonly flags: number;
  readonly hints: EndpointHints | undefined;
}

function endpointsOf(world: World, service: string, port: ServicePortRecord): Endpoint[] {
  const length = addressBytes(world.family);
  const all: Endpoint[] = [];
  const slices = [...world.slices.values()].sort((a, b) => a.name.localeCompare(b.name));
  for (const slice of slices) {
    if (slice.service !== service || slice.family !== world.family) continue;
    for (const { port: number } of slice.ports.filter(
      (p) => p.name === port.name && p.protocol === port.protocol,
    )) {
      slice.flags.forEach((flags, i) => {
        const ip = formatAddress(slice.addresses.subarray(i * length, (i + 1) * length));
        all.push({ ip, port: number, flags, hints: slice.hints?.[i] });
      });
    }
  }
  return all;
}

/** One endpoint for each address and port: running before terminating, ready before not, serving before not, local before remote. */
function merged(all: readonly Endpoint[]): Endpoint[] {
  const badness = ({ flags }: Endpoint): number =>
    ((flags & ENDPOINT.TERMINATING) !== 0 ? 100 : 0) +
    ((flags & ENDPOINT.READY) === 0 ? 20 : 0) +
    ((flags & ENDPOINT.SERVING) === 0 ? 10 : 0) +
    ((flags & ENDPOINT.LOCAL) === 0 ? 1 : 0);
  const best = new Map<string, Endpoint>();
  for (const endpoint of all) {
    const key = `${endpoint.ip} ${endpoint.port}`;
    const other = best.get(key);
    if (other === undefined || badness(endpoint) < badness(other)) best.set(key, endpoint);
  }
  return [...best.values()];
}

function usable(all: readonly Endpoint[], world: World): readonly Endpoint[] {
  const ready = all.filter(({ flags }) => (flags & ENDPOINT.READY) !== 0);
  if (ready.length === 0) {
    return all.filter(
      ({ flags }) => (flags & ENDPOINT.SERVING) !== 0 && (flags & ENDPOINT.TERMINATING) !== 0,
    );
  }
  const forNode = ready.filter(({ hints }) => hints?.nodes.includes(world.nodeName));
  if (ready.every(({ hints }) => (hints?.nodes.length ?? 0) > 0) && forNode.length > 0) return forNode;
  const forZone = ready.filter(({ hints }) => hints?.zones.includes(world.zone));
  if (ready.every(({ hints }) => (hints?.zones.length ?? 0) > 0) && forZone.length > 0) return forZone;
  return ready;
}

function backendText({ ip, port, flags }: Endpoint, world: World): string {
  const { bits } = testLayout(world.family);
  const local = (flags & ENDPOINT.LOCAL) !== 0 ? bits.backendLocal : 0;
  return ` ${ip}:${port}/${world.addresses.includes(ip) ? bits.backendHost : local}`;
}

function answerOf(world: World, service: ServiceRecord, port: ServicePortRecord, flags: number): string {
  const { bits } = testLayout(world.family);
  const outside =
    service.externalIPs.length + service.loadBalancerIPs.length > 0 ||
    service.ports.some((p) => p.nodePort > 0);
  const toStack =
    service.traits.sessionAffinity === true || (service.traits.externalLocal === true && outside);
  if (toStack) return `flags=${flags | bits.toStack}`;
  const endpoints = usable(merged(endpointsOf(world, service.key, port)), world);
  const number = (ip: string): string => ip.replace(/\d+$/, (digits) => digits.padStart(3, '0'));
  const sorted = [...endpoints].sort(
    (a, b) => (number(a.ip) < number(b.ip) ? -1 : Number(number(a.ip) > number(b.ip))) || a.port - b.port,
  );
  return `flags=${flags}${sorted.map((endpoint) => backendText(endpoint, world)).join('')}`;
}

interface Wish {
  readonly key: string;
  readonly order: readonly [rank: number, created: number, label: string];
  readonly answer: string;
}

function wishesOf(world: World, service: ServiceRecord): Wish[] {
  const { bits } = testLayout(world.family);
  return service.ports.flatMap((port) => {
    const label = `Service port ${service.key}:${port.name}/${protocolName(port.protocol)}`;
    const wish = (address: string, number: number, rank: number, flags: number): Wish => ({
      key: targetKey({ address, port: number, protocol: port.protocol }),
      order: [rank, service.created, label],
      answer: answerOf(world, service, port, flags),
    });
    const outside = [...service.externalIPs, ...service.loadBalancerIPs];
    return [
      ...service.clusterIPs.map((ip) => wish(ip, port.port, 0, 0)),
      ...(port.nodePort > 0 ? [wish('', port.nodePort, 0, bits.external | bits.nodePort)] : []),
      ...outside.map((ip) => wish(ip, port.port, 1, bits.external)),
    ];
  });
}

function before(a: Wish, b: Wish): boolean {
  for (const i of [0, 1, 2] as const) {
    if (a.order[i] !== b.order[i]) return a.order[i] < b.order[i];
  }
  return false;
}

/** The answer at each target. */
export function referenceAnswers(world: World): Map<string, string> {
  const wishes = [...world.services.values()].flatMap((service) => wishesOf(world, service));
  for (const { hostIP, port, protocol } of world.hostPorts) {
    const key = targetKey({ address: hostIP, port, protocol });
    wishes.push({ key, order: [2, 0, ''], answer: `flags=${testLayout(world.family).bits.toStack}` });
  }
  const best = new Map<string, Wish>();
  for (const wish of wishes) {
    const other = best.get(wish.key);
    if (other === undefined || before(wish, other)) best.set(wish.key, wish);
  }
  return new Map([...best].map(([key, { answer }]) => [key, answer]));
}
