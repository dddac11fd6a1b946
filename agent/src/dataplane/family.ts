/** The loaded programs and maps of one address family. */
import { access, mkdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { BpfMap, BpfObject, BpfProgram, Native } from '@margay/addon/api';
import { MargayError, messageOf } from '@margay/lib/errors';
import { encode } from '../abi/codec.ts';
import type { Abi, Endpoint, LpmKey, Route } from '../abi/types.gen.ts';
import { EndpointFlags, RouteKind } from '../abi/types.gen.ts';
import { addressBytes, parseAddress, parseCidr } from '../calc/ip.ts';
import type { RouteEntry } from '../calc/node-routes.ts';
import { SNAT_PORTS } from '../calc/snat-ports.ts';
import type { LocalEndpoint } from '../ports.ts';
import { JiffiesClock } from './clock.ts';
import { Conntrack } from './conntrack.ts';
import { Hooks } from './hooks.ts';
import type { KeyedEntry } from './keyed-map.ts';
import { KeyedMap } from './keyed-map.ts';
import type { PinPaths } from './paths.ts';
import { ServiceMaps } from './service-maps.ts';
import { Sockets } from './sockets.ts';
import { StateMap } from './state.ts';

/** What the programs of every family are told when they are loaded. */
export interface ProgramSettings {
  readonly markBit: number;
  readonly natOutgoing: boolean;
  readonly connectTcp: boolean;
  readonly conntrackEntries: number;
  readonly serviceEntries: number;
}

/** What those of one family are told. */
export interface FamilySettings extends ProgramSettings {
  /** Of this node and this family; the source of what it translates. */
  readonly nodeAddress: string;
}

/** Where things are, and what the kernel has. */
export interface FamilyOptions {
  readonly native: Native;
  readonly abi: Abi;
  /** `margay4.bpf.o` */
  readonly objectPath: string;
  readonly pins: PinPaths;
  readonly tcx: boolean;
}

/** Programs or maps could not be loaded; the message says which and why. */
export class LoadError extends MargayError {
  override readonly name = 'LoadError';
}

/** The same on every node: they must agree on the backend of a client. */
const HASH_SEED = 0x6d61_7267;
/** Room to move every Service's range, and for the buddy allocator's rounding. */
const BACKENDS_PER_FRONTEND = 4;

/** Flows are two entries; an eighth of the table may be flows that are being opened. */
const HALF_OPEN_PART = 8;

/** Flows that each CPU may have half open, so that a flood on one of them leaves most of the table to others. */
function halfOpenPerCpu(conntrackEntries: number): number {
  return Math.max(64, Math.floor(conntrackEntries / 2 / HALF_OPEN_PART / cpus().length));
}

/** halfOpen: entries of the ring as the kernel has it. */
function configOf(
  settings: FamilySettings,
  { native, abi }: FamilyOptions,
  halfOpen: number | undefined,
): Uint8Array {
  const nodeAddr = parseAddress(settings.nodeAddress) ?? new Uint8Array(addressBytes(abi.family));
  return encode(abi.config, {
    hostNetnsCookie: native.netnsCookie(),
    mark: 2 ** settings.markBit,
    hashSeed: HASH_SEED,
    nodeAddr,
    snatFirst: SNAT_PORTS.first,
    snatLast: SNAT_PORTS.last,
    natOutgoing: settings.natOutgoing ? 1 : 0,
    egressToStack: 1,
    connectTcp: settings.connectTcp ? 1 : 0,
    connectUdp: 1,
    halfOpen: halfOpen ?? 0,
  });
}

/** Sizes by map name. A map that is pinned keeps its size: another would be refused, and flows would be lost. */
async function sizes(
  settings: ProgramSettings,
  { native, abi, pins }: FamilyOptions,
): Promise<Record<string, number>> {
  const backends = 2 ** Math.ceil(Math.log2(settings.serviceEntries * BACKENDS_PER_FRONTEND));
  const wanted: Record<string, number> = {
    [`services${abi.family}`]: settings.serviceEntries,
    [`backends${abi.family}`]: backends,
    [`ct${abi.family}`]: settings.conntrackEntries,
    [`half_open${abi.family}`]: halfOpenPerCpu(settings.conntrackEntries),
  };
  for (const name of Object.keys(wanted)) {
    const path = join(pins.maps, name);
    const pinned = await access(path).then(
      () => true,
      () => false,
    );
    if (!pinned) continue;
    const map = native.openPinnedMap(path);
    wanted[name] = map.info.maxEntries;
    map.close();
  }
  return wanted;
}

function verifierTail(error: unknown): string {
  const logs = (error as { verifierLog?: Record<string, string> }).verifierLog ?? {};
  const [first] = Object.entries(logs).filter(([, log]) => log !== '');
  return first === undefined ? '' : ` (${first[0]}: ${first[1].trim().split('\n').slice(-3).join(' | ')})`;
}

/** See the file comment. Maps are pinned; closing leaves kernel and traffic as they are. */
export class FamilyDataplane {
  readonly abi: Abi;
  readonly services: ServiceMaps;
  readonly routes: KeyedMap<LpmKey, Route>;
  readonly endpoints: KeyedMap<Uint8Array, Endpoint>;
  readonly state: StateMap;
  readonly conntrack: Conntrack;
  readonly sockets: Sockets;
  readonly hooks: Hooks;
  /** The per-CPU array of `struct mg_counter`. */
  readonly counters: BpfMap;
  readonly #object: BpfObject;

  private constructor(object: BpfObject, options: FamilyOptions) {
    this.#object = object;
    const { abi, native, pins, tcx } = options;
    this.abi = abi;
    const addr = { name: 'mg_addr', size: addressBytes(abi.family) };
    this.services = new ServiceMaps(
      {
        services: this.#map('services'),
        backends: this.#map('backends'),
        sources: this.#map('source_ranges'),
      },
      abi,
    );
    this.routes = new KeyedMap(this.#map('routes'), abi.lpmKey, abi.route);
    this.endpoints = new KeyedMap(this.#map('endpoints'), bytesCodec(addr), abi.endpoint);
    this.state = new StateMap(this.#shared('state'));
    this.conntrack = new Conntrack(this.#map('ct'), abi, new JiffiesClock(this.program('clock')));
    this.sockets = new Sockets(this.#map('sock'), abi);
    this.counters = this.#shared('counters');
    this.hooks = new Hooks(native, pins.links, { family: abi.family, tcx });
  }

  /** Loads programs, and creates the maps that are not pinned yet. @throws LoadError */
  static async load(settings: FamilySettings, options: FamilyOptions): Promise<FamilyDataplane> {
    try {
      await mkdir(options.pins.maps, { recursive: true });
      const maxEntries = await sizes(settings, options);
      const halfOpen = maxEntries[`half_open${options.abi.family}`];
      const object = await options.native.load({
        path: options.objectPath,
        pinDir: options.pins.maps,
        rodata: { mg_config: configOf(settings, options, halfOpen) },
        maxEntries,
      });
      return new FamilyDataplane(object, options);
    } catch (cause) {
      throw new LoadError(
        `${options.objectPath} could not be loaded: ${messageOf(cause)}${verifierTail(cause)}`,
        {
          code: 'LoadFailed',
          cause,
          retryable: true,
        },
      );
    }
  }

  program(name: string): BpfProgram {
    const program = this.#object.programs.get(name);
    if (program === undefined)
      throw new LoadError(`the object has no program ${name}`, { code: 'BadObject' });
    return program;
  }

  routeEntry(entry: RouteEntry): KeyedEntry<LpmKey, Route> {
    const nextHop = parseAddress(entry.nextHop) ?? new Uint8Array(addressBytes(this.abi.family));
    return {
      key: this.routeKey(entry.cidr),
      value: { nextHop, ifindex: entry.ifindex, kind: RouteKind[entry.kind] },
    };
  }

  routeKey(cidr: string): LpmKey {
    const parsed = parseCidr(cidr);
    if (parsed === undefined) throw new RangeError(`${cidr} is no CIDR`);
    return { prefixlen: parsed.prefix, addr: parsed.address };
  }

  /** Undefined for an endpoint of another family. */
  endpointEntry({
    ip,
    ifindex,
    generation,
    noPeer,
  }: LocalEndpoint): KeyedEntry<Uint8Array, Endpoint> | undefined {
    const key = parseAddress(ip);
    if (key?.length !== addressBytes(this.abi.family)) return undefined;
    return { key, value: { ifindex, generation, flags: noPeer ? EndpointFlags.NoPeer : 0 } };
  }

  close(): void {
    this.#object.close();
  }

  #map(name: string): BpfMap {
    return this.#shared(`${name}${this.abi.family}`);
  }

  #shared(name: string): BpfMap {
    const map = this.#object.maps.get(name);
    if (map === undefined) throw new LoadError(`the object has no map ${name}`, { code: 'BadObject' });
    return map;
  }
}

/** A key that is nothing but bytes. */
function bytesCodec({ name, size }: { name: string; size: number }): {
  name: string;
  size: number;
  encode(value: Uint8Array, view: DataView, offset: number): void;
  decode(view: DataView, offset: number): Uint8Array;
} {
  return {
    name,
    size,
    encode: (value, view, offset) => value.forEach((byte, i) => view.setUint8(offset + i, byte)),
    decode: (view, offset) => new Uint8Array(view.buffer, view.byteOffset + offset, size).slice(),
  };
}
