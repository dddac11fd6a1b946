/** docs/performance.md and its pictures, from the JSON of a run. Pure. */
import type { BarPlot } from './plots.ts';
import type { Bench, RunInfo, StoredRow } from './result.ts';
import { type Goal, ROW_IDS, ROWS, type RowId, short } from './rows.ts';
import type { Spread } from './stats.ts';

/** The pictures of a document by file name; `variants` are series in the order to show them. */
export function plotsOf({ rows }: Bench, variants: readonly string[]): ReadonlyMap<string, BarPlot> {
  const plots = new Map<string, BarPlot>();
  const add = (id: RowId, unit: string, name: (variant: string) => string): void => {
    const found = rows[id]?.spread ?? {};
    const bars = [...variants, 'direct'].flatMap((variant): [string, Spread][] => {
      const bar = found[name(variant)];
      return bar === undefined ? [] : [[variant, bar]];
    });
    if (bars.length === 0) return;
    plots.set(`${id}.svg`, { title: `${id}: ${ROWS[id].title}`, unit, bars: Object.fromEntries(bars) });
  };
  for (const id of ['G1', 'G2', 'G3', 'G4', 'G5', 'G7'] as const)
    add(id, ROWS[id].unit, (variant) => variant);
  add('G8', 'connect() to a Service, µs', (variant) => `connect() under ${variant}`);
  add('G15', 'CPU seconds of one node', (variant) => variant);
  add('G16', 'MB resident', (variant) => variant);
  return plots;
}

function goalText({ of, atLeast, atMost }: Goal): string {
  const bound = atLeast === undefined ? `≤ ${atMost ?? ''}` : `≥ ${atLeast}`;
  return of === 'value' ? bound : `${of} ${bound}`;
}

const figure = (value: number): string => String(short(value));

/** A short run proves no target, whatever its figures say. */
function verdict({ run, met, noisy }: StoredRow): string {
  if (run.plan.quick) return 'short run';
  if (noisy) return 'no (noise)';
  return met ? 'yes' : '**no**';
}

function summary(bench: Bench): string[] {
  const lines = ROW_IDS.flatMap((id) => {
    const row = bench.rows[id];
    if (row === undefined) return [];
    const vs = Object.entries(row.vs).map(([name, ratio]) => `${name} ${figure(ratio)}`);
    const goals = ROWS[id].goals.map(goalText).join(', ');
    return [
      `| ${id} | ${row.title} | ${figure(row.value)} ${row.unit} | ${vs.join(', ')} | ${goals} | ${verdict(row)} |`,
    ];
  });
  return ['| row | what | Margay | in terms of | target | met |', '|---|---|---|---|---|---|', ...lines];
}

function seriesTable(row: StoredRow): string[] {
  const found = Object.entries(row.spread ?? {});
  if (found.length === 0) return [];
  const lines = found.map(([name, { median, min, max }]) => {
    const ratio = row.ratioSpread?.[name];
    const text =
      ratio === undefined ? '' : `${figure(ratio.median)} (${figure(ratio.min)} to ${figure(ratio.max)})`;
    return `| ${name} | ${figure(median)} | ${figure(min)} | ${figure(max)} | ${text} |`;
  });
  const head = '| series | median | least | greatest | Margay in terms of it, within the block |';
  return [head, '|---|---|---|---|---|', ...lines, ''];
}

function circumstances({ plan, machine }: RunInfo): string {
  const size = `${plan.services} Services with 5 endpoints each, ${plan.repetitions} blocks`;
  const load = `load average ${machine.load} before the run, ${machine.loadAfter} after it`;
  const quick = plan.quick ? ' **A short run: not a figure to quote.**' : '';
  return `${machine.date} UTC, commit ${machine.commit}, Linux ${machine.kernel}, ${machine.cpus} CPUs (${machine.cpu}), ${machine.memoryGiB} GiB, Node ${machine.node}; ${size}; ${load}.${quick}`;
}

function missed({ vs, value }: StoredRow, goals: readonly Goal[]): string[] {
  return goals.flatMap((goal) => {
    const reached = goal.of === 'value' ? value : vs[goal.of];
    if (reached === undefined) return [`${goalText(goal)}: not measured`];
    const holds = goal.atLeast === undefined ? reached <= (goal.atMost ?? NaN) : reached >= goal.atLeast;
    return holds ? [] : [`${goalText(goal)}: ${figure(reached)}`];
  });
}

function section(id: RowId, row: StoredRow, plots: ReadonlyMap<string, BarPlot>): string[] {
  const picture = plots.has(`${id}.svg`) ? [`![${id}](performance/${id}.svg)`, ''] : [];
  const detail = Object.entries(row.detail).map(
    ([name, value]) => `- ${name}: ${typeof value === 'number' ? figure(value) : value}`,
  );
  const losses = missed(row, ROWS[id].goals);
  const noise = row.noisy
    ? [
        'Less than half of the blocks were steady (L1 within 5 %): all are counted, and nothing is claimed.',
        '',
      ]
    : [];
  return [
    `## ${id}: ${row.title}`,
    '',
    ...picture,
    ...seriesTable(row),
    ...(detail.length > 0 ? [...detail, ''] : []),
    ...(losses.length > 0 ? [`Not reached: ${losses.join('; ')}.`, ''] : []),
    ...noise,
    `${row.repetitions} repetitions count, ${row.dropped} were dropped. ${ROWS[id].note}`,
    '',
    circumstances(row.run),
    '',
  ];
}

/** The whole document; `variants` explains the names. */
export function documentOf(
  bench: Bench,
  plots: ReadonlyMap<string, BarPlot>,
  variants: Readonly<Record<string, string>>,
): string {
  const names = Object.entries(variants).map(([name, text]) => `- **${name}**: ${text}`);
  const sections = ROW_IDS.flatMap((id) => {
    const row = bench.rows[id];
    return row === undefined ? [] : section(id, row, plots);
  });
  return [
    '# Performance',
    '',
    '<!-- Generated from docs/performance/bench.json by `make bench-docs`: run `make bench` first. -->',
    '',
    'Figures are of this machine; ratios are within one block of one run, where every variant ran right after the other. Targets that were missed are shown as such.',
    '',
    ...summary(bench),
    '',
    ...names,
    '',
    'Two nodes a variant: network namespaces on a bridge, pods behind veths, the same addresses everywhere, MTU 1500 and offloads as veths have them where a row does not say otherwise. One real API server (1.36.3) serves the real kube-proxies and the real agents. Client, server and their softirqs share one CPU and run with real-time priority; sockets use cubic. A block runs every variant once, every second block backwards; a block whose L1 is more than 5 % off the median is dropped. A figure of Margay counts only when its own counters rose and the node’s stack forwarded nothing. Further rows of the list of targets are not measured yet.',
    '',
    ...sections,
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
}
