/** The file that a run leaves, and how a run of some rows goes into it. Pure. */
import type { Plan } from '../rows/row.ts';
import type { Machine } from './machine.ts';
import { isMet, ROWS, type RowId, type RowResult } from './rows.ts';

/** Circumstances of a run. */
export interface RunInfo {
  readonly plan: Plan;
  readonly machine: Machine & { readonly loadAfter: number };
}

/** One row with the run it is from. */
export interface StoredRow extends RowResult {
  readonly title: string;
  readonly unit: string;
  readonly met: boolean;
  readonly run: RunInfo;
}

/** build/bench/bench.json */
export interface Bench {
  readonly rows: Readonly<Partial<Record<RowId, StoredRow>>>;
}

/** Rows that were not measured this time stay, each with the run it is from. */
export function merge(
  before: Bench | undefined,
  results: ReadonlyMap<RowId, RowResult>,
  run: RunInfo,
): Bench {
  const stored = [...results].map(([id, result]): [RowId, StoredRow] => {
    const { title, unit, goals } = ROWS[id];
    return [id, { title, unit, met: !run.plan.quick && isMet(goals, result), ...result, run }];
  });
  return { rows: { ...before?.rows, ...Object.fromEntries(stored) } };
}
