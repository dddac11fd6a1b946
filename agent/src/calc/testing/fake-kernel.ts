/** The maps `services` and `backends` as plain memory, written one entry at a time. */
import type { FrontendEntry, FrontendValue } from '../frontend-table.ts';
import { targetKey } from '../frontend-table.ts';
import { addressBytes, formatAddress } from '../ip.ts';
import type { BackendLayout, KernelServices, ServicesDelta } from '../services.ts';

/** What a lookup gives at each target, as text. */
export type Answers = Map<string, string>;

/** See the file comment. */
export class FakeKernel {
  readonly #frontends = new Map<string, FrontendEntry>();
  readonly #backends: Uint8Array;
  readonly #layout: BackendLayout;

  constructor(layout: BackendLayout, backends: number) {
    this.#layout = layout;
    this.#backends = new Uint8Array(backends * layout.backendSize);
  }

  /** Applies a delta in its order and calls `each` after every single write. */
  apply(delta: ServicesDelta, image: Uint8Array, each: (answers: Answers) => void): void {
    const size = this.#layout.backendSize;
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
  }

  /** What a new agent would read. */
  snapshot(): KernelServices {
    return { frontends: [...this.#frontends.values()], backends: this.#backends.slice() };
  }

  answers(): Answers {
    return new Map([...this.#frontends].map(([key, { value }]) => [key, this.#answer(value)]));
  }

  #answer({ first, count, flags }: FrontendValue): string {
    const length = addressBytes(this.#layout.family);
    const view = new DataView(this.#backends.buffer);
    const backends = Array.from({ length: count }, (_, i) => {
      const at = (first + i) * this.#layout.backendSize;
      const address = formatAddress(this.#backends.subarray(at, at + length));
      return ` ${address}:${view.getUint16(at + length)}/${view.getUint16(at + length + 2, true)}`;
    });
    return `flags=${flags}${backends.join('')}`;
  }
}
