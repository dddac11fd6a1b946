/** `make bench`: ONLY names rows, QUICK makes it short. Writes build/bench/bench.json; the last lines are the rows. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf } from '@margay/lib/errors';
import { elapsed, stderrProgress } from '../lab/progress.ts';
import { chosenRows, neededVariants, planOf } from './plan.ts';
import { describeMachine } from './report/machine.ts';
import { type Bench, merge } from './report/result.ts';
import { type RowId, rowLine, type RowResult } from './report/rows.ts';
import { Rig } from './rig/rig.ts';
import { measureRows, servicesPresent } from './rows/measure.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const file = join(repository, 'build/bench/bench.json');

async function earlier(): Promise<Bench | undefined> {
  return readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Bench,
    () => undefined,
  );
}

async function main(): Promise<void> {
  const started = Date.now();
  const progress = stderrProgress('bench');
  const rows = chosenRows(process.env['ONLY'] ?? '');
  const plan = planOf(process.env['QUICK'] ?? '');
  const before = await describeMachine(repository);
  const rig = await Rig.open(progress);
  const context = { rig, plan, variants: neededVariants(rows), progress };
  const results = new Map<RowId, RowResult>();
  const interrupted = (signal: string): void => {
    progress(`${signal}: removing everything`);
    void rig.close().finally(() => process.exit(130));
  };
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  try {
    await mkdir(dirname(file), { recursive: true });
    await measureRows(rows, context, async (id, result) => {
      const loadAfter = (await describeMachine(repository)).load;
      const run = {
        plan: { ...plan, services: servicesPresent(rows, plan) },
        machine: { ...before, loadAfter },
      };
      await writeFile(
        file,
        `${JSON.stringify(merge(await earlier(), new Map([[id, result]]), run), null, 2)}\n`,
      );
      results.set(id, result);
    });
    progress(`done in ${elapsed(started)}; ${file}`);
    if (plan.quick) progress(`QUICK: ${plan.services} Services, ${plan.repetitions} repetitions`);
    for (const id of rows) {
      const result = results.get(id);
      if (result !== undefined) process.stdout.write(`${rowLine(id, result, plan.quick)}\n`);
    }
  } finally {
    await rig.close();
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`bench: ${messageOf(error)}\n`);
  process.exitCode = 1;
}
