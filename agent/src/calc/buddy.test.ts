import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BuddyAllocator, NoSpaceError } from './buddy.ts';

interface Range {
  readonly start: number;
  readonly count: number;
}

/** Allocates and marks the entries; undefined when there was no room. */
function take(buddy: BuddyAllocator, owner: number[], count: number): Range[] {
  try {
    const start = buddy.allocate(count);
    assert.ok(
      owner.slice(start, start + count).every((taken) => taken === 0),
      'given twice',
    );
    owner.fill(1, start, start + count);
    return [{ start, count }];
  } catch (error) {
    assert.ok(error instanceof NoSpaceError);
    return [];
  }
}

test('ranges never overlap, and all of it comes back', () => {
  const step = fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 40 }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const buddy = new BuddyAllocator(256);
      const live: Range[] = [];
      const owner = new Array<number>(256).fill(0);
      for (const [allocate, n] of steps) {
        if (allocate) live.push(...take(buddy, owner, n));
        for (const gone of allocate ? [] : live.splice(n % Math.max(1, live.length), 1)) {
          owner.fill(0, gone.start, gone.start + gone.count);
          buddy.release(gone.start, gone.count);
        }
      }
      for (const range of live) buddy.release(range.start, range.count);
      assert.equal(buddy.freeEntries, 256);
      assert.equal(buddy.allocate(256), 0);
    }),
  );
});

test('reserving rebuilds another allocator from the ranges in use', () => {
  const first = new BuddyAllocator(64);
  const ranges = [5, 1, 3, 8, 2, 16].map((count) => ({ count, start: first.allocate(count) }));
  const second = new BuddyAllocator(64);
  for (const { start, count } of ranges) assert.ok(second.reserve(start, count));
  assert.equal(second.freeEntries, first.freeEntries);
  assert.ok(!second.reserve(ranges[0]?.start ?? 0, 5), 'taken already');
  assert.ok(!second.reserve(3, 4), 'not where a range of four can start');
  assert.ok(!second.reserve(64, 1), 'beyond the end');
});
