/** Which backends stand behind each Service port now: what a flow of an older time is compared with. Pure. */
import type { CtValue } from '../abi/types.gen.ts';
import type { FrontendEntry, FrontendValue } from './frontend-table.ts';
import { rangesOf } from './frontend-table.ts';
import { addressKey, parseAddress } from './ip.ts';
import { PROTOCOL } from './records.ts';

/** How to read entry `index` of the array `backends`. */
export type ReadBackend = (index: number) => Peer;

/** An address in network byte order, and a port. */
export interface Peer {
  readonly addr: Uint8Array;
  readonly port: number;
}

function frontendKey(address: Uint8Array | undefined, port: number): string {
  return address === undefined ? ` ${port}` : keyOf(address, port);
}

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
  /** Ids by frontend; a NodePort's frontend may have no address. */
  readonly #services = new Map<string, number>();
  readonly #ofStack = new Set<number>();
  readonly #read = new Set<number>();

  constructor(entries: Iterable<FrontendEntry>, read: ReadBackend, toStack: number) {
    for (const { target, value } of entries) {
      if (target.protocol !== PROTOCOL.UDP) continue;
      this.#services.set(frontendKey(parseAddress(target.address), target.port), value.serviceId);
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

  /** True for a socket that named a frontend and was given a backend that the frontend's Service has no longer. */
  isGone(named: Peer, backend: Peer): boolean {
    const { addr, port } = named;
    const id =
      this.#services.get(frontendKey(addr, port)) ?? this.#services.get(frontendKey(undefined, port));
    if (id === undefined) return true;
    return !this.#ofStack.has(id) && this.#byService.get(id)?.has(keyOf(backend.addr, backend.port)) !== true;
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
