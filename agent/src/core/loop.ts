/** Calls something again whenever it was asked to, never twice at a time. */

/** One round: how many milliseconds until the next one even if nobody asks; undefined: when asked. */
export type Round = () => Promise<number | undefined>;

/** See the file comment. */
export class Loop {
  readonly #round: Round;
  readonly #gap: number;
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  #asked = false;
  #closed = false;
  #earliest = 0;

  /** round must not reject. gap: at least so many milliseconds between the end of a round and the next. */
  constructor(round: Round, gap = 0) {
    this.#round = round;
    this.#gap = gap;
  }

  /** A round begins soon: after this turn of the event loop, after the present round, or after the gap. */
  ask(): void {
    if (this.#closed || this.#asked) return;
    this.#asked = true;
    if (!this.#running) this.#begin();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #begin(): void {
    clearTimeout(this.#timer);
    const wait = this.#earliest - performance.now();
    if (wait > 0) this.#timer = setTimeout(() => void this.#run(), wait);
    else setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    if (this.#closed) return;
    this.#running = true;
    this.#asked = false;
    const again = await this.#round();
    this.#running = false;
    this.#earliest = performance.now() + this.#gap;
    if (this.#isAsked()) this.#begin();
    else if (again !== undefined && !this.#isClosed()) this.#timer = setTimeout(() => this.ask(), again);
  }

  /** Both may have changed while the round ran. */
  #isAsked(): boolean {
    return this.#asked && !this.#closed;
  }

  #isClosed(): boolean {
    return this.#closed;
  }
}
