import assert from 'node:assert/strict';
import { test } from 'node:test';

import { judge, none, sum, totalsLine, type Outcome, type Totals } from './tally.ts';

const passed: Outcome = { ok: true, name: 'a', file: '/x/a.test.ts', suite: false, skipped: false };
const failed: Outcome = {
  ...passed,
  ok: false,
  error: { failureType: 'testCodeFailure', cause: new Error('boom') },
};

const cases: readonly (readonly [string, Outcome, Totals])[] = [
  ['a test that passed', passed, { ...none, passed: 1 }],
  ['a suite is not counted', { ...passed, suite: true }, none],
  ['a skipped test', { ...passed, skipped: true }, { ...none, skipped: 1 }],
  ['a file without tests fails', { ...passed, name: '/x/a.test.ts' }, { ...none, failed: 1 }],
  ['a test that failed', failed, { ...none, failed: 1 }],
  ['a test to do that fails is skipped', { ...failed, skipped: true }, { ...none, skipped: 1 }],
  [
    'a parent of a failed test is not counted again',
    { ...failed, error: { failureType: 'subtestsFailed' } },
    none,
  ],
  [
    'a suite whose hook failed counts',
    { ...failed, suite: true, error: { failureType: 'hookFailed' } },
    { ...none, failed: 1 },
  ],
  [
    'a file that was too slow',
    { ...failed, error: { failureType: 'testTimeoutFailure' } },
    { ...none, failed: 1 },
  ],
];

for (const [name, outcome, expected] of cases) {
  test(name, () => {
    const { passed: p, failed: f, skipped: s } = judge(outcome);
    assert.deepEqual({ passed: p, failed: f, skipped: s }, expected);
  });
}

test('the reason of a failure is its error', () => {
  assert.match(judge(failed).why ?? '', /^Error: boom\n/);
});

test('totals add up to the last line', () => {
  const both = sum({ passed: 1, failed: 2, skipped: 3 }, { passed: 10, failed: 20, skipped: 30 });
  assert.equal(totalsLine(both), '11 passed, 22 failed, 33 skipped');
});
