/** Cuts a byte stream into lines without keeping more than the one being received. */
export class LineSplitter {
  #rest: Buffer[] = [];

  /** The complete lines that this chunk ends, without their line breaks; empty lines are left out. */
  *push(chunk: Buffer): Generator<string> {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const line = this.#finish(chunk.subarray(start, end));
      if (line !== '') yield line;
      start = end + 1;
    }
    if (start < chunk.length) this.#rest.push(Buffer.from(chunk.subarray(start)));
  }

  #finish(tail: Buffer): string {
    if (this.#rest.length === 0) return tail.toString('utf8');
    const line = Buffer.concat([...this.#rest, tail]).toString('utf8');
    this.#rest = [];
    return line;
  }
}
