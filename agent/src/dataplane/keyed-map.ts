/** A small map that is kept equal to what is wanted, entry by entry. */
import type { BpfMap } from '@margay/addon/api';
import type { Codec } from '../abi/codec.ts';
import { encode, pack, unpack } from '../abi/codec.ts';

/** One entry, decoded. */
export interface KeyedEntry<K, V> {
  readonly key: K;
  readonly value: V;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

/** A map and the codecs of both its sides. Equality is equality of bytes. */
export class KeyedMap<K, V> {
  readonly #map: BpfMap;
  readonly #key: Codec<K>;
  readonly #value: Codec<V>;

  constructor(map: BpfMap, key: Codec<K>, value: Codec<V>) {
    this.#map = map;
    this.#key = key;
    this.#value = value;
  }

  put({ key, value }: KeyedEntry<K, V>): void {
    this.#map.update(encode(this.#key, key), encode(this.#value, value));
  }

  /** False when it was not there. */
  remove(key: K): boolean {
    return this.#map.delete(encode(this.#key, key));
  }

  async apply(upserts: readonly KeyedEntry<K, V>[], removes: readonly K[]): Promise<void> {
    const keys = upserts.map(({ key }) => key);
    const values = upserts.map(({ value }) => value);
    if (keys.length > 0) await this.#map.updateBatch(pack(this.#key, keys), pack(this.#value, values));
    if (removes.length > 0) await this.#map.deleteBatch(pack(this.#key, removes));
  }

  /** What must be written and removed so that the map holds exactly the wanted entries. */
  async compare(wanted: readonly KeyedEntry<K, V>[]): Promise<{ upserts: KeyedEntry<K, V>[]; removes: K[] }> {
    const dump = await this.#map.dump();
    const { keySize, valueSize } = this.#map.info;
    const there = new Map<string, { bytes: Uint8Array; value: string }>();
    for (let i = 0; i < dump.count; i++) {
      const bytes = dump.keys.subarray(i * keySize, (i + 1) * keySize);
      there.set(text(bytes), {
        bytes,
        value: text(dump.values.subarray(i * valueSize, (i + 1) * valueSize)),
      });
    }
    const upserts: KeyedEntry<K, V>[] = [];
    for (const entry of wanted) {
      const key = text(encode(this.#key, entry.key));
      if (there.get(key)?.value !== text(encode(this.#value, entry.value))) upserts.push(entry);
      there.delete(key);
    }
    const removes = [...there.values()].flatMap(({ bytes }) => unpack(this.#key, bytes));
    return { upserts, removes };
  }
}
