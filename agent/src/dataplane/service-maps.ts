/** The maps `services` and `backends` of one family: written, read back, compared. */
import type { BpfMap } from '@margay/addon/api';
import { isKernelError } from '@margay/addon/errors';
import { encode, pack, unpack } from '../abi/codec.ts';
import type { Abi, FrontendKey, SourceKey, SourceValue } from '../abi/types.gen.ts';
import type { Range } from '../calc/backend-ranges.ts';
import type { FrontendEntry, FrontendTarget } from '../calc/frontend-table.ts';
import { rangesOf, sameValue, targetKey } from '../calc/frontend-table.ts';
import { addressBytes, formatAddress, formatCidr, parseAddress, parseCidr } from '../calc/ip.ts';
import type { KernelServices, ServicesDelta } from '../calc/services.ts';
import type { SourceChanges, SourceRange } from '../calc/source-ranges.ts';
import type { KeyedEntry } from './keyed-map.ts';
import { KeyedMap } from './keyed-map.ts';

/** What stands between the kernel and what it should hold. */
export interface ServiceDifference {
  readonly upserts: readonly FrontendEntry[];
  readonly removes: readonly FrontendTarget[];
  /** Ranges of `backends` whose bytes differ. */
  readonly ranges: readonly Range[];
  readonly sources: SourceChanges;
}

/** What the kernel should hold. */
export interface WantedServices {
  readonly frontends: Iterable<FrontendEntry>;
  readonly sources: Iterable<SourceRange>;
  /** The array `backends` from its start. */
  readonly image: Uint8Array;
}

/** How many entries differ. */
export function sizeOf({ upserts, removes, ranges, sources }: ServiceDifference): number {
  return upserts.length + removes.length + ranges.length + sources.upserts.length + sources.removes.length;
}

/** See the file comment. Calls must not overlap. */
export class ServiceMaps {
  readonly #services: BpfMap;
  readonly #backends: BpfMap;
  readonly #sources: KeyedMap<SourceKey, SourceValue>;
  readonly #sourceMap: BpfMap;
  readonly #abi: Abi;
  readonly #array: Uint8Array;

  constructor(maps: { services: BpfMap; backends: BpfMap; sources: BpfMap }, abi: Abi) {
    this.#services = maps.services;
    this.#backends = maps.backends;
    this.#sourceMap = maps.sources;
    this.#sources = new KeyedMap(maps.sources, abi.sourceKey, abi.sourceValue);
    this.#abi = abi;
    this.#array = new Uint8Array(maps.backends.mmap());
  }

  /** Sizes that the calculator must keep to. */
  get limits(): { readonly frontends: number; readonly backends: number } {
    return { frontends: this.#services.info.maxEntries, backends: this.#backends.info.maxEntries };
  }

  /** Everything that the kernel holds. */
  async snapshot(): Promise<KernelServices> {
    const { keys } = await this.#sourceMap.dump();
    const sources = unpack(this.#abi.sourceKey, keys).map(sourceOf);
    return { frontends: await this.#dump(), backends: this.#array.slice(), sources };
  }

  /** Backends and sources before the frontends that name them, new frontends before old ones go. */
  async apply(delta: ServicesDelta | ServiceDifference, image: Uint8Array): Promise<void> {
    const { upserts, removes } = delta.sources;
    await this.#sources.apply(upserts.map(sourceEntry), []);
    this.#copy(delta.ranges, image);
    await this.#upsert(delta.upserts).catch(async (error: unknown) => {
      // The map is full of what is to go: then that goes first.
      if (!isKernelError(error, 'E2BIG') || delta.removes.length === 0) throw error;
      await this.#remove(delta.removes);
      await this.#upsert(delta.upserts);
    });
    await this.#remove(delta.removes);
    await this.#sources.apply(
      [],
      removes.map((source) => sourceEntry(source).key),
    );
  }

  /** Reads back and compares; nothing is written. */
  async compare({ frontends, sources, image }: WantedServices): Promise<ServiceDifference> {
    const kernel = new Map((await this.#dump()).map((entry) => [targetKey(entry.target), entry]));
    const upserts: FrontendEntry[] = [];
    const ranges: Range[] = [];
    for (const entry of frontends) {
      const key = targetKey(entry.target);
      if (!sameValue(kernel.get(key)?.value, entry.value)) upserts.push(entry);
      ranges.push(...rangesOf(entry.value).filter((range) => !this.#holds(range, image)));
      kernel.delete(key);
    }
    const other = await this.#sources.compare([...sources].map(sourceEntry));
    return {
      upserts,
      removes: [...kernel.values()].map(({ target }) => target),
      ranges,
      sources: {
        upserts: other.upserts.map(({ key }) => sourceOf(key)),
        removes: other.removes.map(sourceOf),
      },
    };
  }

  #copy(ranges: readonly Range[], image: Uint8Array): void {
    const size = this.#backends.info.stride;
    for (const { first, count } of ranges) {
      this.#array.set(image.subarray(first * size, (first + count) * size), first * size);
    }
  }

  #holds({ first, count }: Range, image: Uint8Array): boolean {
    const size = this.#backends.info.stride;
    for (let i = first * size; i < (first + count) * size; i++) {
      if (this.#array[i] !== image[i]) return false;
    }
    return true;
  }

  async #upsert(entries: readonly FrontendEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const values = entries.map(({ value }) => value);
    const keys = entries.map(({ target }) => this.#key(target));
    const [only] = keys;
    if (only !== undefined && keys.length === 1) {
      this.#services.update(encode(this.#abi.frontendKey, only), pack(this.#abi.frontend, values));
      return;
    }
    await this.#services.updateBatch(pack(this.#abi.frontendKey, keys), pack(this.#abi.frontend, values));
  }

  async #remove(targets: readonly FrontendTarget[]): Promise<void> {
    if (targets.length === 0) return;
    const keys = targets.map((target) => this.#key(target));
    await this.#services.deleteBatch(pack(this.#abi.frontendKey, keys));
  }

  async #dump(): Promise<FrontendEntry[]> {
    const { keys, values } = await this.#services.dump();
    const frontends = unpack(this.#abi.frontend, values);
    return unpack(this.#abi.frontendKey, keys).flatMap((key, i) => {
      const value = frontends[i];
      return value === undefined ? [] : [{ target: this.#target(key), value }];
    });
  }

  #key({ address, port, protocol }: FrontendTarget): FrontendKey {
    const addr = parseAddress(address) ?? new Uint8Array(addressBytes(this.#abi.family));
    return { addr, port, proto: protocol };
  }

  #target({ addr, port, proto }: FrontendKey): FrontendTarget {
    const address = addr.every((byte) => byte === 0) ? '' : formatAddress(addr);
    return { address, port, protocol: proto };
  }
}

/** Bits of a key that stand before the address: the set's number. */
const SET_BITS = 32;

function sourceEntry({ set, cidr }: SourceRange): KeyedEntry<SourceKey, SourceValue> {
  const parsed = parseCidr(cidr);
  if (parsed === undefined) throw new RangeError(`${cidr} is no CIDR`);
  const key = { prefixlen: SET_BITS + parsed.prefix, set, addr: parsed.address };
  return { key, value: { allowed: 1 } };
}

function sourceOf({ prefixlen, set, addr }: SourceKey): SourceRange {
  const family = addr.length === addressBytes(4) ? 4 : 6;
  return { set, cidr: formatCidr({ family, address: addr, prefix: prefixlen - SET_BITS }) };
}
