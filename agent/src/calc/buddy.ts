/** A request that does not fit in what is left. */
export class NoSpaceError extends Error {
  readonly code = 'NoSpace';
  readonly retryable = true;
  constructor(wanted: number, free: number, capacity: number) {
    super(`no room for ${wanted} entries (${free} of ${capacity} are free, but not in one piece)`);
  }
}

function orderOf(count: number): number {
  return count <= 1 ? 0 : 32 - Math.clz32(count - 1);
}

/**
 * Hands out contiguous ranges of an array by halves (Knowlton's buddy system): allocation and
 * release cost the logarithm of the capacity, and free neighbours join again by themselves.
 * A range of n entries occupies the next power of two.
 */
export class BuddyAllocator {
  readonly capacity: number;
  /** Starts of free blocks, by order. */
  readonly #free: Set<number>[];
  #freeEntries: number;

  /** capacity is rounded down to a power of two. */
  constructor(capacity: number) {
    const top = 31 - Math.clz32(Math.max(1, capacity));
    this.capacity = 2 ** top;
    this.#free = Array.from({ length: top + 1 }, () => new Set<number>());
    this.#free[top]?.add(0);
    this.#freeEntries = this.capacity;
  }

  /** Entries that no range occupies. */
  get freeEntries(): number {
    return this.#freeEntries;
  }

  /** Start of a free range of at least `count` entries. Throws {@link NoSpaceError}. */
  allocate(count: number): number {
    const order = orderOf(count);
    const from = this.#free.findIndex((blocks, i) => i >= order && blocks.size > 0);
    const start = from < 0 ? undefined : this.#free[from]?.values().next().value;
    if (start === undefined) throw new NoSpaceError(count, this.#freeEntries, this.capacity);
    this.#take(start, from, order);
    return start;
  }

  /** Takes exactly the range that allocate(count) would have given at `start`; false when any of it is taken. */
  reserve(start: number, count: number): boolean {
    const order = orderOf(count);
    if (start % 2 ** order !== 0 || start + 2 ** order > this.capacity) return false;
    for (let from = order; from < this.#free.length; from++) {
      const block = start - (start % 2 ** from);
      if (!this.#free[from]?.has(block)) continue;
      this.#take(block, from, order, start);
      return true;
    }
    return false;
  }

  /** Gives back what allocate or reserve gave for the same count. */
  release(start: number, count: number): void {
    let order = orderOf(count);
    let block = start;
    this.#freeEntries += 2 ** order;
    while (order < this.#free.length - 1 && this.#free[order]?.delete(block ^ (2 ** order))) {
      block &= ~(2 ** order);
      order++;
    }
    this.#free[order]?.add(block);
  }

  /** Splits a free block of order `from` until one of `order` that holds `wanted` is left over. */
  #take(block: number, from: number, order: number, wanted = block): void {
    this.#free[from]?.delete(block);
    let start = block;
    for (let o = from - 1; o >= order; o--) {
      const upper = start + 2 ** o;
      const keepUpper = wanted >= upper;
      this.#free[o]?.add(keepUpper ? start : upper);
      if (keepUpper) start = upper;
    }
    this.#freeEntries -= 2 ** order;
  }
}
