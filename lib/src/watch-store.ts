/** The records of one watched resource, and what changed in them. */
import type { KubeObject } from './objects.ts';

/** Told of each change, in order, one call at a time. `key` is `namespace/name`, or `name`. */
export interface WatchHandler<T> {
  onUpsert(key: string, record: T, previous: T | undefined): void;
  onDelete(key: string, previous: T): void;
  /** The records are complete as of some moment: after the first list, and after each one that was needed since. */
  onSynced?(): void;
}

interface Entry<T> {
  readonly version: string;
  readonly record: T;
}

/** `namespace/name`, or `name` where there is no namespace. */
export function keyOf(object: KubeObject): string {
  const { namespace, name = '' } = object.metadata ?? {};
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}

/** What a {@link WatchStore} calls. */
export interface StoreOptions<T> {
  /** The small record to keep of an object, or undefined when it does not matter. May throw. */
  readonly decode: (object: KubeObject) => T | undefined;
  readonly handler: WatchHandler<T>;
  /** An object could not be decoded; it counts as absent. */
  readonly onUndecodable: (key: string, error: unknown) => void;
}

/** Holds decoded records only; the objects they came from are let go. */
export class WatchStore<T> {
  readonly #options: StoreOptions<T>;
  readonly #entries = new Map<string, Entry<T>>();
  #unseen: Set<string> | undefined;

  constructor(options: StoreOptions<T>) {
    this.#options = options;
  }

  /** How many records there are. */
  get size(): number {
    return this.#entries.size;
  }

  /** The record under a key. */
  get(key: string): T | undefined {
    return this.#entries.get(key)?.record;
  }

  /** All records, by key. */
  *entries(): Generator<[string, T]> {
    for (const [key, { record }] of this.#entries) yield [key, record];
  }

  /** A complete list begins: what it does not bring will be deleted at its end. */
  beginList(): void {
    this.#unseen = new Set(this.#entries.keys());
  }

  /** The list is complete. */
  endList(): void {
    for (const key of this.#unseen ?? []) this.#remove(key);
    this.#unseen = undefined;
    this.#options.handler.onSynced?.();
  }

  /** The object is there, new or changed. A version that is known already is passed over. */
  upsert(object: KubeObject): void {
    const key = keyOf(object);
    const version = object.metadata?.resourceVersion ?? '';
    this.#unseen?.delete(key);
    const previous = this.#entries.get(key);
    if (previous?.version === version && version !== '') return;
    const record = this.#decode(key, object);
    if (record === undefined) {
      this.#remove(key);
      return;
    }
    this.#entries.set(key, { version, record });
    this.#options.handler.onUpsert(key, record, previous?.record);
  }

  /** The object is gone, or left the selection. */
  delete(object: KubeObject): void {
    const key = keyOf(object);
    this.#unseen?.delete(key);
    this.#remove(key);
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#options.handler.onDelete(key, entry.record);
  }

  #decode(key: string, object: KubeObject): T | undefined {
    try {
      return this.#options.decode(object);
    } catch (error) {
      this.#options.onUndecodable(key, error);
      return undefined;
    }
  }
}
