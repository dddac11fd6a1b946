/**
 * The services calculator of one address family: records of Services and EndpointSlices in, contents
 * of the maps `services` and `backends` out. Incremental: a change costs what it touches.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Range } from './backend-ranges.ts';
import { BackendRanges } from './backend-ranges.ts';
import { NoSpaceError } from './buddy.ts';
import type { FrontendEntry, FrontendTarget } from './frontend-table.ts';
import { FrontendTable, rangesOf, targetKey } from './frontend-table.ts';
import type { Family } from './ip.ts';
import { addressKey, parseAddress } from './ip.ts';
import type { ByFamily } from './node-families.ts';
import type { HostPort, Problem, ServicePortRecord, ServiceRecord, SliceRecord } from './records.ts';
import { ENDPOINT } from './records.ts';
import type { SelectedBackend, SelectedBackends } from './select-backends.ts';
import { addressOf, selectBackends } from './select-backends.ts';
import type { FlagBits, TrafficPolicy, WantedTarget } from './service-claims.ts';
import { targetsOf } from './service-claims.ts';
import type { PortSettings } from './service-port.ts';
import { hostPortBackend, HostPortOwner, ServicePort } from './service-port.ts';
import type { SourceChanges, SourceRange } from './source-ranges.ts';
import { SourceSets } from './source-ranges.ts';
import { unsupportedReason } from './unsupported.ts';

/** How `struct mg_backend` is written. */
export interface BackendLayout {
  readonly family: Family;
  readonly bits: FlagBits;
  readonly backendSize: number;
  /** Writes one entry at `index`. */
  writeBackend(view: DataView, index: number, backend: BackendFields): void;
}

/** What `struct mg_backend` says; the address in network byte order. */
export interface BackendFields {
  readonly address: Uint8Array;
  readonly port: number;
  readonly flags: number;
}

/** What of this node the calculator depends on. */
export interface NodeFacts {
  /** Empty: unknown. */
  readonly zone: string;
  /** All addresses of this node, canonical text. */
  readonly addresses: readonly string[];
  /** Those that NodePorts answer at, by family; absent: all of that family. */
  readonly nodePortAddresses: ByFamily<readonly string[]>;
}

/** What the kernel held when the agent started. */
export interface KernelServices {
  readonly frontends: Iterable<FrontendEntry>;
  /** The array `backends` from its start. */
  readonly backends: Uint8Array;
  readonly sources: Iterable<SourceRange>;
}

/**
 * Changes in the order in which they are safe: new sources, ranges, upserts, removes, old sources.
 */
export interface ServicesDelta {
  readonly sources: SourceChanges;
  /** Ranges of {@link ServiceCalculator.image} to copy. */
  readonly ranges: readonly Range[];
  readonly upserts: readonly FrontendEntry[];
  readonly removes: readonly FrontendTarget[];
  /** Newly found; each is worth one log line. */
  readonly problems: readonly Problem[];
}

/** Sizes of the kernel's maps. */
export interface ServiceLimits {
  readonly frontends: number;
  readonly backends: number;
}

/** A map that has no room for everything. */
export interface Shortage {
  readonly map: 'services' | 'backends';
  readonly limit: number;
  /** Frontends (or Service ports) that wait for room. */
  readonly waiting: number;
  /** At most five of them. */
  readonly first: readonly string[];
}

const HERE = ENDPOINT.LOCAL | ENDPOINT.READY;
const NOTHING: SelectedBackends = { cluster: [], local: [] };

/** See the file comment. Not reentrant; every method is synchronous. */
export class ServiceCalculator {
  readonly #layout: BackendLayout;
  readonly #nodeName: string;
  readonly #table: FrontendTable;
  readonly #ranges: BackendRanges;
  readonly #sources = new SourceSets();
  readonly #services = new Map<string, ServiceRecord>();
  readonly #slices = new Map<string, SliceRecord>();
  readonly #slicesOf = new Map<string, readonly SliceRecord[]>();
  readonly #ports = new Map<string, readonly ServicePort[]>();
  readonly #hostPorts = new Map<string, HostPortOwner>();
  readonly #dirty = new Set<string>();
  /** Services of which a port found no room for its backends. */
  readonly #starved = new Set<string>();
  /** Ranges that the kernel's frontends name and nobody has taken over yet. */
  #adoptable = new Map<number, Range>();
  /** Ids that were taken over from the kernel before the first flush. */
  readonly #takenIds = new Set<number>();
  #nextId = 1;
  #adopting = true;
  #facts: NodeFacts = { zone: '', addresses: [], nodePortAddresses: {} };
  #hostAddresses = new Set<number | string>();
  #problems: Problem[] = [];

  constructor(layout: BackendLayout, nodeName: string, limits: ServiceLimits) {
    this.#layout = layout;
    this.#nodeName = nodeName;
    this.#table = new FrontendTable(limits.frontends);
    this.#ranges = new BackendRanges(limits.backends, layout.backendSize);
  }

  /** What the array `backends` should hold. */
  get image(): Uint8Array {
    return this.#ranges.image;
  }

  /** Frontends in the map, and its size. */
  get usage(): { readonly frontends: number; readonly limit: number; readonly backendsFree: number } {
    return { frontends: this.#table.live, limit: this.#table.limit, backendsFree: this.#ranges.freeEntries };
  }

  /** Starts from what the kernel holds, so that a restart writes differences only. Before the first flush. */
  adopt(kernel: KernelServices): void {
    this.image.set(kernel.backends.subarray(0, this.image.length));
    this.#sources.adopt(kernel.sources);
    for (const entry of kernel.frontends) {
      this.#table.adopt(entry);
      this.#nextId = Math.max(this.#nextId, entry.value.serviceId + 1);
      for (const range of rangesOf(entry.value)) {
        if (this.#ranges.adopt(range)) this.#adoptable.set(range.first, range);
      }
    }
  }

  /** A Service is there (or, undefined, gone). */
  setService(key: string, record: ServiceRecord | undefined): void {
    if (record === undefined) this.#services.delete(key);
    else this.#services.set(key, record);
    this.#dirty.add(key);
  }

  /** An EndpointSlice (`namespace/name` of the slice) is there, or gone. One of another family counts as gone. */
  setSlice(key: string, record: SliceRecord | undefined): void {
    const before = this.#slices.get(key);
    if (before !== undefined) this.#forgetSlice(key, before);
    if (record?.family !== this.#layout.family) return;
    this.#slices.set(key, record);
    this.#slicesOf.set(record.service, [...(this.#slicesOf.get(record.service) ?? []), record]);
    this.#dirty.add(record.service);
  }

  /** The node's zone or addresses: touches every Service when they changed, which they hardly ever do. */
  setNode(facts: NodeFacts): void {
    if (isDeepStrictEqual(facts, this.#facts)) return;
    this.#facts = facts;
    this.#hostAddresses = new Set(
      facts.addresses.flatMap((text) => {
        const bytes = parseAddress(text);
        return bytes === undefined ? [] : [addressKey(bytes)];
      }),
    );
    for (const key of this.#services.keys()) this.#dirty.add(key);
  }

  /** All ports that pods of this node ask for. One of a pod without an address of this family is nobody's. */
  setHostPorts(ports: readonly HostPort[]): void {
    const family = this.#layout.family;
    const wanted = new Map(
      ports
        .filter(({ hostIP }) => hostIP === '' || hostIP.includes(':') === (family === 6))
        .filter((port) => hostPortBackend(port, family) !== undefined)
        .map((port) => [`${port.pod} ${targetKey({ ...port, address: port.hostIP })}`, port]),
    );
    for (const [key, owner] of this.#hostPorts) {
      const port = wanted.get(key);
      if (port !== undefined && owner.isFor(port)) continue;
      this.#removePort(owner);
      this.#hostPorts.delete(key);
    }
    for (const [key, port] of wanted) {
      if (!this.#hostPorts.has(key)) this.#hostPorts.set(key, this.#newHostPort(port));
    }
  }

  /** Calculates what changed since the last call. now: milliseconds of a clock that never goes back. */
  flush(now: number): ServicesDelta {
    this.#ranges.expire(now);
    const starved = [...this.#starved];
    this.#starved.clear();
    for (const key of [...this.#dirty, ...starved]) this.#recompute(key);
    this.#dirty.clear();
    const { upserts, removes } = this.#table.flush();
    for (const range of this.#adoptable.values()) this.#ranges.drop(range);
    this.#adoptable = new Map();
    this.#takenIds.clear();
    this.#adopting = false;
    const problems = [...this.#problems, ...this.#table.takeProblems()];
    this.#problems = [];
    const sources = this.#sources.flush();
    return { sources, ranges: this.#ranges.takeWritten(), upserts, removes, problems };
  }

  /** Every delta so far is in the kernel. */
  committed(now: number): void {
    this.#ranges.committed(now);
  }

  /** Whether something waits for {@link flush}. */
  get pending(): boolean {
    return this.#dirty.size > 0;
  }

  /** All frontends that the kernel should hold after the deltas so far. */
  entries(): Iterable<FrontendEntry> {
    return this.#table.entries();
  }

  /** All of `source_ranges` that the kernel should hold after the deltas so far. */
  sources(): Iterable<SourceRange> {
    return this.#sources.entries();
  }

  /**
   * Each frontend with its Service's name and whether anything is behind it anywhere, the stack's own included. A NodePort
   * has no address whatever the Installation says: which addresses kube-proxy gives it is kube-proxy's configuration.
   */
  *frontends(): Generator<{
    readonly target: FrontendTarget;
    readonly name: string;
    readonly hasEndpoints: boolean;
  }> {
    for (const { owner, target: own, flags } of this.#table.winners()) {
      if (!(owner instanceof ServicePort) || owner instanceof HostPortOwner) continue;
      const target = (flags & this.#layout.bits.nodePort) === 0 ? own : { ...own, address: '' };
      yield { target, name: owner.name, hasEndpoints: owner.hasEndpoints };
    }
  }

  /** Ready endpoints of a Service on this node, by address. */
  localEndpoints(key: string): number {
    const found = new Set<string>();
    for (const slice of this.#slicesOf.get(key) ?? []) {
      slice.flags.forEach((flags, index) => {
        const here = (flags & HERE) === HERE;
        if (here) found.add(addressOf({ slice, index }).join());
      });
    }
    return found.size;
  }

  /** Maps that are too small for the cluster. */
  shortages(): readonly Shortage[] {
    const waiting = this.#table.waiting(5);
    const starved = [...this.#starved];
    const all: Shortage[] = [
      { map: 'services', limit: this.#table.limit, waiting: waiting.count, first: waiting.first },
      { map: 'backends', limit: this.#ranges.capacity, waiting: starved.length, first: starved.slice(0, 5) },
    ];
    return all.filter((shortage) => shortage.waiting > 0);
  }

  #forgetSlice(key: string, slice: SliceRecord): void {
    this.#slices.delete(key);
    const rest = (this.#slicesOf.get(slice.service) ?? []).filter((sibling) => sibling !== slice);
    if (rest.length > 0) this.#slicesOf.set(slice.service, rest);
    else this.#slicesOf.delete(slice.service);
    this.#dirty.add(slice.service);
  }

  #recompute(key: string): void {
    const record = this.#services.get(key);
    const known = this.#ports.get(key) ?? [];
    const kept = (record?.ports ?? []).map((wanted) => {
      const same = (port: ServicePort): boolean =>
        port.port === wanted.name && port.protocol === wanted.protocol && port.created === record?.created;
      return { wanted, port: known.find(same) ?? this.#newPort(key, wanted, record?.created ?? 0) };
    });
    const ports = kept.map(({ port }) => port);
    for (const port of known) {
      if (!ports.includes(port)) this.#removePort(port);
    }
    if (record !== undefined) {
      for (const { wanted, port } of kept) this.#updatePort(record, wanted, port);
    }
    if (ports.length > 0) this.#ports.set(key, ports);
    else this.#ports.delete(key);
  }

  #newPort(service: string, { name, protocol }: ServicePortRecord, created: number): ServicePort {
    return new ServicePort(service, { name, protocol, created, bits: this.#layout.bits });
  }

  #newHostPort(port: HostPort): HostPortOwner {
    const { family, bits } = this.#layout;
    const owner = new HostPortOwner(port, bits);
    const targets = [owner.target];
    owner.serviceId = this.#newId(targets.map(({ key }) => key));
    const address = hostPortBackend(port, family);
    if (address !== undefined && !owner.settings.toStack) {
      const backend = { address, port: port.containerPort, flags: bits.backendLocal };
      this.#place(owner, 'cluster', this.#write([backend]), targets);
    }
    this.#claim(owner, targets, owner.settings);
    return owner;
  }

  #removePort(port: ServicePort): void {
    for (const claim of port.claims) this.#table.unclaim(claim);
    for (const range of Object.values(port.ranges)) this.#ranges.drop(range);
    this.#sources.release(port.sources);
  }

  #updatePort(record: ServiceRecord, wanted: ServicePortRecord, port: ServicePort): void {
    const { family, bits } = this.#layout;
    const nodePortAddresses = this.#facts.nodePortAddresses[family];
    const targets = targetsOf(record, wanted, { family, nodePortAddresses }, bits);
    const keys = targets.map(({ key }) => key);
    const backends = targets.length === 0 ? NOTHING : this.#backendsOf(record.key, wanted);
    port.hasEndpoints = backends.cluster.length > 0;
    port.serviceId ||= this.#newId(keys);
    this.#restrict(port, record, targets);
    const settings = {
      toStack: unsupportedReason(record) !== undefined,
      affinity: record.traits.affinitySeconds ?? 0,
    };
    this.#placeAll(port, settings.toStack ? NOTHING : backends, targets);
    this.#claim(port, targets, settings);
  }

  #backendsOf(service: string, port: ServicePortRecord): SelectedBackends {
    const topology = { nodeName: this.#nodeName, zone: this.#facts.zone };
    return selectBackends(this.#slicesOf.get(service) ?? [], port, topology);
  }

  /** Only a load balancer's frontends ask who the client is. */
  #restrict(port: ServicePort, { traits }: ServiceRecord, targets: readonly WantedTarget[]): void {
    const { family } = this.#layout;
    const asked = targets.some(({ restricted }) => restricted);
    const sources = (asked ? (traits.sourceRanges ?? []) : []).filter(
      (cidr) => cidr.includes(':') === (family === 6),
    );
    port.sourceSet = this.#sources.acquire(sources);
    this.#sources.release(port.sources);
    port.sources = sources;
  }

  /** The table compares what the claims say now with what is written: a touch that changes nothing writes nothing. */
  #claim(port: ServicePort, targets: readonly WantedTarget[], settings: PortSettings): void {
    port.settings = settings;
    if (port.wants(targets)) {
      for (const claim of port.claims) this.#table.touch(claim);
      return;
    }
    for (const claim of port.claims) this.#table.unclaim(claim);
    port.setTargets(targets);
    for (const claim of port.claims) this.#table.claim(claim);
  }

  /** A list takes room only where a frontend asks for it. */
  #placeAll(port: ServicePort, backends: SelectedBackends, targets: readonly WantedTarget[]): void {
    for (const policy of ['cluster', 'local'] as const) {
      const asked = targets.some(({ inside, outside }) => inside === policy || outside === policy);
      this.#place(port, policy, this.#encode(asked ? backends[policy] : []), targets);
    }
  }

  /** Gives the port a range with these backends, unless it has one already or there is no room. */
  #place(
    port: ServicePort,
    policy: TrafficPolicy,
    bytes: Uint8Array,
    targets: readonly WantedTarget[],
  ): void {
    if (this.#ranges.holds(port.ranges[policy], bytes)) return;
    try {
      const range = this.#adopted(policy, targets, bytes) ?? this.#ranges.store(bytes);
      this.#ranges.drop(port.ranges[policy]);
      port.ranges[policy] = range;
    } catch (error) {
      if (!(error instanceof NoSpaceError)) throw error;
      this.#starved.add(port.service);
    }
  }

  /** The range that the kernel's frontends at the targets name for the policy, if it holds just these backends. */
  #adopted(policy: TrafficPolicy, targets: readonly WantedTarget[], bytes: Uint8Array): Range | undefined {
    if (this.#adoptable.size === 0 || bytes.length === 0) return undefined;
    for (const { key, inside, outside } of targets) {
      const written = this.#table.written(key);
      const named = [
        inside === policy ? written?.first : undefined,
        outside === policy ? written?.outsideFirst : undefined,
      ];
      const range = named.flatMap((first) => this.#adoptable.get(first ?? -1) ?? [])[0];
      if (range === undefined || !this.#ranges.holds(range, bytes)) continue;
      this.#adoptable.delete(range.first);
      return range;
    }
    return undefined;
  }

  /** The id that the kernel knows the port by, else a new one. */
  #newId(keys: readonly string[]): number {
    if (!this.#adopting) return this.#nextId++;
    const written = keys.map((key) => this.#table.written(key)?.serviceId ?? 0);
    const id = written.find((known) => known > 0 && !this.#takenIds.has(known)) ?? this.#nextId++;
    this.#takenIds.add(id);
    return id;
  }

  #encode(backends: readonly SelectedBackend[]): Uint8Array {
    const { backendHost, backendLocal } = this.#layout.bits;
    return this.#write(
      backends.map((backend) => {
        const address = addressOf(backend);
        const host = this.#hostAddresses.has(addressKey(address));
        return { address, port: backend.port, flags: host ? backendHost : backend.local ? backendLocal : 0 };
      }),
    );
  }

  #write(backends: readonly BackendFields[]): Uint8Array {
    const bytes = new Uint8Array(backends.length * this.#layout.backendSize);
    const view = new DataView(bytes.buffer);
    backends.forEach((backend, index) => this.#layout.writeBackend(view, index, backend));
    return bytes;
  }
}
