/** G1, G2, G7, G8: what clients in pods see. */
import { clusterIP, measured } from '../cluster/workload.ts';
import { BenchError } from '../errors.ts';
import type { RowResult } from '../report/rows.ts';
import { type Block, median, ratios } from '../report/stats.ts';
import { counters } from '../rig/margay.ts';
import type { VariantName } from '../rig/rig.ts';
import { ADDRESS } from '../rig/shell.ts';
import { SERVER_PORT } from '../rig/variant.ts';
import { compared, type Context, type Probe, runBlocks } from './row.ts';

interface Count {
  readonly count: number;
  readonly ns: number;
}

const serves = (name: VariantName): boolean => name !== 'L0' && name !== 'L1';
const farPods = ADDRESS.far.map((address) => `${address}:${SERVER_PORT}`);

function targets({ plan }: Context): readonly string[] {
  return measured(plan.services).map((index) => `${clusterIP(index)}:80`);
}

/** Things a second that a client counted. */
export async function rate(context: Context, name: VariantName, args: readonly string[]): Promise<number> {
  const { count, ns } = await context.rig.variant(name).client<Count>(args);
  return (count / ns) * 1e9;
}

/** Fails when Margay's programs did not see what was measured: then something else was. */
export async function through<T>(context: Context, reason: string, measure: () => Promise<T>): Promise<T> {
  const variant = context.rig.variant('Margay');
  const before = (await counters(variant, 'n1')).get(reason) ?? 0;
  const result = await measure();
  const seen = ((await counters(variant, 'n1')).get(reason) ?? 0) - before;
  if (seen < context.plan.repetitions)
    throw new BenchError(`counter ${reason} rose by ${seen} only: the measured packets went past Margay`, {
      code: 'NotOurs',
    });
  return result;
}

/** Fails when a node's stack forwarded what was to go past it. */
export async function pastTheStack<T>(context: Context, measure: () => Promise<T>): Promise<T> {
  const watched = (['L0', 'Margay'] as const).filter((name) => context.variants.includes(name));
  const forwarded = (): Promise<number[]> =>
    Promise.all(watched.map((name) => context.rig.variant(name).forwarded('n1')));
  const before = await forwarded();
  const result = await measure();
  const after = await forwarded();
  watched.forEach((name, i) => {
    const packets = (after[i] ?? NaN) - (before[i] ?? NaN);
    if (!(packets < 100 * context.plan.repetitions))
      throw new BenchError(`the stack forwarded ${packets} packets of ${name}: its programs did not`, {
        code: 'NotRedirected',
      });
  });
  return result;
}

/** G1 (far) and G2 (near): round trips on one connection. */
export async function roundTrips(context: Context, where: 'far' | 'near'): Promise<RowResult> {
  const address = where === 'far' ? ADDRESS.far[0] : ADDRESS.near;
  const args = ['rr', String(context.plan.ms), `${address}:${SERVER_PORT}`];
  const probes = context.variants.map((name): Probe => [name, () => rate(context, name, args)]);
  const blocks = await through(context, 'new_flow', () =>
    pastTheStack(context, () => runBlocks(context, where, probes)),
  );
  return compared(blocks);
}

/** G7: connect, one request, close. */
export async function connections(context: Context): Promise<RowResult> {
  const ms = String(context.plan.ms);
  const probes = context.variants.map((name): Probe => {
    const to = serves(name) ? targets(context) : farPods;
    return [name, () => rate(context, name, ['crr', ms, ...to])];
  });
  const direct: Probe = ['direct', () => rate(context, 'Margay', ['crr', ms, ...farPods])];
  const all = [...probes, direct];
  const blocks = await through(context, 'sock_connect', () =>
    pastTheStack(context, () => runBlocks(context, 'G7', all)),
  );
  return compared(blocks);
}

const connectName = (name: VariantName): string => `connect() under ${name}`;

/**
 * What Services add to connect(), and what connect() to one takes, microseconds: the median over the first,
 * middle and last one.
 */
async function penalty(context: Context, name: VariantName): Promise<Block> {
  const args = ['connect', String(context.plan.connects), String(farPods.length)];
  const { p50 } = await context.rig
    .variant(name)
    .client<{ p50: readonly number[] }>([...args, ...farPods, ...targets(context)]);
  const [pod = NaN, ...services] = p50;
  const service = median(services);
  return { [name]: (service - pod) / 1000, [connectName(name)]: service / 1000 };
}

/** One pass of G8, to be made with few Services and with all of them. */
export async function connectPenalty(context: Context, what: string): Promise<RowResult> {
  const names = context.variants.filter(serves);
  const probes = names.map((name): Probe => [name, () => penalty(context, name)]);
  const blocks = await through(context, 'sock_connect', () => runBlocks(context, what, probes));
  const result = compared(blocks);
  const ratio = (name: VariantName): number =>
    median(ratios(blocks, connectName('Margay'), connectName(name)));
  const others = names.filter((name) => name !== 'Margay');
  return { ...result, vs: Object.fromEntries(others.map((name) => [name, ratio(name)])), ratioSpread: {} };
}

/** G8 from both passes. */
export function penaltyRow(few: RowResult, all: RowResult): RowResult {
  return {
    ...all,
    vs: { ...all.vs, growth: all.value - few.value },
    detail: { 'penalty with three Services, µs': few.value },
  };
}
