/** Which backends stand behind each Service port now: what a flow of an older time is compared with. Pure. */
import type { CtValue } from '../abi/types.gen.ts';
import type { FrontendEntry, FrontendValue } from './frontend-table.ts';
import { rangesOf } from './frontend-table.ts';
import { addressKey } from './ip.ts';
import { PROTOCOL } from './records.ts';

/** How to read entry `index` of the array `backends`. */
export type ReadBackend = (index: number) => { readonly addr: Uint8Array; readonly port: number };

function keyOf(address: Uint8Array, port: number): string {
  return `${addressKey(address)} ${port}`;
}

/**
 * UDP has no end that a client would notice: a flow whose backend is no more must be forgotten, so that the
 * next packet finds another one. (TCP's flows end by themselves.) toStack: the flag of frontends that are
 * served by the stack; flows of such a Service are left alone.
 */
export class LiveUdpBackends {
  readonly #byService = new Map<number, Set<string>>();
  readonly #ofStack = new Set<number>();
  readonly #read = new Set<number>();

  constructor(entries: Iterable<FrontendEntry>, read: ReadBackend, toStack: number) {
    for (const { target, value } of entries) {
      if (target.protocol !== PROTOCOL.UDP) continue;
      if ((value.flags & toStack) !== 0) this.#ofStack.add(value.serviceId);
      else this.#add(value, read);
    }
  }

  /** True for the first direction's entry of a UDP flow that leads to a backend that its Service has no longer. */
  isStale(protocol: number, value: CtValue): boolean {
    const { serviceId, newDaddr, newDport } = value;
    if (protocol !== PROTOCOL.UDP || serviceId === 0 || this.#ofStack.has(serviceId)) return false;
    return this.#byService.get(serviceId)?.has(keyOf(newDaddr, newDport)) !== true;
  }

  /** Frontends of a port share their ranges, most of them all: each is read once. */
  #add(value: FrontendValue, read: ReadBackend): void {
    const keys = this.#byService.get(value.serviceId) ?? new Set<string>();
    this.#byService.set(value.serviceId, keys);
    for (const { first, count } of rangesOf(value)) {
      if (this.#read.has(first)) continue;
      this.#read.add(first);
      for (let index = first; index < first + count; index++) {
        const { addr, port } = read(index);
        keys.add(keyOf(addr, port));
      }
    }
  }
}
