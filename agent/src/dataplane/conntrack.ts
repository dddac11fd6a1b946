/** Collects flows that are over from the map `ct`, and counts those that a drain waits for. */
import { setImmediate } from 'node:timers/promises';
import type { BpfMap, Entries } from '@margay/addon/api';
import { decode, encode } from '../abi/codec.ts';
import type { Abi, CtKey, CtValue } from '../abi/types.gen.ts';
import { CtFlags } from '../abi/types.gen.ts';
import type { Flow, FlowTimeouts } from '../calc/flows.ts';
import {
  needsTranslation,
  ORPHAN_MS,
  reverseKey,
  shortestTimeout,
  ticksBetween,
  timeoutOf,
} from '../calc/flows.ts';
import type { JiffiesClock } from './clock.ts';

/** What one pass over the map saw and did. */
export interface Sweep {
  readonly entries: number;
  readonly collected: number;
  /** Entries without their other half that went. */
  readonly orphans: number;
  /** Flows that only eBPF can translate; complete only when they were to be counted. */
  readonly translated: number;
}

/** Entries looked at before other work gets its turn. */
const CHUNK = 2000;

/** What a pass is for, beside collecting. */
export interface SweepOptions {
  readonly timeouts: FlowTimeouts;
  /** Forget also a living flow, such as one whose backend is no more. */
  readonly stale?: (flow: Flow) => boolean;
  /** Count flows that only eBPF can translate. */
  readonly count?: boolean;
}

interface Pass extends SweepOptions {
  /** Every flow that is rewritten is looked at, not only those that may be over. */
  readonly closely: boolean;
  readonly ageOf: (value: CtValue) => number;
  collected: number;
  orphans: number;
  translated: number;
}

/** See the file comment. */
export class Conntrack {
  readonly #map: BpfMap;
  readonly #abi: Abi;
  readonly #clock: JiffiesClock;

  constructor(map: BpfMap, abi: Abi, clock: JiffiesClock) {
    this.#map = map;
    this.#abi = abi;
    this.#clock = clock;
  }

  get maxEntries(): number {
    return this.#map.info.maxEntries;
  }

  /** One pass. Both entries of a flow go, or none. */
  async sweep(options: SweepOptions): Promise<Sweep> {
    const { ticks, msPerTick } = await this.#clock.read();
    const dump = await this.#map.dump();
    const ageOf = (value: CtValue): number => ticksBetween(ticks, value.lastSeen) * msPerTick;
    const closely = options.count === true || options.stale !== undefined;
    const pass: Pass = { ...options, closely, ageOf, collected: 0, orphans: 0, translated: 0 };
    for (let i = 0; i < dump.count; i++) {
      if (i % CHUNK === CHUNK - 1) await setImmediate();
      this.#look(dump, i, pass);
    }
    return {
      entries: dump.count,
      collected: pass.collected,
      orphans: pass.orphans,
      translated: pass.translated,
    };
  }

  #look(dump: Entries, index: number, pass: Pass): void {
    const { keySize, valueSize } = this.#map.info;
    const bytes = dump.keys.subarray(index * keySize, (index + 1) * keySize);
    const value = decode(this.#abi.ctValue, dump.values.subarray(index * valueSize, (index + 1) * valueSize));
    const key = decode(this.#abi.ctKey, bytes);
    if ((value.flags & CtFlags.Reply) === 0) this.#lookAtFlow(key, value, pass);
    else if (pass.ageOf(value) >= ORPHAN_MS) this.#lookForOrphan(bytes, key, value, pass);
  }

  #lookAtFlow(key: CtKey, value: CtValue, pass: Pass): void {
    const old = pass.ageOf(value) >= shortestTimeout(key.proto, pass.timeouts);
    if (!old && !((value.flags & CtFlags.Rewrite) !== 0 && pass.closely)) return;
    const own = encode(this.#abi.ctKey, key);
    const reverse = encode(this.#abi.ctKey, reverseKey(key, value));
    // Looked up now, not taken from the dump: the flow may have moved since.
    const now = this.#lookup(own);
    if (now === undefined) return;
    const flow: Flow = { key, value: now, reply: this.#lookup(reverse) };
    const age = Math.min(pass.ageOf(now), flow.reply === undefined ? Infinity : pass.ageOf(flow.reply));
    if (age >= timeoutOf(flow, pass.timeouts) || pass.stale?.(flow) === true)
      this.#forget([own, reverse], pass);
    else if (needsTranslation(flow, age)) pass.translated++;
  }

  #lookForOrphan(bytes: Uint8Array, key: CtKey, value: CtValue, pass: Pass): void {
    if (this.#lookup(encode(this.#abi.ctKey, reverseKey(key, value))) !== undefined) return;
    // It may have gone with its other half a moment ago.
    if (this.#lookup(bytes) === undefined) return;
    this.#forget([bytes], pass);
    pass.orphans++;
  }

  #lookup(key: Uint8Array): CtValue | undefined {
    const bytes = this.#map.lookup(key);
    return bytes && decode(this.#abi.ctValue, bytes);
  }

  /**
   * At once, not in a batch at the end of the pass: between the look and the deletion a client may take the same
   * ports for a new connection, and that one's entries would go.
   */
  #forget(keys: readonly Uint8Array[], pass: Pass): void {
    for (const key of keys) if (this.#map.delete(key)) pass.collected++;
  }
}
