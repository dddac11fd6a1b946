import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosenRows, neededVariants, planOf } from './plan.ts';
import { ROW_IDS } from './report/rows.ts';

test('ONLY names rows in any order and with any separator; nothing means all', () => {
  assert.deepEqual(chosenRows('G7'), ['G7']);
  assert.deepEqual(chosenRows('G14, G1'), ['G1', 'G14']);
  assert.deepEqual(chosenRows(''), ROW_IDS);
  assert.throws(() => chosenRows('G7 G99'), /no row G99/);
});

test('QUICK=0 is not quick', () => {
  assert.equal(planOf('').quick, false);
  assert.equal(planOf('0').quick, false);
  assert.equal(planOf('1').quick, true);
  assert.ok(planOf('').repetitions >= 7);
});

test('only what is compared is started', () => {
  assert.deepEqual(neededVariants(['G13']), []);
  assert.deepEqual(neededVariants(['G16']), ['Margay']);
  assert.ok(neededVariants(['G8']).includes('K2'));
  assert.ok(neededVariants(['G15']).includes('K2'));
  assert.ok(neededVariants(['G3']).includes('L0'));
  assert.ok(neededVariants(['G13', 'G1']).includes('L0'));
});
