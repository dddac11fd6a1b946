import { NODE_STATES, STATE_MEANING } from './state.ts';
import type { Row } from './table.ts';
import { TABLE } from './table.ts';

const PLACE_WORDS: Readonly<Record<Row['place'], string>> = {
  Begins: 'needs a free place; held by pause and failure',
  Continues: 'needs a free place',
  Holds: 'occupies a place',
  None: '',
};

function timeout(row: Row): string {
  if (row.timeoutS === undefined) return '';
  return row.timeoutS === 'drainTimeout' ? '`spec.bpf.drainTimeout` + 60s' : `${String(row.timeoutS)}s`;
}

/** The reference page of the rollout, as Markdown. */
export function rolloutPage(): string {
  const states = NODE_STATES.map((s) => `| ${s} | ${STATE_MEANING[s]} |`);
  const rows = TABLE.map(
    (r) =>
      `| ${r.state} | ${r.event} | ${r.order ?? ''} | ${r.awaits} | ${timeout(r)} | ${PLACE_WORDS[r.place]} |`,
  );
  return [
    '# The rollout table',
    '',
    '<!-- Generated from operator/src/rollout/table.ts: edit that, then run `make deploy-yaml`. -->',
    '',
    'A node is always in exactly one state, read off the cluster and stored nowhere. Of the rows of that',
    'state the first whose event is true decides. *Places* are the nodes that may be between two states at',
    'once (`spec.nodeUpdateStrategy.maxUnavailable`, at least one). A timeout makes the node *failed*: it',
    'keeps what serves it, `Degraded` names it, and no other node begins until it recovers.',
    '',
    '| state | meaning |',
    '|---|---|',
    ...states,
    '',
    '| state | event | order | evidence awaited | timeout | place |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
