/** Calls something again whenever it was asked to, never twice at a time. */

/** One round: how many milliseconds until the next one even if nobody asks; undefined: when asked. */
export type Round = () => Promise<number | undefined>;

/** See the file comment. */
export class Loop {
  readonly #round: Round;
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  #asked = false;
  #closed = false;

  /** round must not reject. */
  constructor(round: Round) {
    this.#round = round;
  }

  /** A round begins soon: after this turn of the event loop, or after the present round. */
  ask(): void {
    if (this.#closed || this.#asked) return;
    this.#asked = true;
    if (!this.#running) setImmediate(() => void this.#run());
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    this.#running = true;
    clearTimeout(this.#timer);
    let again: number | undefined;
    while (this.#asked && !this.#closed) {
      this.#asked = false;
      again = await this.#round();
    }
    this.#running = false;
    if (again !== undefined && !this.#closed) this.#timer = setTimeout(() => this.ask(), again);
  }
}
