/** Work by key: a key is worked on by one at a time, once for however many reasons came meanwhile. */
import { Backoff } from './backoff.ts';
import { MargayError, messageOf } from './errors.ts';
import type { Logger } from './log.ts';

/** What a {@link WorkQueue} does and how fast. */
export interface WorkQueueOptions<K> {
  /**
   * Does what the key needs, whatever it is by now. A number is after how many milliseconds to come back. What
   * it throws is logged, and the key comes back after a growing time.
   */
  readonly process: (key: K, signal: AbortSignal) => Promise<number | undefined>;
  readonly log: Logger;
  /** Keys worked on at the same time; default 1. */
  readonly concurrency?: number;
  readonly backoffFirstMs?: number;
  readonly backoffLongestMs?: number;
  readonly random?: () => number;
}

/** A queue of keys, which must be strings or numbers. */
export class WorkQueue<K extends string | number> {
  readonly #options: WorkQueueOptions<K>;
  readonly #waiting = new Set<K>();
  readonly #again = new Set<K>();
  readonly #running = new Map<K, Promise<void>>();
  readonly #timers = new Map<K, { readonly at: number; readonly timer: NodeJS.Timeout }>();
  readonly #backoffs = new Map<K, Backoff>();
  readonly #stop = new AbortController();

  constructor(options: WorkQueueOptions<K>) {
    this.#options = options;
  }

  /** Keys that wait for a worker now. */
  get depth(): number {
    return this.#waiting.size + this.#again.size;
  }

  /** The key needs work, at once. */
  add(key: K): void {
    if (this.#stop.signal.aborted) return;
    if (this.#running.has(key)) this.#again.add(key);
    else this.#waiting.add(key);
    // Not at once, so that what is added in one go is worked on once.
    queueMicrotask(() => this.#next());
  }

  /** The key needs work after a time; an earlier time asked for before stands. */
  addAfter(key: K, ms: number): void {
    if (this.#stop.signal.aborted) return;
    const at = performance.now() + ms;
    const present = this.#timers.get(key);
    if (present !== undefined && present.at <= at) return;
    clearTimeout(present?.timer);
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      this.add(key);
    }, ms);
    this.#timers.set(key, { at, timer });
  }

  /** Takes no more keys, aborts the signal that workers got, and resolves when they have returned. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#waiting.clear();
    this.#again.clear();
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    await Promise.all(this.#running.values());
  }

  #next(): void {
    for (const key of this.#waiting) {
      if (this.#running.size >= (this.#options.concurrency ?? 1)) return;
      this.#waiting.delete(key);
      this.#running.set(key, this.#work(key));
    }
  }

  async #work(key: K): Promise<void> {
    try {
      const after = await this.#options.process(key, this.#stop.signal);
      this.#backoffs.delete(key);
      if (after !== undefined) this.addAfter(key, after);
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#failed(key, error);
    }
    this.#running.delete(key);
    if (this.#again.delete(key)) this.#waiting.add(key);
    this.#next();
  }

  #failed(key: K, error: unknown): void {
    const { backoffFirstMs = 100, backoffLongestMs = 60_000, random = Math.random } = this.#options;
    const backoff = this.#backoffs.get(key) ?? new Backoff(backoffFirstMs, backoffLongestMs, random);
    this.#backoffs.set(key, backoff);
    const after = backoff.next();
    const expected = error instanceof MargayError && error.retryable && backoff.failures < 3;
    const fields = { key, error: messageOf(error), failures: backoff.failures, retryMs: after };
    this.#options.log[expected ? 'debug' : 'warn']('work failed, trying again', fields);
    this.addAfter(key, after);
  }
}
