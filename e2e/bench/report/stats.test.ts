import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepSteady, median, quantile, ratios, series } from './stats.ts';

test('median of odd and even numbers of values, and of none', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.ok(Number.isNaN(median([])));
});

test('quantiles are values that were seen', () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i);
  assert.equal(quantile(values, 0.5), 51);
  assert.equal(quantile(values, 0.99), 100);
  assert.equal(quantile([7], 0.99), 7);
});

test('a block whose steady series moved is dropped with all that was measured in it', () => {
  const blocks = [
    { L1: 100, X: 1 },
    { L1: 104, X: 2 },
    { L1: 80, X: 3 },
    { L1: 101, X: 4 },
  ];
  const kept = keepSteady(blocks, 'L1');
  assert.deepEqual(
    kept.blocks.map(({ X }) => X),
    [1, 2, 4],
  );
  assert.deepEqual([kept.dropped, kept.noisy], [1, false]);
});

test('where nothing is steady, everything counts and is called noisy', () => {
  const blocks = [{ L1: 100 }, { L1: 50 }, { L1: 200 }, { L1: 400 }];
  assert.deepEqual(keepSteady(blocks, 'L1'), { blocks, dropped: 0, noisy: true });
});

test('without the steady series there is nothing to judge by', () => {
  const blocks = [{ X: 1 }, { X: 100 }];
  assert.deepEqual(keepSteady(blocks, 'L1'), { blocks, dropped: 0, noisy: false });
});

test('ratios stay within their block', () => {
  const blocks = [{ A: 2, B: 1 }, { A: 9, B: 3 }, { A: 1 }];
  assert.deepEqual(ratios(blocks, 'A', 'B'), [2, 3]);
  assert.deepEqual(series(blocks)['B'], { median: 2, min: 1, max: 3 });
});
