/** Waiting times that grow, with jitter so that a thousand nodes do not come back in step. */
export class Backoff {
  readonly #first: number;
  readonly #longest: number;
  readonly #random: () => number;
  #failures = 0;

  constructor(firstMs: number, longestMs: number, random: () => number = Math.random) {
    this.#first = firstMs;
    this.#longest = longestMs;
    this.#random = random;
  }

  /** How many times {@link next} was called since the last {@link reset}. */
  get failures(): number {
    return this.#failures;
  }

  /** Milliseconds to wait now: doubles with each call up to the longest, of which 50 to 100 % is taken. */
  next(): number {
    const full = Math.min(this.#first * 2 ** Math.min(this.#failures, 30), this.#longest);
    this.#failures++;
    return Math.round(full * (0.5 + this.#random() / 2));
  }

  /** Something worked: begin with the first time again. */
  reset(): void {
    this.#failures = 0;
  }
}
