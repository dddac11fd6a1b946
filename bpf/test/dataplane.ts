import { join } from 'node:path';

import type { BpfMap, BpfObject, BpfProgram, Native } from '@margay/addon/api';
import { encode, unpack, type Codec } from '@margay/agent/abi/codec';
import {
  Mode,
  Reason,
  RouteKind,
  type Abi,
  type AffinityKey,
  type AffinityValue,
  type Config,
  type CtKey,
  type CtValue,
} from '@margay/agent/abi/types.gen';
import { abi4 } from '@margay/agent/abi/v4.gen';
import { abi6 } from '@margay/agent/abi/v6.gen';
import { familyOf, formatAddress, parseAddress, parseCidr, type Family } from '@margay/agent/calc/ip';

/** One address of a Service port; without `address` it is a NodePort. */
export interface ServiceSpec {
  readonly address?: string;
  readonly port: number;
  readonly proto: number;
  readonly backends: readonly { readonly address: string; readonly port: number }[];
  /** For clients outside; the same when absent. */
  readonly outside?: readonly { readonly address: string; readonly port: number }[];
  readonly flags?: number;
  /** Seconds of ClientIP affinity. */
  readonly affinity?: number;
  readonly sourceSet?: number;
  readonly id?: number;
  /** Index of the first backend, where a test wants a wrong one. */
  readonly first?: number;
}

/** A pod of this node. */
export interface EndpointSpec {
  readonly address: string;
  readonly ifindex: number;
  readonly generation?: number;
  readonly flags?: number;
}

/** What is behind a prefix. */
export interface RouteSpec {
  readonly cidr: string;
  readonly kind: keyof typeof RouteKind;
  readonly nextHop?: string;
  readonly ifindex?: number;
}

/** What user space changes while programs run. */
export interface StateSpec {
  readonly mode?: keyof typeof Mode;
  readonly stackFlows?: number;
  readonly routeGen?: number;
}

/** One direction of a flow. */
export interface CtEntry {
  readonly key: CtKey;
  readonly value: CtValue;
}

/** A struct with its address as text. */
type AffinityOf<T extends { addr: Uint8Array }> = Omit<T, 'addr'> & { readonly addr: string };

/** Part of the configuration, the address as text. */
export type Settings = Partial<Omit<Config, 'nodeAddr'>> & { readonly nodeAddr: string };

const abis: Readonly<Record<Family, Abi>> = { 4: abi4, 6: abi6 };

const defaults: Config = {
  hostNetnsCookie: 0n,
  mark: 0x8000_0000,
  hashSeed: 1,
  nodeAddr: new Uint8Array(),
  snatFirst: 61000,
  snatLast: 65535,
  natOutgoing: 1,
  egressToStack: 0,
  connectTcp: 1,
  connectUdp: 1,
  halfOpen: 0,
};

/** The bytes of an address that a test wrote. */
export function bytesOf(text: string): Uint8Array {
  const bytes = parseAddress(text);
  if (bytes === undefined) throw new Error(`${text} is no address`);
  return bytes;
}

/** One family's object, loaded, and its maps in the words of a test. Nothing is pinned. */
export class Dataplane {
  readonly family: Family;
  readonly abi: Abi;
  readonly #object: BpfObject;
  #nextBackend = 0;
  #state = { mode: 'Active' as keyof typeof Mode, stackFlows: 0, routeGen: 1 };

  private constructor(family: Family, object: BpfObject) {
    this.family = family;
    this.abi = abis[family];
    this.#object = object;
    this.setState({});
  }

  static async load(
    native: Native,
    settings: Settings,
    maxEntries: Readonly<Record<string, number>> = {},
  ): Promise<Dataplane> {
    const nodeAddr = bytesOf(settings.nodeAddr);
    const family = familyOf(nodeAddr);
    const config = encode(abis[family].config, { ...defaults, ...settings, nodeAddr });
    const object = await native.load({
      path: join(import.meta.dirname, `../../build/bpf/margay${family}.bpf.o`),
      rodata: { mg_config: config },
      maxEntries: { [`backends${family}`]: 1024, [`ct${family}`]: 131072, ...maxEntries },
    });
    return new Dataplane(family, object);
  }

  program(name: string): BpfProgram {
    const program = this.#object.programs.get(name);
    if (program === undefined) throw new Error(`no program ${name}`);
    return program;
  }

  programs(): readonly BpfProgram[] {
    return [...this.#object.programs.values()];
  }

  /** A map, by its name without the family's number. */
  map(name: string): BpfMap {
    const map = this.#object.maps.get(`${name}${this.family}`) ?? this.#object.maps.get(name);
    if (map === undefined) throw new Error(`no map ${name}`);
    return map;
  }

  #put<K, V>(name: string, key: Codec<K>, value: Codec<V>, entry: readonly [K, V]): void {
    this.map(name).update(encode(key, entry[0]), encode(value, entry[1]));
  }

  setState(change: StateSpec): void {
    this.#state = { ...this.#state, ...change };
    const value = encode(this.abi.state, { ...this.#state, mode: Mode[this.#state.mode] });
    this.map('state').update(new Uint8Array(4), value);
  }

  putService(service: ServiceSpec): void {
    const first = this.#putBackends(service.backends);
    const outsideFirst = service.outside === undefined ? first : this.#putBackends(service.outside);
    const addr = service.address === undefined ? this.#noAddress() : bytesOf(service.address);
    const key = { addr, port: service.port, proto: service.proto };
    const { flags = 0, id = first + 1 } = service;
    const value = {
      first: service.first ?? first,
      count: service.backends.length,
      outsideFirst: service.first ?? outsideFirst,
      outsideCount: (service.outside ?? service.backends).length,
      flags,
      serviceId: id,
      affinity: service.affinity ?? 0,
      sourceSet: service.sourceSet ?? 0,
    };
    this.#put('services', this.abi.frontendKey, this.abi.frontend, [key, value]);
  }

  #putBackends(backends: ServiceSpec['backends']): number {
    const first = this.#nextBackend;
    for (const backend of backends) {
      const index = new Uint8Array(Uint32Array.of(this.#nextBackend++).buffer);
      const value = { addr: bytesOf(backend.address), port: backend.port, flags: 0 };
      this.map('backends').update(index, encode(this.abi.backend, value));
    }
    return first;
  }

  /** Lets a prefix's clients in at frontends with this set. */
  putSource(set: number, text: string): void {
    const cidr = parseCidr(text);
    if (cidr === undefined) throw new Error(`${text} is no CIDR`);
    const key = { prefixlen: 32 + cidr.prefix, set, addr: cidr.address };
    this.#put('source_ranges', this.abi.sourceKey, this.abi.sourceValue, [key, { allowed: 1 }]);
  }

  /** Says which backend a client was given. Addresses are text. */
  putAffinity(key: AffinityOf<AffinityKey>, value: AffinityOf<AffinityValue>): void {
    const bytes = [
      { ...key, addr: bytesOf(key.addr) },
      { ...value, addr: bytesOf(value.addr) },
    ] as const;
    this.#put('affinity', this.abi.affinityKey, this.abi.affinityValue, bytes);
  }

  /** Which backend a client was given. */
  affinity(key: AffinityOf<AffinityKey>): AffinityOf<AffinityValue> | undefined {
    const bytes = this.map('affinity').lookup(
      encode(this.abi.affinityKey, { ...key, addr: bytesOf(key.addr) }),
    );
    const [value] = bytes === undefined ? [] : unpack(this.abi.affinityValue, bytes);
    return value === undefined ? undefined : { ...value, addr: formatAddress(value.addr) };
  }

  /** Begins the backends' array again: earlier Services must be put anew. */
  forgetBackends(): void {
    this.#nextBackend = 0;
  }

  putEndpoint({ address, ifindex, generation = 1, flags = 0 }: EndpointSpec): void {
    this.map('endpoints').update(bytesOf(address), encode(this.abi.endpoint, { ifindex, generation, flags }));
  }

  deleteEndpoint(address: string): boolean {
    return this.map('endpoints').delete(bytesOf(address));
  }

  putRoute(route: RouteSpec): void {
    const cidr = parseCidr(route.cidr);
    if (cidr === undefined) throw new Error(`${route.cidr} is no CIDR`);
    const nextHop = route.nextHop === undefined ? this.#noAddress() : bytesOf(route.nextHop);
    const key = { prefixlen: cidr.prefix, addr: cidr.address };
    const value = { nextHop, ifindex: route.ifindex ?? 0, kind: RouteKind[route.kind] };
    this.#put('routes', this.abi.lpmKey, this.abi.route, [key, value]);
  }

  #noAddress(): Uint8Array {
    return new Uint8Array(this.family === 4 ? 4 : 16);
  }

  async flows(): Promise<CtEntry[]> {
    const { keys, values } = await this.map('ct').dump();
    const found = unpack(this.abi.ctValue, values);
    return unpack(this.abi.ctKey, keys).flatMap((key, i) => {
      const value = found[i];
      return value === undefined ? [] : [{ key, value }];
    });
  }

  /** Makes every flow older, by units of 256 jiffies. */
  async ageFlows(ticks: number): Promise<void> {
    for (const { key, value } of await this.flows())
      this.#put('ct', this.abi.ctKey, this.abi.ctValue, [
        key,
        { ...value, lastSeen: value.lastSeen - ticks },
      ]);
  }

  async clearFlows(): Promise<void> {
    await this.#clear('ct');
  }

  /** No client was given anything yet. */
  async clearAffinity(): Promise<void> {
    await this.#clear('affinity');
  }

  async #clear(name: string): Promise<void> {
    const { keys } = await this.map(name).dump();
    await this.map(name).deleteBatch(keys);
  }

  /** Packets by reason, all CPUs together; reasons that were never met are left out. */
  counters(): ReadonlyMap<keyof typeof Reason, number> {
    const counts = new Map<keyof typeof Reason, number>();
    for (const [name, index] of Object.entries(Reason) as [keyof typeof Reason, number][]) {
      const bytes = this.map('counters').lookup(new Uint8Array(Uint32Array.of(index).buffer));
      const each = bytes === undefined ? [] : unpack(this.abi.counter, bytes);
      const packets = each.reduce((sum, counter) => sum + Number(counter.packets), 0);
      if (packets > 0) counts.set(name, packets);
    }
    return counts;
  }

  close(): void {
    this.#object.close();
  }
}
