/** One task after the other: everything that writes the kernel goes through one queue. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs the task when all earlier ones have ended, however they ended. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when everything queued so far has ended. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
