/** Which rows, how long, and in which order: pure. */
import { BenchError } from './errors.ts';
import { ROW_IDS, type RowId } from './report/rows.ts';
import type { VariantName } from './rig/rig.ts';
import { VARIANTS } from './rig/rig.ts';
import type { Plan } from './rows/row.ts';

const FULL: Plan = {
  repetitions: 7,
  ms: 1000,
  connects: 4000,
  services: 10_000,
  changes: 300,
  churnMs: 100_000,
  quick: false,
};
const QUICK: Plan = {
  repetitions: 3,
  ms: 300,
  connects: 800,
  services: 500,
  changes: 40,
  churnMs: 10_000,
  quick: true,
};

/** The rows that `ONLY` names ("G1 G7", commas are fine), all when it is empty. @throws BenchError */
export function chosenRows(only: string): readonly RowId[] {
  const names = only.split(/[\s,]+/).filter((name) => name !== '');
  const unknown = names.filter((name) => !ROW_IDS.some((id) => id === name));
  if (unknown.length > 0)
    throw new BenchError(
      `ONLY=${only}: there is no row ${unknown.join(', ')}; write some of ${ROW_IDS.join(' ')}`,
      {
        code: 'BadOption',
      },
    );
  return names.length === 0 ? ROW_IDS : ROW_IDS.filter((id) => names.includes(id));
}

/** A short plan when QUICK is set to anything but nothing and 0. */
export function planOf(quick: string): Plan {
  return quick === '' || quick === '0' ? FULL : QUICK;
}

/** Rows that compare with a bare network, too. */
const ON_THE_WIRE: readonly RowId[] = ['G1', 'G2', 'G3', 'G4', 'G5', 'G7'];

/** Variants that these rows compare; kube-proxy is not started for rows about the agent alone. */
export function neededVariants(rows: readonly RowId[]): readonly VariantName[] {
  if (rows.some((id) => ON_THE_WIRE.includes(id))) return VARIANTS;
  if (rows.includes('G8') || rows.includes('G15'))
    return VARIANTS.filter((name) => name !== 'L0' && name !== 'L1');
  return rows.includes('G16') ? ['Margay'] : [];
}
