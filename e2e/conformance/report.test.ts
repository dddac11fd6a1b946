import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SpecResult } from './ginkgo-report.ts';
import { countOutcomes, inOrder, joinRows, lastLine, renderMarkdown } from './report.ts';

const spec = (name: string, more: Partial<SpecResult> = {}): SpecResult => ({
  ...{ name, outcome: 'passed', began: 10_000, ended: 20_000, message: '', text: '' },
  ...more,
});
const seen = {
  causes: [{ object: 'services-12/a', namespace: 'services-12', why: 'sessionAffinity ClientIP' }],
  presences: [{ from: 12_000, to: 15_000, nodes: ['n1'] }],
  skips: [{ spec: 'cloud', reason: 'there is none' }],
};

test('kube-proxy came back for the spec whose namespace was named, and was there for others of that time', () => {
  const rows = joinRows(
    [
      spec('a', { text: 'Destroying namespace "services-12" for this suite.' }),
      spec('b', { text: 'Destroying namespace "services-123" for this suite.' }),
      spec('c', { began: 16_000 }),
      spec('short', { began: 13_000, ended: 13_020 }),
    ],
    seen,
  );
  assert.deepEqual(
    rows.map((r) => [r.name, r.broughtBackBy.length, r.presentSeconds]),
    [
      ['a', 1, 3],
      ['b', 0, 3],
      ['c', 0, 0],
      ['short', 0, 0.1],
    ],
  );
  const table = renderMarkdown(fullReport(rows));
  assert.match(table, /\| a \| passed \| 10 \| back for 3 s: sessionAffinity ClientIP \|/);
  assert.match(table, /\| b \| passed \| 10 \| present for 3 s, because of another spec \|/);
  assert.match(table, /\| c \| passed \| 4 \| parked \|/);
  assert.match(table, /came back 1 times, because of 1 specs/);
});

test('failed specs come first; a skipped one has the reason that is committed', () => {
  const joined = joinRows(
    [
      spec('a'),
      spec('b in a cloud', { outcome: 'skipped', began: 0, ended: 0 }),
      spec('z', { outcome: 'failed', message: 'one\ntwo' }),
    ],
    seen,
  );
  const rows = inOrder(joined);
  assert.deepEqual(
    rows.map((r) => [r.name, r.why]),
    [
      ['z', 'one'],
      ['b in a cloud', 'there is none'],
      ['a', ''],
    ],
  );
  assert.equal(lastLine(countOutcomes(rows)), 'conformance: 1 passed, 1 failed, 1 skipped');
});

function fullReport(rows: ReturnType<typeof joinRows>): Parameters<typeof renderMarkdown>[0] {
  const counts = countOutcomes(rows);
  const about = { suite: '1', date: 'd', focus: 'f', seconds: 1, parkedAfterMs: 2000, again: [] };
  return { ...about, skips: seen.skips, counts, rows, presences: seen.presences };
}
