/** A record with the version of the object that it was read from. */
export interface Versioned {
  readonly version: string;
}

/** Resource versions are decimal numbers that grow (KEP-5504). */
function olderThan(a: string, b: string): boolean {
  return a.length === b.length ? a < b : a.length < b.length;
}

/**
 * What is known of one resource: fed by its watch, and by the answers to our own writes, so that a decision taken
 * right after a write sees it. A watch event that is older than such an answer changes nothing.
 */
export class Table<T extends Versioned> {
  readonly #records = new Map<string, T>();
  readonly #changed: (key: string, now: T | undefined, before: T | undefined) => void;

  /** @param changed called after each change; absent `now`: gone */
  constructor(changed: (key: string, now: T | undefined, before: T | undefined) => void) {
    this.#changed = changed;
  }

  /** The record under `namespace/name`, or `name`. */
  get(key: string): T | undefined {
    return this.#records.get(key);
  }

  /** All records. */
  get values(): readonly T[] {
    return [...this.#records.values()];
  }

  /** Takes a record unless a newer one is known. */
  put(key: string, record: T): void {
    const before = this.#records.get(key);
    if (before !== undefined && olderThan(record.version, before.version)) return;
    this.#records.set(key, record);
    this.#changed(key, record, before);
  }

  /** The object is gone. */
  remove(key: string): void {
    const before = this.#records.get(key);
    if (before === undefined) return;
    this.#records.delete(key);
    this.#changed(key, undefined, before);
  }

  /** Forgets everything, as before the first list. */
  clear(): void {
    this.#records.clear();
  }
}
