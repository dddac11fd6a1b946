/** G3, G4, G5: many packets, and many bytes, from a pod to one on another node. */
import { BenchError } from '../errors.ts';
import type { RowResult } from '../report/rows.ts';
import { ADDRESS } from '../rig/shell.ts';
import { SERVER_PORT, SINK_PORT } from '../rig/variant.ts';
import { pastTheStack, rate, through } from './packets.ts';
import { compared, type Context, type Probe, runBlocks } from './row.ts';

/** MTUs of G4: an overlay's on usual and on jumbo frames. The first one's figure is the row's. */
const OVERLAY_MTUS = [1440, 8940] as const;

function over(context: Context, what: string, probes: readonly Probe[]): Promise<RowResult> {
  const measure = async (): Promise<RowResult> => compared(await runBlocks(context, what, probes));
  return through(context, 'new_flow', () => pastTheStack(context, measure));
}

/** G3: datagrams of 18 bytes in bursts, every one of which arrived. */
export function smallPackets(context: Context): Promise<RowResult> {
  const args = ['bursts', String(context.plan.ms), `${ADDRESS.far[0]}:${SERVER_PORT}`];
  return over(
    context,
    'G3',
    context.variants.map((name): Probe => [name, () => rate(context, name, args)]),
  );
}

/** One stream, Gbit/s of payload; client, server and softirqs have one CPU, so that 1/figure is CPU seconds a Gbit. */
function streams(context: Context, what: string): Promise<RowResult> {
  const args = ['stream', String(context.plan.ms), `${ADDRESS.far[0]}:${SINK_PORT}`];
  const gigabits = async (name: (typeof context.variants)[number]): Promise<number> =>
    ((await rate(context, name, args)) * 8) / 1e9;
  return over(
    context,
    what,
    context.variants.map((name): Probe => [name, () => gigabits(name)]),
  );
}

/** G5: with the offloads that veths have. */
export function streamWithOffloads(context: Context): Promise<RowResult> {
  return streams(context, 'G5');
}

async function setAll(context: Context, settings: { mtu: number; offloads: boolean }): Promise<void> {
  for (const name of context.variants) await context.rig.variant(name).setLinks(settings);
}

function renamed<T>(of: Readonly<Record<string, T>> | undefined, suffix: string): Record<string, T> {
  return Object.fromEntries(Object.entries(of ?? {}).map(([name, value]) => [`${name}${suffix}`, value]));
}

/** G4: no offloads at all, at both MTUs. */
export async function streamWithoutOffloads(context: Context): Promise<RowResult> {
  const results: RowResult[] = [];
  try {
    for (const mtu of OVERLAY_MTUS) {
      await setAll(context, { mtu, offloads: false });
      results.push(await streams(context, `G4, MTU ${mtu}`));
    }
  } finally {
    await setAll(context, { mtu: 1500, offloads: true });
  }
  const [first, second] = results;
  if (first === undefined || second === undefined) throw new BenchError('no figures', { code: 'Incomplete' });
  const suffix = ` at ${OVERLAY_MTUS[1]}`;
  return {
    ...first,
    vs: { ...first.vs, ...renamed(second.vs, suffix) },
    spread: { ...first.spread, ...renamed(second.spread, suffix) },
    ratioSpread: { ...first.ratioSpread, ...renamed(second.ratioSpread, suffix) },
    noisy: first.noisy || second.noisy,
    repetitions: Math.min(first.repetitions, second.repetitions),
    dropped: first.dropped + second.dropped,
  };
}
