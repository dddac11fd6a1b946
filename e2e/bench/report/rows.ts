/** The rows: what is measured, in which unit, and what is aimed at. Pure. */
import type { Spread } from './stats.ts';

/** Rows that can be run today. */
export const ROW_IDS = ['G1', 'G2', 'G3', 'G4', 'G5', 'G7', 'G8', 'G13', 'G14', 'G15', 'G16', 'G17'] as const;
export type RowId = (typeof ROW_IDS)[number];

/** One condition of a target: `value` is the row's own figure, else the ratio to that series. */
export interface Goal {
  readonly of: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** What a row is. */
export interface RowInfo {
  readonly title: string;
  readonly unit: string;
  readonly goals: readonly Goal[];
  /** Where this run differs from the target's wording. */
  readonly note: string;
}

const noPolicy = 'There is no policy in this version: its cost is not in the figure.';

export const ROWS: Readonly<Record<RowId, RowInfo>> = {
  G1: {
    title: 'pod to pod on another node, TCP round trips of one byte',
    unit: 'round trips/s',
    goals: [
      { of: 'L0', atLeast: 0.95 },
      { of: 'L1', atLeast: 1.1 },
      { of: 'K1', atLeast: 1.15 },
      { of: 'K1 legacy', atLeast: 1.15 },
      { of: 'K2', atLeast: 1.15 },
    ],
    note: noPolicy,
  },
  G2: {
    title: 'pod to pod on the same node, TCP round trips of one byte',
    unit: 'round trips/s',
    goals: [{ of: 'L0', atLeast: 0.97 }],
    note: noPolicy,
  },
  G3: {
    title: 'small packets a second on one CPU, pod to pod on another node',
    unit: 'packets/s',
    goals: [
      { of: 'L0', atLeast: 0.85 },
      { of: 'L1', atLeast: 1.55 },
      { of: 'K1', atLeast: 1.75 },
      { of: 'K1 legacy', atLeast: 1.75 },
      { of: 'K2', atLeast: 1.75 },
    ],
    note: `Datagrams of 18 bytes in bursts of 64, each burst counted by the server before the next one. ${noPolicy}`,
  },
  G4: {
    title: 'one stream without offloads, pod to pod on another node, MTU 1440',
    unit: 'Gbit/s',
    goals: [
      { of: 'L0', atLeast: 0.9 },
      { of: 'L1', atLeast: 1.5 },
      { of: 'K1', atLeast: 1.9 },
      { of: 'K1 legacy', atLeast: 1.9 },
      { of: 'K2', atLeast: 1.9 },
      { of: 'L0 at 8940', atLeast: 0.9 },
      { of: 'L1 at 8940', atLeast: 1.5 },
      { of: 'K1 at 8940', atLeast: 1.9 },
      { of: 'K1 legacy at 8940', atLeast: 1.9 },
      { of: 'K2 at 8940', atLeast: 1.9 },
    ],
    note: `"at 8940" is the same with MTU 8940. One CPU does all the work: the ratio is that of CPU time for a Gbit, too. ${noPolicy}`,
  },
  G5: {
    title: 'one stream with offloads, pod to pod on another node',
    unit: 'Gbit/s',
    goals: [{ of: 'L0', atLeast: 0.97 }],
    note: noPolicy,
  },
  G7: {
    title: 'connect, one request, close through a ClusterIP; first, middle and last Service in turn',
    unit: 'connections/s',
    goals: [
      { of: 'direct', atLeast: 0.97 },
      { of: 'K2', atLeast: 1.1 },
      { of: 'K1 legacy', atLeast: 1.8 },
      { of: 'K1', atLeast: 3.4 },
    ],
    note: 'L0, L1 and direct know no Services: their client connects to the pods, those of "direct" on a Margay node.',
  },
  G8: {
    title: 'what a ClusterIP adds to connect() over the pod itself, median',
    unit: 'µs',
    goals: [
      { of: 'value', atMost: 1 },
      { of: 'growth', atMost: 1 },
    ],
    note: '"growth" is the penalty with all Services less that with three, in µs. Ratios: connect() to a Service under Margay in terms of the same under that kube-proxy (less is faster); its own penalty says little, for its rules are walked on the way to a pod, too. 100,000 Services were not tried.',
  },
  G13: {
    title: 'full sync: first byte of the recorded lists to maps written, read back and attached',
    unit: 's',
    goals: [{ of: 'value', atMost: 0.4 }],
    note: "A new process each time, nothing warm. Loading and verifying the programs and reading the maps back are in the figure. The bytes are the API server's own streamed lists.",
  },
  G14: {
    title: 'one endpoint changes: its event in the process to the kernel map changed, p50',
    unit: 'ms',
    goals: [
      { of: 'value', atMost: 0.3 },
      { of: 'p99', atMost: 2 },
    ],
    note: 'Each change was read back from the maps. 100,000 Services were not tried.',
  },
  G15: {
    title: 'one Service changes 9.4 times a second: CPU time of one node',
    unit: 's',
    goals: [
      { of: 'K1', atMost: 0.02 },
      { of: 'K1 legacy', atMost: 0.02 },
      { of: 'K2', atMost: 0.02 },
    ],
    note: 'Half of the Services of the other rows are there. Each variant is measured while all others stand still; its time ends when it has nothing left to do. The mean of both nodes.',
  },
  G16: {
    title: 'resident memory of the agent',
    unit: 'MB',
    goals: [{ of: 'value', atMost: 110 }],
    note: 'The bundled agent as a process of its own. No policy in this version, and no pods but this node’s own are watched: the 10,000 pods of the target would not reach it.',
  },
  G17: {
    title: 'start of a new agent to the first answer through a ClusterIP',
    unit: 's',
    goals: [{ of: 'value', atMost: 1 }],
    note: 'The bundled agent on a node where nothing of Margay is, from the start of its process (to 10 ms); the client asks the last Service again and again. Nothing else follows the cluster meanwhile. What a restart loses is not measured here: the cluster scenarios count it.',
  },
};

/** Figures of one row. */
export interface RowResult {
  readonly value: number;
  /** Ratios of Margay to each variant (within the block), or further figures by name. */
  readonly vs: Readonly<Record<string, number>>;
  readonly spread?: Readonly<Record<string, Spread>>;
  readonly ratioSpread?: Readonly<Record<string, Spread>>;
  readonly repetitions: number;
  readonly dropped: number;
  readonly noisy: boolean;
  /** Anything else worth knowing, in words and figures. */
  readonly detail: Readonly<Record<string, number | string>>;
}

function holds(figure: number | undefined, { atLeast, atMost }: Goal): boolean {
  if (figure === undefined || !Number.isFinite(figure)) return false;
  return (atLeast === undefined || figure >= atLeast) && (atMost === undefined || figure <= atMost);
}

/** True when every goal is reached; a figure that is missing reaches none, and noise proves nothing. */
export function isMet(
  goals: readonly Goal[],
  { value, vs, noisy }: Pick<RowResult, 'value' | 'vs' | 'noisy'>,
): boolean {
  if (noisy) return false;
  return goals.every((goal) => holds(goal.of === 'value' ? value : vs[goal.of], goal));
}

/** Three significant digits, as a number. */
export function short(figure: number): number {
  return Number(figure.toPrecision(figure >= 1000 ? 4 : 3));
}

/** The one line a row ends with; a short run meets nothing. */
export function rowLine(id: RowId, result: RowResult, quick = false): string {
  const { unit, goals } = ROWS[id];
  const vs = Object.fromEntries(Object.entries(result.vs).map(([name, figure]) => [name, short(figure)]));
  return `${id} ${JSON.stringify({ value: short(result.value), unit, vs, met: !quick && isMet(goals, result) })}`;
}
