/** What a measurement is given, and blocks of repetitions. */
import type { Progress } from '../../lab/progress.ts';
import { measured } from '../cluster/workload.ts';
import type { RowResult } from '../report/rows.ts';
import { type Block, keepSteady, ratios, series, spread } from '../report/stats.ts';
import type { Rig, VariantName } from '../rig/rig.ts';

/** How long and how often. */
export interface Plan {
  readonly repetitions: number;
  /** One variant's part of a block. */
  readonly ms: number;
  readonly connects: number;
  readonly services: number;
  readonly changes: number;
  /** How long one Service churns. */
  readonly churnMs: number;
  readonly quick: boolean;
}

/** What every row works with. */
export interface Context {
  readonly rig: Rig;
  readonly plan: Plan;
  readonly variants: readonly VariantName[];
  readonly progress: Progress;
}

/** One part of a block: a name and how to get its figure, or several that have names of their own. */
export type Probe = readonly [name: string, measure: () => Promise<number | Block>];

/** Runs all probes in turn, again and again; every second time backwards, so that no place is the better one. */
export async function runBlocks(
  { plan, progress }: Context,
  what: string,
  probes: readonly Probe[],
): Promise<Block[]> {
  const blocks: Block[] = [];
  for (let repetition = 0; repetition < plan.repetitions; repetition++) {
    const block: Record<string, number> = {};
    const order = repetition % 2 === 0 ? probes : [...probes].reverse();
    for (const [name, measure] of order) {
      const figure = await measure();
      Object.assign(block, typeof figure === 'number' ? { [name]: figure } : figure);
    }
    blocks.push(block);
    const shown = probes.map(([name]) => `${name} ${(block[name] ?? NaN).toFixed(1)}`);
    progress(`${what} ${repetition + 1}/${plan.repetitions}: ${shown.join(', ')}`);
  }
  return blocks;
}

/** A row whose figure is Margay's and which is told in terms of every other series. */
export function compared(blocks: readonly Block[], value = 'Margay'): RowResult {
  const { blocks: kept, dropped, noisy } = keepSteady(blocks, 'L1');
  const all = series(kept);
  const others = Object.keys(all).filter((name) => name !== value);
  const ratioSpread = Object.fromEntries(others.map((name) => [name, spread(ratios(kept, value, name))]));
  return {
    value: all[value]?.median ?? NaN,
    vs: Object.fromEntries(Object.entries(ratioSpread).map(([name, { median }]) => [name, median])),
    spread: all,
    ratioSpread,
    repetitions: kept.length,
    dropped,
    noisy,
    detail: {},
  };
}

/** A Service that nobody connects to. */
export function changedService({ services }: Plan): number {
  const busy = measured(services);
  return busy.includes(1) ? 2 : 1;
}
