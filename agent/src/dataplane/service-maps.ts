/** The maps `services` and `backends` of one family: written, read back, compared. */
import type { BpfMap } from '@margay/addon/api';
import { isKernelError } from '@margay/addon/errors';
import { encode, pack, unpack } from '../abi/codec.ts';
import type { Abi, FrontendKey } from '../abi/types.gen.ts';
import type { Range } from '../calc/backend-ranges.ts';
import type { FrontendEntry, FrontendTarget } from '../calc/frontend-table.ts';
import { sameValue, targetKey } from '../calc/frontend-table.ts';
import { addressBytes, formatAddress, parseAddress } from '../calc/ip.ts';
import type { KernelServices, ServicesDelta } from '../calc/services.ts';

/** What stands between the kernel and what it should hold. */
export interface ServiceDifference {
  readonly upserts: readonly FrontendEntry[];
  readonly removes: readonly FrontendTarget[];
  /** Ranges of `backends` whose bytes differ. */
  readonly ranges: readonly Range[];
}

/** How many entries differ. */
export function sizeOf({ upserts, removes, ranges }: ServiceDifference): number {
  return upserts.length + removes.length + ranges.length;
}

/** See the file comment. Calls must not overlap. */
export class ServiceMaps {
  readonly #services: BpfMap;
  readonly #backends: BpfMap;
  readonly #abi: Abi;
  readonly #array: Uint8Array;

  constructor(services: BpfMap, backends: BpfMap, abi: Abi) {
    this.#services = services;
    this.#backends = backends;
    this.#abi = abi;
    this.#array = new Uint8Array(backends.mmap());
  }

  /** Sizes that the calculator must keep to. */
  get limits(): { readonly frontends: number; readonly backends: number } {
    return { frontends: this.#services.info.maxEntries, backends: this.#backends.info.maxEntries };
  }

  /** Everything that the kernel holds. */
  async snapshot(): Promise<KernelServices> {
    return { frontends: await this.#dump(), backends: this.#array.slice() };
  }

  /** Backends before the frontends that name them, new frontends before old ones go. */
  async apply(delta: ServicesDelta | ServiceDifference, image: Uint8Array): Promise<void> {
    this.#copy(delta.ranges, image);
    await this.#upsert(delta.upserts).catch(async (error: unknown) => {
      // The map is full of what is to go: then that goes first.
      if (!isKernelError(error, 'E2BIG') || delta.removes.length === 0) throw error;
      await this.#remove(delta.removes);
      await this.#upsert(delta.upserts);
    });
    await this.#remove(delta.removes);
  }

  /** Reads back and compares; nothing is written. */
  async compare(wanted: Iterable<FrontendEntry>, image: Uint8Array): Promise<ServiceDifference> {
    const kernel = new Map((await this.#dump()).map((entry) => [targetKey(entry.target), entry]));
    const upserts: FrontendEntry[] = [];
    const ranges: Range[] = [];
    for (const entry of wanted) {
      const key = targetKey(entry.target);
      if (!sameValue(kernel.get(key)?.value, entry.value)) upserts.push(entry);
      if (!this.#holds(entry.value, image)) ranges.push(entry.value);
      kernel.delete(key);
    }
    return { upserts, removes: [...kernel.values()].map(({ target }) => target), ranges };
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
