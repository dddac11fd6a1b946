/** G15: one Service changes without a pause; what it costs those who follow. */
import { setTimeout as sleep } from 'node:timers/promises';
import { idleEndpoints } from '../cluster/workload.ts';
import { BenchError } from '../errors.ts';
import type { RowResult } from '../report/rows.ts';
import type { VariantName } from '../rig/rig.ts';
import { cpuSeconds } from '../rig/variant.ts';
import { changedService, type Context } from './row.ts';

/** The seeds' pace: 9.4 changes a second. */
const INTERVAL_MS = 1000 / 9.4;

async function cpuOf({ rig }: Context, name: VariantName): Promise<number> {
  const used = await Promise.all(rig.daemons(name).map(({ pid }) => cpuSeconds(pid)));
  return used.reduce((sum, one) => sum + one, 0) / used.length;
}

async function change(context: Context, round: number): Promise<void> {
  const index = changedService(context.plan);
  const changed = `10.191.${(round >> 8) & 255}.${round & 255}`;
  await context.rig.cluster.setEndpoints(index, [changed, ...idleEndpoints(index).slice(1)]);
}

/** Changes for a while, on a schedule that a slow answer does not stretch; how many were made. */
async function churn(context: Context, ms: number): Promise<number> {
  const start = performance.now();
  const wanted = Math.floor(ms / INTERVAL_MS);
  for (let made = 0; made < wanted; made++) {
    await change(context, made);
    await sleep(Math.max(0, start + (made + 1) * INTERVAL_MS - performance.now()));
  }
  const late = performance.now() - start - ms;
  if (late > ms * 0.1)
    throw new BenchError(`the API server took ${(late / 1000).toFixed(1)} s longer for the changes`, {
      code: 'Late',
    });
  return wanted;
}

/** CPU seconds of one node's process, each variant on its own while the others stand still. */
export async function churnCost(context: Context): Promise<RowResult> {
  const { rig, plan, progress } = context;
  const names = context.variants.filter((name) => rig.daemons(name).length > 0);
  const cost: Record<string, number> = {};
  let changes = 0;
  for (const name of names) {
    await rig.onlyRunning(name, async () => {
      await rig.quiet(name);
      const before = await cpuOf(context, name);
      changes = await churn(context, plan.churnMs);
      await rig.quiet(name);
      cost[name] = (await cpuOf(context, name)) - before;
    });
    progress(`G15: ${name} used ${(cost[name] ?? NaN).toFixed(2)} s for ${changes} changes`);
  }
  const value = cost['Margay'] ?? NaN;
  const others = names.filter((name) => name !== 'Margay');
  return {
    value,
    vs: Object.fromEntries(others.map((name) => [name, value / (cost[name] ?? NaN)])),
    spread: Object.fromEntries(
      names.map((name) => [
        name,
        { median: cost[name] ?? NaN, min: cost[name] ?? NaN, max: cost[name] ?? NaN },
      ]),
    ),
    repetitions: 1,
    dropped: 0,
    noisy: false,
    detail: { changes, 'seconds of changes': plan.churnMs / 1000 },
  };
}
