/** The maps `services`, `backends` and `source_ranges` as plain memory, written one entry at a time. */
import type { FrontendEntry, FrontendValue } from '../frontend-table.ts';
import { targetKey } from '../frontend-table.ts';
import type { Family } from '../ip.ts';
import { addressBytes, contains, formatAddress, parseAddress, parseCidr } from '../ip.ts';
import type { BackendLayout, KernelServices, ServicesDelta } from '../services.ts';
import type { SourceRange } from '../source-ranges.ts';

/** What a lookup gives at each target, as text, and whether each of {@link probes} is let in. */
export type Answers = Map<string, string>;

/** Clients whose admission is looked at. */
export function probes(family: Family): readonly string[] {
  return family === 4 ? ['10.7.0.1', '10.8.0.1'] : ['fd00:7::1', 'fd00:8::1'];
}

/** Whether a client lies in one of the ranges. */
export function isIn(client: string, cidrs: readonly string[]): boolean {
  const address = parseAddress(client) ?? new Uint8Array();
  return cidrs.some((text) => {
    const cidr = parseCidr(text);
    return cidr !== undefined && contains(cidr, address);
  });
}

/** See the file comment. */
export class FakeKernel {
  readonly #frontends = new Map<string, FrontendEntry>();
  readonly #sources = new Map<string, SourceRange>();
  readonly #backends: Uint8Array;
  readonly #layout: BackendLayout;

  constructor(layout: BackendLayout, backends: number) {
    this.#layout = layout;
    this.#backends = new Uint8Array(backends * layout.backendSize);
  }

  /** Applies a delta in its order and calls `each` after every single write. */
  apply(delta: ServicesDelta, image: Uint8Array, each: (answers: Answers) => void): void {
    const size = this.#layout.backendSize;
    for (const source of delta.sources.upserts) {
      this.#sources.set(`${source.set} ${source.cidr}`, source);
      each(this.answers());
    }
    for (const { first, count } of delta.ranges) {
      for (let i = first; i < first + count; i++) {
        this.#backends.set(image.subarray(i * size, (i + 1) * size), i * size);
        each(this.answers());
      }
    }
    for (const entry of delta.upserts) {
      this.#frontends.set(targetKey(entry.target), entry);
      each(this.answers());
    }
    for (const target of delta.removes) {
      this.#frontends.delete(targetKey(target));
      each(this.answers());
    }
    for (const { set, cidr } of delta.sources.removes) {
      this.#sources.delete(`${set} ${cidr}`);
      each(this.answers());
    }
  }

  /** What a new agent would read. */
  snapshot(): KernelServices {
    return {
      frontends: [...this.#frontends.values()],
      backends: this.#backends.slice(),
      sources: [...this.#sources.values()],
    };
  }

  answers(): Answers {
    const all: Answers = new Map();
    for (const [key, { value }] of this.#frontends) {
      all.set(key, this.#answer(value));
      for (const client of probes(this.#layout.family))
        all.set(`${key} from ${client}`, String(this.#admits(value, client)));
    }
    return all;
  }

  #admits({ sourceSet }: FrontendValue, client: string): boolean {
    if (sourceSet === 0) return true;
    const own = [...this.#sources.values()].filter(({ set }) => set === sourceSet);
    return isIn(
      client,
      own.map(({ cidr }) => cidr),
    );
  }

  #answer(value: FrontendValue): string {
    const inside = this.#list(value.first, value.count);
    const outside = this.#list(value.outsideFirst, value.outsideCount);
    return `flags=${value.flags} affinity=${value.affinity} inside:${inside} outside:${outside}`;
  }

  #list(first: number, count: number): string {
    const length = addressBytes(this.#layout.family);
    const view = new DataView(this.#backends.buffer);
    const backends = Array.from({ length: count }, (_, i) => {
      const at = (first + i) * this.#layout.backendSize;
      const address = formatAddress(this.#backends.subarray(at, at + length));
      return ` ${address}:${view.getUint16(at + length)}/${view.getUint16(at + length + 2, true)}`;
    });
    return backends.join('');
  }
}
