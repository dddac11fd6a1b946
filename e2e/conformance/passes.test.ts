import assert from 'node:assert/strict';
import { test } from 'node:test';
import { disturbed, exactly, mergePasses } from './passes.ts';
import type { SpecRow } from './report.ts';

const row = (name: string, more: Partial<SpecRow> = {}): SpecRow => ({
  ...{ name, outcome: 'passed', seconds: 1, why: '', broughtBackBy: [], presentSeconds: 0 },
  ...more,
});
const cause = { object: 'a/b', namespace: 'a', why: 'w' };

test('only what kube-proxy was there for because of another spec runs again', () => {
  const rows = [
    row('alone'),
    row('disturbed', { presentSeconds: 0.1 }),
    row('failed and disturbed', { outcome: 'failed', presentSeconds: 1 }),
    row('its own', { presentSeconds: 1, broughtBackBy: [cause] }),
    row('left out', { outcome: 'skipped' }),
  ];
  assert.deepEqual(disturbed(rows), ['disturbed', 'failed and disturbed']);
});

test('the expression is for these names and for no longer ones', () => {
  const name = '[sig-network] a/b (c-d) 1.5 [Conformance]';
  const expression = new RegExp(exactly([name, 'other']));
  assert.ok(expression.test(name) && expression.test('other'));
  for (const another of [`${name} more`, name.replace('.', 'x'), 'another one'])
    assert.ok(!expression.test(another), another);
});

test('the second pass counts, and a failure in either', () => {
  const first = [row('a', { presentSeconds: 1 }), row('b', { outcome: 'failed' }), row('c'), row('d')];
  const second = [
    row('a'),
    row('b'),
    row('d', { outcome: 'failed' }),
    row('[BeforeSuite]', { outcome: 'failed' }),
  ];
  assert.deepEqual(
    mergePasses(first, second).map((r) => [r.name, r.outcome, r.presentSeconds]),
    [
      ['a', 'passed', 0],
      ['b', 'failed', 0],
      ['c', 'passed', 0],
      ['d', 'failed', 0],
      ['[BeforeSuite]', 'failed', 0],
    ],
  );
});
