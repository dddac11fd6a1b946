/** Who owns which part of the map `backends`, and what stands in it. */
import { BuddyAllocator } from './buddy.ts';

/** A contiguous part of `backends`; count 0 occupies nothing. */
export interface Range {
  readonly first: number;
  readonly count: number;
}

/** The range of a Service port without backends. */
export const NO_RANGE: Range = { first: 0, count: 0 };

interface Freed extends Range {
  readonly until: number;
}

/** How long a range stays untouched after no frontend names it any more: programs may still read it. */
export const QUARANTINE_MS = 1000;

/**
 * An image of the array `backends`. A range is written once, before a frontend names it, and never
 * changed; what no frontend names any more is used again a second after the kernel was told.
 */
export class BackendRanges {
  /** What the kernel's array should hold: capacity x entrySize bytes. */
  readonly image: Uint8Array;
  readonly #allocator: BuddyAllocator;
  readonly #entrySize: number;
  #unnamed: Range[] = [];
  #quarantined: Freed[] = [];
  #written: Range[] = [];

  constructor(capacity: number, entrySize: number) {
    this.#allocator = new BuddyAllocator(capacity);
    this.#entrySize = entrySize;
    this.image = new Uint8Array(this.#allocator.capacity * entrySize);
  }

  get capacity(): number {
    return this.#allocator.capacity;
  }

  get freeEntries(): number {
    return this.#allocator.freeEntries;
  }

  /** Takes a range that the kernel's frontends name already; false when it cannot be one of ours. */
  adopt(range: Range): boolean {
    return range.count > 0 && this.#allocator.reserve(range.first, range.count);
  }

  /** Whether the range holds exactly these bytes. */
  holds(range: Range, bytes: Uint8Array): boolean {
    const start = range.first * this.#entrySize;
    if (range.count * this.#entrySize !== bytes.length) return false;
    return bytes.every((byte, i) => this.image[start + i] === byte);
  }

  /** Writes entries into a range of their own. Throws NoSpaceError. */
  store(bytes: Uint8Array): Range {
    const count = bytes.length / this.#entrySize;
    if (count === 0) return NO_RANGE;
    const range = { first: this.#allocator.allocate(count), count };
    this.image.set(bytes, range.first * this.#entrySize);
    this.#written.push(range);
    return range;
  }

  /** No frontend will name the range once the changes so far are in the kernel. */
  drop(range: Range): void {
    if (range.count > 0) this.#unnamed.push(range);
  }

  /** Ranges written since the last call. */
  takeWritten(): readonly Range[] {
    const written = this.#written;
    this.#written = [];
    return written;
  }

  /** The kernel has every change: what was dropped enters its quarantine (now: milliseconds of any clock). */
  committed(now: number): void {
    for (const range of this.#unnamed) this.#quarantined.push({ ...range, until: now + QUARANTINE_MS });
    this.#unnamed = [];
  }

  /** Makes ranges usable again whose quarantine is over. */
  expire(now: number): void {
    const over = this.#quarantined.findIndex((freed) => freed.until > now);
    const done = this.#quarantined.splice(0, over < 0 ? this.#quarantined.length : over);
    for (const range of done) this.#allocator.release(range.first, range.count);
  }
}
