import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMet, rowLine, type RowResult } from './rows.ts';

const result: RowResult = {
  value: 49_787.4,
  vs: { L0: 0.9512, K1: 1.3712 },
  repetitions: 7,
  dropped: 0,
  noisy: false,
  detail: {},
};

test('a target is met only when every figure that it names is there and reaches it', () => {
  const goals = [
    { of: 'L0', atLeast: 0.95 },
    { of: 'value', atMost: 50_000 },
  ];
  assert.equal(isMet(goals, result), true);
  assert.equal(isMet([{ of: 'L0', atLeast: 0.96 }], result), false);
  assert.equal(isMet([{ of: 'value', atMost: 49_000 }], result), false);
  assert.equal(isMet([{ of: 'K2', atLeast: 0 }], result), false, 'not measured');
  assert.equal(isMet(goals, { ...result, value: NaN }), false);
});

test('noise meets nothing', () => {
  assert.equal(isMet([{ of: 'L0', atLeast: 0.5 }], { ...result, noisy: true }), false);
});

test('a row ends with one line: its name and JSON', () => {
  assert.equal(
    rowLine('G2', result),
    'G2 {"value":49790,"unit":"round trips/s","vs":{"L0":0.951,"K1":1.37},"met":false}',
  );
});
