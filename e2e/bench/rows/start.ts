/** G17: how long a new agent takes to serve. */
import { clusterIP, measured } from '../cluster/workload.ts';
import type { RowResult } from '../report/rows.ts';
import { spread } from '../report/stats.ts';
import { startAgent } from '../rig/margay.ts';
import type { Context } from './row.ts';

const PATIENCE_MS = 60_000;
/** Clock ticks a second in /proc/<pid>/stat (USER_HZ). */
const TICKS = 100;

/** Seconds from the start of the agent's process to the first answer through the last Service. */
async function firstAnswer({ rig, plan }: Context, name: string): Promise<number> {
  const [, , last = 0] = measured(plan.services);
  const variant = await rig.bare(name);
  const { startTime } = await startAgent(variant, 'n1', rig.cluster);
  const target = `${clusterIP(last)}:80`;
  const { at } = await variant.client<{ at: number }>(['first', String(PATIENCE_MS), target]);
  await rig.drop(name);
  return at / 1e9 - Number(startTime) / TICKS;
}

/** Networks of their own, one after the other: nothing is pinned or kept there. */
export async function agentStart(context: Context): Promise<RowResult> {
  const took: number[] = [];
  for (let repetition = 1; repetition <= context.plan.repetitions; repetition++) {
    const seconds = await context.rig.allStopped(() => firstAnswer(context, `start ${repetition}`));
    context.progress(`G17 ${repetition}/${context.plan.repetitions}: ${seconds.toFixed(3)} s`);
    took.push(seconds);
  }
  const total = spread(took);
  return {
    value: total.median,
    vs: {},
    spread: { total },
    repetitions: took.length,
    dropped: 0,
    noisy: false,
    detail: {},
  };
}
