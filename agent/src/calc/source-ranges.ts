/** Which clients load balancers let in: contents of the map `source_ranges`. */

/** One entry of the map. */
export interface SourceRange {
  /** Of which set; frontends name it. */
  readonly set: number;
  /** Canonical. */
  readonly cidr: string;
}

/** Changes for the kernel: upserts before a frontend names the set, removes after none does. */
export interface SourceChanges {
  readonly upserts: readonly SourceRange[];
  readonly removes: readonly SourceRange[];
}

interface SourceSet {
  readonly id: number;
  readonly cidrs: readonly string[];
  readonly key: string;
  users: number;
  written: boolean;
}

/** A set never changes and is never named again once it is gone, so that a frontend moves from one to another at once. */
export class SourceSets {
  readonly #byContent = new Map<string, SourceSet>();
  readonly #touched = new Set<SourceSet>();
  #nextId = 1;

  /** What the kernel has already; a set that nobody uses goes at the next flush. */
  adopt(entries: Iterable<SourceRange>): void {
    const found = new Map<number, string[]>();
    for (const { set, cidr } of entries) found.set(set, [...(found.get(set) ?? []), cidr]);
    for (const [id, cidrs] of found) {
      this.#nextId = Math.max(this.#nextId, id + 1);
      const content = cidrs.sort().join();
      // Of two equal ones the second is kept under its number, and goes.
      const key = this.#byContent.has(content) ? `${id}` : content;
      const set: SourceSet = { id, cidrs, key, users: 0, written: true };
      this.#byContent.set(key, set);
      this.#touched.add(set);
    }
  }

  /** The number of the set with just these prefixes (canonical, sorted); 0 when there are none. */
  acquire(cidrs: readonly string[]): number {
    if (cidrs.length === 0) return 0;
    const key = cidrs.join();
    const set = this.#byContent.get(key) ?? { id: this.#nextId++, cidrs, key, users: 0, written: false };
    this.#byContent.set(key, set);
    set.users++;
    this.#touched.add(set);
    return set.id;
  }

  /** Takes back one {@link acquire}. */
  release(cidrs: readonly string[]): void {
    const set = this.#byContent.get(cidrs.join());
    if (set === undefined) return;
    set.users--;
    this.#touched.add(set);
  }

  /** Differences since the last call. */
  flush(): SourceChanges {
    const upserts: SourceRange[] = [];
    const removes: SourceRange[] = [];
    for (const set of this.#touched) {
      if (set.users > 0 && !set.written) upserts.push(...rangesOf(set));
      if (set.users === 0 && set.written) removes.push(...rangesOf(set));
      set.written = set.users > 0;
      if (set.users === 0) this.#byContent.delete(set.key);
    }
    this.#touched.clear();
    return { upserts, removes };
  }

  /** Everything that the kernel should hold. */
  entries(): readonly SourceRange[] {
    return [...this.#byContent.values()].filter(({ written }) => written).flatMap(rangesOf);
  }
}

function rangesOf({ id, cidrs }: SourceSet): SourceRange[] {
  return cidrs.map((cidr) => ({ set: id, cidr }));
}
