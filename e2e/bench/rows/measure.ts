/** A run from its start to its last row. */
import type { RowId, RowResult } from '../report/rows.ts';
import { agentMemory, changeLatency, fullSync } from './agent.ts';
import { connections, connectPenalty, penaltyRow, roundTrips } from './packets.ts';
import type { Context } from './row.ts';

/** Rows that say something only with all Services there. */
const FILLED: readonly RowId[] = ['G7', 'G8', 'G13', 'G14', 'G16'];

/** Measures the rows, in their order. */
export async function measureRows(
  rows: readonly RowId[],
  context: Context,
): Promise<ReadonlyMap<RowId, RowResult>> {
  const { rig, plan, variants, progress } = context;
  await rig.cluster.fillMeasured(plan.services);
  for (const name of variants) await rig.add(name);
  await rig.settle();
  const few = rows.includes('G8') ? await connectPenalty(context, 'G8 with three Services') : undefined;
  if (rows.some((id) => FILLED.includes(id))) {
    progress(`creating ${plan.services} Services and EndpointSlices`);
    const seconds = await rig.withoutProxies(() => rig.cluster.fill(plan.services));
    progress(`created in ${seconds.toFixed(0)} s`);
    await rig.settle();
  }
  const measure: Readonly<Record<RowId, () => Promise<RowResult>>> = {
    G1: () => roundTrips(context, 'far'),
    G2: () => roundTrips(context, 'near'),
    G7: () => connections(context),
    G8: async () => {
      const all = await connectPenalty(context, 'G8 with all Services');
      return few === undefined ? all : penaltyRow(few, all);
    },
    G13: () => fullSync(context),
    G14: () => changeLatency(context),
    G16: () => agentMemory(context),
  };
  const results = new Map<RowId, RowResult>();
  for (const id of rows) results.set(id, await measure[id]());
  return results;
}
