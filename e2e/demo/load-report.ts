/** What margay-load prints (JSON lines), read and summed. */

export interface TargetReport {
  readonly kind: 'tcp' | 'udp';
  readonly target: string;
  readonly requests: number;
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface StreamReport {
  readonly target: string;
  readonly opened: number;
  readonly broken: number;
  readonly exchanges: number;
  readonly longestGapMs: number;
}

export interface LoadFailure {
  readonly client: string;
  readonly kind: string;
  readonly target: string;
  readonly error: string;
  readonly began: string;
  readonly tookMs: number;
}

/** The state of one client's counts: the last progress line, or the summary. */
export interface LoadState {
  readonly client: string;
  readonly targets: readonly TargetReport[];
  readonly streams: readonly StreamReport[];
}

export type LoadLine =
  | ({ readonly event: 'progress' | 'summary' } & LoadState)
  | ({ readonly event: 'failure' } & LoadFailure)
  | { readonly event: 'stream'; readonly client: string; readonly target: string; readonly error: string };

/** One line of the client's output; undefined for what is not one of its lines. */
export function parseLoadLine(line: string): LoadLine | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const parsed = JSON.parse(line) as LoadLine;
    return ['progress', 'summary', 'failure', 'stream'].includes(parsed.event) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

export interface Totals {
  readonly requests: number;
  readonly failed: number;
}

/** Requests and failures over all clients. */
export function totals(states: readonly LoadState[]): Totals {
  let requests = 0;
  let failed = 0;
  for (const target of states.flatMap((state) => state.targets)) {
    requests += target.requests;
    failed += target.failed;
  }
  return { requests, failed };
}

/** A table a person reads: one row a client and target. */
export function loadTable(states: readonly LoadState[]): string {
  const rows = [['client', 'kind', 'target', 'requests', 'failed', 'p50 ms', 'p99 ms', 'max ms']];
  for (const state of states) {
    for (const t of state.targets) {
      const figures = [t.requests, t.failed, t.p50Ms, t.p99Ms, t.maxMs].map(String);
      rows.push([state.client, t.kind, t.target, ...figures]);
    }
  }
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const pad = (cell: string, column: number): string => cell.padEnd(widths[column] ?? 0);
  return rows.map((row) => `  ${row.map(pad).join('  ')}`.trimEnd()).join('\n');
}

/** What became of the long streams, in one line. */
export function streamSentence(before: readonly StreamReport[], after: readonly StreamReport[]): string {
  const broken = sum(after, (s) => s.broken) - sum(before, (s) => s.broken);
  const exchanges = sum(after, (s) => s.exchanges) - sum(before, (s) => s.exchanges);
  const gap = Math.max(0, ...after.map((s) => s.longestGapMs));
  return broken === 0
    ? `long stream: the same connection all the way, ${exchanges} exchanges, longest gap so far ${gap} ms`
    : `long stream: broken ${broken} times and opened anew, ${exchanges} exchanges, longest gap so far ${gap} ms`;
}

function sum(streams: readonly StreamReport[], value: (stream: StreamReport) => number): number {
  return streams.reduce((total, stream) => total + value(stream), 0);
}
