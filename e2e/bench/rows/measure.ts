/** A run from its start to its last row. */
import { measured } from '../cluster/workload.ts';
import type { RowId, RowResult } from '../report/rows.ts';
import { agentMemory, changeLatency, fullSync } from './agent.ts';
import { smallPackets, streamWithOffloads, streamWithoutOffloads } from './bulk.ts';
import { churnCost } from './churn.ts';
import { connections, connectPenalty, penaltyRow, roundTrips } from './packets.ts';
import type { Context, Plan } from './row.ts';
import { agentStart } from './start.ts';

/** Rows that say something only with all Services there. */
const FILLED: readonly RowId[] = ['G7', 'G8', 'G13', 'G14', 'G16', 'G17'];
/** Rows about the agent alone: kube-proxy may stand still, and comes after them. */
const ALONE: readonly RowId[] = ['G13', 'G14', 'G17'];

/** How many Services there are while these rows are measured. */
export function servicesPresent(rows: readonly RowId[], { services }: Plan): number {
  return rows.some((id) => FILLED.includes(id)) ? services : measured(services).length;
}

/** Told of each row as soon as it is there. */
export type OnRow = (id: RowId, result: RowResult) => Promise<void>;

async function start({ rig, plan, variants }: Context): Promise<void> {
  await rig.cluster.fillMeasured(plan.services);
  for (const name of variants) await rig.add(name);
}

/**
 * Services that the proxies get to see at once. iptables-restore (nft backend, 1.8.9) takes time by the square of
 * the new chains: at 10,000 Services x 5 in one go more than a quarter of an hour.
 */
const PORTION = 1000;

async function fill({ rig, plan, progress }: Context, range: { from: number; to: number }): Promise<void> {
  const count = plan.services;
  progress(`creating Services and EndpointSlices up to number ${range.to} of ${count}`);
  for (let from = range.from; from < range.to; from += PORTION) {
    const to = Math.min(from + PORTION, range.to);
    await rig.withoutProxies(() => rig.cluster.fill({ from, to, count }));
    await rig.programmed(to);
    progress(`${to} Services created`);
  }
}

/** Measures the rows; those that compare with kube-proxy come when it has made rules of everything. */
export async function measureRows(rows: readonly RowId[], context: Context, onRow: OnRow): Promise<void> {
  const { rig, plan } = context;
  await start(context);
  let few: RowResult | undefined;
  const measure: Readonly<Record<RowId, () => Promise<RowResult>>> = {
    G1: () => roundTrips(context, 'far'),
    G2: () => roundTrips(context, 'near'),
    G3: () => smallPackets(context),
    G4: () => streamWithoutOffloads(context),
    G5: () => streamWithOffloads(context),
    G7: () => connections(context),
    G8: async () => {
      const all = await connectPenalty(context, 'G8 with all Services');
      return few === undefined ? all : penaltyRow(few, all);
    },
    G13: () => fullSync(context),
    G14: () => changeLatency(context),
    G15: () => churnCost(context),
    G16: () => agentMemory(context),
    G17: () => agentStart(context),
  };
  const all = async (chosen: readonly RowId[]): Promise<void> => {
    for (const id of chosen) await onRow(id, await measure[id]());
  };
  if (rows.includes('G8')) {
    await rig.settle(measured(plan.services).length);
    few = await connectPenalty(context, 'G8 with three Services');
  }
  const present = servicesPresent(rows, plan);
  const half = rows.includes('G15') ? plan.services / 2 : 0;
  if (half > 0) {
    await fill(context, { from: 0, to: half });
    await all(['G15']);
  }
  if (present === plan.services) await fill(context, { from: half, to: plan.services });
  await rig.withoutProxies(() => all(rows.filter((id) => ALONE.includes(id))));
  const rest = rows.filter((id) => !ALONE.includes(id) && id !== 'G15');
  if (rest.length > 0) await rig.settle(present);
  await all(rest);
}
