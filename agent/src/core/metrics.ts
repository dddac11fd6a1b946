/** margay_agent_* and margay_bpf_*: read when somebody asks. */
import { Counter, Gauge, type Registry } from 'prom-client';
import { unpack } from '../abi/codec.ts';
import { Reason } from '../abi/types.gen.ts';
import type { Family } from '../calc/ip.ts';
import { addressBytes, parseAddress } from '../calc/ip.ts';
import type { Dataplane } from '../dataplane/dataplane.ts';
import type { ModeInputs } from '../node-mode/facts.ts';
import type { ClusterWatch } from '../watch/cluster.ts';
import type { Plane } from '../dataplane/node-planes.ts';
import type { Upkeep } from './upkeep.ts';

/** Where the figures are. */
export interface MetricSources {
  readonly dataplane: Dataplane;
  readonly cluster: () => ClusterWatch | undefined;
  readonly inputs: () => ModeInputs;
  readonly upkeep: Upkeep;
  readonly statusWrites: () => number;
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

function snake(name: string): string {
  return name.replace(/(?<=.)([A-Z])/g, '_$1').toLowerCase();
}

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly labels?: string[];
}

type Samples = () => Promise<Sample[]> | Sample[];

/** A gauge whose samples are made at each scrape. */
function gauge(registry: Registry, { name, help, labels = [] }: Metric, samples: Samples): void {
  const collect = async function (this: Gauge): Promise<void> {
    this.reset();
    for (const { labels: of, value } of await samples()) this.set(of, value);
  };
  registry.registerMetric(new Gauge({ name, help, labelNames: labels, registers: [], collect }));
}

/** A counter that somebody else counts: read at each scrape. */
function counter(registry: Registry, { name, help, labels = [] }: Metric, samples: Samples): void {
  const collect = async function (this: Counter): Promise<void> {
    this.reset();
    for (const { labels: of, value } of await samples()) this.inc(of, value);
  };
  registry.registerMetric(new Counter({ name, help, labelNames: labels, registers: [], collect }));
}

async function counters(dataplane: Dataplane): Promise<{ reason: string; packets: number; bytes: number }[]> {
  const loaded = dataplane.loaded;
  if (loaded === undefined) return [];
  // Layout and map are the same for every family.
  const { counters: map } = loaded;
  const { abi } = loaded.planes[0].family;
  const { values } = await map.dump();
  const { cpus, stride } = map.info;
  return Object.entries(Reason).flatMap(([name, index]) => {
    const bytes = values.subarray(index * cpus * stride, (index + 1) * cpus * stride);
    const slots = unpack(abi.counter, bytes, stride);
    if (slots.length === 0) return [];
    const sum = (pick: (slot: { packets: bigint; bytes: bigint }) => bigint): number =>
      slots.reduce((total, slot) => total + Number(pick(slot)), 0);
    return [{ reason: snake(name), packets: sum((slot) => slot.packets), bytes: sum((slot) => slot.bytes) }];
  });
}

/** `services4`, `services6`... */
function mapSamples(
  { dataplane }: MetricSources,
  values: (plane: Plane) => Readonly<Record<string, number>>,
): Sample[] {
  return (dataplane.loaded?.planes ?? []).flatMap((plane) =>
    Object.entries(values(plane)).map(([name, value]) => ({
      labels: { map: `${name}${plane.family.abi.family}` },
      value,
    })),
  );
}

function endpointsOf(dataplane: Dataplane, family: Family): number {
  const size = addressBytes(family);
  return [...dataplane.endpoints()].filter(({ ip }) => parseAddress(ip)?.length === size).length;
}

function bpfMetrics(registry: Registry, sources: MetricSources): void {
  const { dataplane, upkeep } = sources;
  const labels = ['reason'];
  counter(
    registry,
    { name: 'margay_bpf_packets_total', help: 'Packets (or socket calls) by what became of them', labels },
    async () =>
      (await counters(dataplane)).map(({ reason, packets }) => ({ labels: { reason }, value: packets })),
  );
  counter(
    registry,
    { name: 'margay_bpf_bytes_total', help: 'Bytes of packets by what became of them', labels },
    async () =>
      (await counters(dataplane)).map(({ reason, bytes }) => ({ labels: { reason }, value: bytes })),
  );
  gauge(registry, { name: 'margay_bpf_map_entries', help: 'Entries in use', labels: ['map'] }, () =>
    mapSamples(sources, ({ family: { abi }, content }) => ({
      services: content.services.usage.frontends,
      ct: upkeep.sweeps?.get(abi.family)?.entries ?? 0,
      endpoints: endpointsOf(dataplane, abi.family),
    })),
  );
  gauge(registry, { name: 'margay_bpf_map_max_entries', help: 'Size of the map', labels: ['map'] }, () =>
    mapSamples(sources, ({ family, content }) => ({
      services: content.services.usage.limit,
      ct: family.conntrack.maxEntries,
    })),
  );
}

function watchMetrics(registry: Registry, { cluster }: MetricSources): void {
  const labels = ['resource'];
  const of = (
    pick: (stats: { lists: number; events: number; bytes: number; failures: number }, size: number) => number,
  ): Sample[] =>
    (cluster()?.stats() ?? []).map(([resource, stats, size]) => ({
      labels: { resource },
      value: pick(stats, size),
    }));
  gauge(registry, { name: 'margay_agent_watch_records', help: 'Records held of a resource', labels }, () =>
    of((_, size) => size),
  );
  counter(registry, { name: 'margay_agent_watch_events_total', help: 'Objects received', labels }, () =>
    of(({ events }) => events),
  );
  counter(registry, { name: 'margay_agent_watch_bytes_total', help: 'Bytes received', labels }, () =>
    of(({ bytes }) => bytes),
  );
  counter(registry, { name: 'margay_agent_watch_lists_total', help: 'Complete lists', labels }, () =>
    of(({ lists }) => lists),
  );
  counter(
    registry,
    { name: 'margay_agent_watch_failures_total', help: 'Streams and lists that failed', labels },
    () => of(({ failures }) => failures),
  );
}

/** Registers everything. */
export function registerMetrics(registry: Registry, sources: MetricSources): void {
  bpfMetrics(registry, sources);
  watchMetrics(registry, sources);
  gauge(
    registry,
    { name: 'margay_agent_mode', help: '1 for the mode of the programs', labels: ['mode'] },
    () => {
      const { mode } = sources.dataplane.facts();
      return ['Absent', 'Pass', 'Active', 'Draining'].map((name) => ({
        labels: { mode: name },
        value: name === mode ? 1 : 0,
      }));
    },
  );
  gauge(
    registry,
    { name: 'margay_agent_verified', help: '1 while the maps were read back as wanted' },
    () => [{ labels: {}, value: sources.dataplane.facts().verified ? 1 : 0 }],
  );
  gauge(
    registry,
    { name: 'margay_agent_unsupported_objects', help: 'Services and hostPorts that need kube-proxy' },
    () => [{ labels: {}, value: sources.inputs().unsupported.count }],
  );
  counter(
    registry,
    { name: 'margay_agent_repaired_entries_total', help: 'Map entries that somebody else had changed' },
    () => [{ labels: {}, value: sources.dataplane.loaded?.stats.repaired ?? 0 }],
  );
  counter(
    registry,
    { name: 'margay_agent_written_entries_total', help: 'Map entries written or removed' },
    () => [{ labels: {}, value: sources.dataplane.loaded?.stats.written ?? 0 }],
  );
  counter(
    registry,
    { name: 'margay_agent_udp_sockets_ended_total', help: 'Connected UDP sockets ended with their backend' },
    () => [{ labels: {}, value: sources.upkeep.socketsEnded }],
  );
  counter(
    registry,
    { name: 'margay_agent_status_writes_total', help: 'Writes of NodeDataplane.status' },
    () => [{ labels: {}, value: sources.statusWrites() }],
  );
}
