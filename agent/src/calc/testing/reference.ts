/** What every lookup should answer, worked out from the whole world each time: slow and obvious. */
import { targetKey } from '../frontend-table.ts';
import type { Family } from '../ip.ts';
import { addressBytes, formatAddress } from '../ip.ts';
import type { EndpointHints, HostPort, ServicePortRecord, ServiceRecord, SliceRecord } from '../records.ts';
import { ENDPOINT, protocolName } from '../records.ts';
import { isIn, probes } from './fake-kernel.ts';
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

/** Those of this node, ready or else serving while they terminate; hints do not count. */
function usableHere(all: readonly Endpoint[]): readonly Endpoint[] {
  const here = all.filter(({ flags }) => (flags & ENDPOINT.LOCAL) !== 0);
  const ready = here.filter(({ flags }) => (flags & ENDPOINT.READY) !== 0);
  const last = here.filter(
    ({ flags }) => (flags & ENDPOINT.SERVING) !== 0 && (flags & ENDPOINT.TERMINATING) !== 0,
  );
  return ready.length > 0 ? ready : last;
}

function listText(endpoints: readonly Endpoint[], world: World): string {
  const number = (ip: string): string => ip.replace(/\d+$/, (digits) => digits.padStart(3, '0'));
  const sorted = [...endpoints].sort(
    (a, b) => (number(a.ip) < number(b.ip) ? -1 : Number(number(a.ip) > number(b.ip))) || a.port - b.port,
  );
  return sorted.map((endpoint) => backendText(endpoint, world)).join('');
}

interface Answer {
  readonly text: string;
  /** Undefined: every client. */
  readonly sources: readonly string[] | undefined;
}

/** What kind of address is asked at: the cluster's own, a NodePort or an external one, a load balancer's. */
type Kind = 'cluster' | 'external' | 'balancer';

function sourcesOf(world: World, service: ServiceRecord, kind: Kind): readonly string[] | undefined {
  const all = service.traits.sourceRanges ?? [];
  const own = all.filter((cidr) => cidr.includes(':') === (world.family === 6));
  return kind === 'balancer' && own.length > 0 ? own : undefined;
}

/** Whether a policy binds clients inside, and those outside, to this node's backends. */
function localOnly({ traits }: ServiceRecord, kind: Kind): readonly [boolean, boolean] {
  if (kind === 'cluster') return [traits.internalLocal === true, traits.internalLocal === true];
  return [false, traits.externalLocal === true];
}

function answerOf(
  world: World,
  service: ServiceRecord,
  { port, kind, flags }: { port: ServicePortRecord; kind: Kind; flags: number },
): Answer {
  const { bits } = testLayout(world.family);
  const { traits } = service;
  const sources = sourcesOf(world, service, kind);
  if (service.ports.some(({ protocol }) => protocol === 132))
    return { text: `flags=${flags | bits.toStack} affinity=0 inside: outside:`, sources };
  const all = merged(endpointsOf(world, service.key, port));
  const everywhere = usable(all, world);
  const here = usableHere(all);
  const [insideLocal, outsideLocal] = localOnly(service, kind);
  const inside = insideLocal ? here : everywhere;
  const outside = outsideLocal ? here : everywhere;
  const missing = (list: readonly Endpoint[]): boolean => list.length === 0 && everywhere.length > 0;
  const dropped = (missing(inside) ? bits.dropInside : 0) | (missing(outside) ? bits.dropOutside : 0);
  const lists = `inside:${listText(inside, world)} outside:${listText(outside, world)}`;
  return { text: `flags=${flags | dropped} affinity=${traits.affinitySeconds ?? 0} ${lists}`, sources };
}

interface Wish {
  readonly key: string;
  readonly order: readonly [rank: number, created: number, label: string];
  readonly answer: Answer;
}

function wishesOf(world: World, service: ServiceRecord): Wish[] {
  const { bits } = testLayout(world.family);
  return service.ports.flatMap((port) => {
    const label = `Service port ${service.key}:${port.name}/${protocolName(port.protocol)}`;
    const wish = (
      address: string,
      number: number,
      rank: number,
      of: { kind: Kind; flags: number },
    ): Wish => ({
      key: targetKey({ address, port: number, protocol: port.protocol }),
      order: [rank, service.created, label],
      answer: answerOf(world, service, { port, ...of }),
    });
    const { externalIPs, loadBalancerIPs } = service;
    const balancers = loadBalancerIPs.filter((ip) => !externalIPs.includes(ip));
    const nodePort = { kind: 'external', flags: bits.external | bits.nodePort } as const;
    return [
      ...service.clusterIPs.map((ip) => wish(ip, port.port, 0, { kind: 'cluster', flags: 0 })),
      ...(port.nodePort > 0 ? [wish('', port.nodePort, 0, nodePort)] : []),
      ...externalIPs.map((ip) => wish(ip, port.port, 1, { kind: 'external', flags: bits.external })),
      ...balancers.map((ip) => wish(ip, port.port, 1, { kind: 'balancer', flags: bits.external })),
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
  for (const { hostIP, port, protocol, addresses, containerPort, pod } of world.hostPorts) {
    const key = targetKey({ address: hostIP, port, protocol });
    const backend = ` ${addresses[0] ?? ''}:${containerPort}/${testLayout(world.family).bits.backendLocal}`;
    const text = `flags=0 affinity=0 inside:${backend} outside:${backend}`;
    wishes.push({ key, order: [2, 0, pod], answer: { text, sources: undefined } });
  }
  const best = new Map<string, Wish>();
  for (const wish of wishes) {
    const other = best.get(wish.key);
    if (other === undefined || before(wish, other)) best.set(wish.key, wish);
  }
  const answers = new Map<string, string>();
  for (const [key, { answer }] of best) {
    answers.set(key, answer.text);
    for (const client of probes(world.family)) {
      const admitted = answer.sources === undefined || isIn(client, answer.sources);
      answers.set(`${key} from ${client}`, String(admitted));
    }
  }
  return answers;
}
