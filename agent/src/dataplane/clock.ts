/** The programs' clock (jiffies), read by running the program `clock`, and how long a jiffy is here. */
import type { BpfProgram } from '@margay/addon/api';

/** CONFIG_HZ of every kernel there is. */
const RATES = [100, 250, 300, 1000];

/** `last_seen` counts jiffies in units of 2^8. */
const TICK_SHIFT = 8n;

/** Long enough to tell the rates apart. */
const MEASURE_MS = 100;

/** The rate that explains so many jiffies in so many milliseconds best. */
export function rateOf(jiffies: number, ms: number): number {
  const measured = (jiffies * 1000) / ms;
  const off = (rate: number): number => Math.abs(Math.log(rate / measured));
  return RATES.reduce((best, rate) => (off(rate) < off(best) ? rate : best));
}

/** See the file comment. */
export class JiffiesClock {
  readonly #program: BpfProgram;
  readonly #now: () => number;
  #hz: number | undefined;

  /** now: milliseconds of a clock that never goes back. */
  constructor(program: BpfProgram, now: () => number = () => performance.now()) {
    this.#program = program;
    this.#now = now;
  }

  /** The present value of `last_seen`, and milliseconds in one of its units. */
  async read(): Promise<{ readonly ticks: number; readonly msPerTick: number }> {
    this.#hz ??= await this.#measure();
    const ticks = Number(((await this.#jiffies()) >> TICK_SHIFT) & 0xffff_ffffn);
    return { ticks, msPerTick: (256 * 1000) / this.#hz };
  }

  async #measure(): Promise<number> {
    const start = this.#now();
    const first = await this.#jiffies();
    await new Promise((resolve) => setTimeout(resolve, MEASURE_MS));
    const jiffies = Number((await this.#jiffies()) - first);
    return rateOf(jiffies, this.#now() - start);
  }

  async #jiffies(): Promise<bigint> {
    const { data } = await this.#program.testRun({ data: new Uint8Array(64) });
    // The program writes a __u64 in the machine's own order.
    return new BigUint64Array(data.slice(0, 8).buffer)[0] ?? 0n;
  }
}
