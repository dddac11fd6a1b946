/** The objects that need what this version does not have, kept as they come and go. Pure. */
import type { Family } from './ip.ts';
import { FAMILIES } from './node-families.ts';
import type { PodRecord, ServiceRecord } from './records.ts';
import { PROTOCOL, protocolName } from './records.ts';
import type { Unsupported } from './unsupported.ts';
import { unsupportedOn } from './unsupported.ts';

/** See the file comment. */
export class UnsupportedTracker {
  #families: readonly Family[] = FAMILIES;
  readonly #found = new Map<string, Unsupported>();

  /** The families that are served; before the first call all are. True when they are others than before. */
  setFamilies(families: readonly Family[], services: Iterable<readonly [string, ServiceRecord]>): boolean {
    if (families.join() === this.#families.join()) return false;
    this.#families = families;
    for (const [key, record] of services) this.setService(key, record);
    return true;
  }

  /** True when the list changed. */
  setService(key: string, record: ServiceRecord | undefined): boolean {
    const why = record && unsupportedOn(record, this.#families);
    return this.#set(`service ${key}`, why === undefined ? undefined : { name: key, why });
  }

  /** True when the list changed. */
  setPod(key: string, record: PodRecord | undefined): boolean {
    const first = record?.hostPorts.find(({ protocol }) => protocol === PROTOCOL.SCTP);
    const why = first && `hostPort ${first.port}/${protocolName(first.protocol)}`;
    return this.#set(`pod ${key}`, why === undefined ? undefined : { name: `pod ${key}`, why });
  }

  /** How many there are, and the first of them by name. */
  list(most = 5): { readonly count: number; readonly first: readonly Unsupported[] } {
    const sorted = [...this.#found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return { count: sorted.length, first: sorted.slice(0, most) };
  }

  #set(id: string, found: Unsupported | undefined): boolean {
    if (this.#found.get(id)?.why === found?.why) return false;
    if (found === undefined) this.#found.delete(id);
    else this.#found.set(id, found);
    return true;
  }
}
