import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DurationError, formatDuration, parseDuration } from './duration.ts';

for (const [text, ms] of [
  ['0s', 0],
  ['500ms', 500],
  ['90s', 90_000],
  ['1h30m', 5_400_000],
  ['1m1ms', 60_001],
  ['99999h', 359_996_400_000],
] as const) {
  test(`${text} is ${ms} ms`, () => assert.equal(parseDuration(text), ms));
}

for (const text of ['', '5', 's', '1.5h', '-1s', '1d', '1 s', '100000s', '1h1m1s1ms1h']) {
  test(`'${text}' is refused`, () => assert.throws(() => parseDuration(text), DurationError));
}

test('what is formatted reads back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 359_000_000_000 }), (ms) => {
      assert.equal(parseDuration(formatDuration(ms)), ms);
    }),
  );
});
