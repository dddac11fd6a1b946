import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Condition,
  conditionIs,
  currentCondition,
  isTrue,
  longestMessage,
  setCondition,
} from './conditions.ts';

const t0 = new Date('2026-01-01T00:00:00.500Z');
const t1 = new Date('2026-01-01T00:01:00Z');
const ready = { type: 'Ready', status: 'False', reason: 'Rolling', message: 'n1 is changing' } as const;

test('a new condition is added, with whole seconds', () => {
  assert.deepEqual(setCondition([], ready, { generation: 3, now: t0 }), [
    { ...ready, observedGeneration: 3, lastTransitionTime: '2026-01-01T00:00:00Z' },
  ]);
});

test('lastTransitionTime moves with the status only', () => {
  const first = setCondition([], ready, { generation: 1, now: t0 });
  const [reworded] = setCondition(first, { ...ready, message: 'n2 is changing' }, { generation: 2, now: t1 });
  assert.equal(reworded?.lastTransitionTime, '2026-01-01T00:00:00Z');
  assert.equal(reworded.message, 'n2 is changing');
  assert.equal(reworded.observedGeneration, 2);
  const [changed] = setCondition(first, { ...ready, status: 'True' }, { generation: 1, now: t1 });
  assert.equal(changed?.lastTransitionTime, '2026-01-01T00:01:00Z');
});

test('nothing new: the same array, so that nothing is written', () => {
  const first = setCondition([], ready, { generation: 1, now: t0 });
  assert.equal(setCondition(first, ready, { generation: 1, now: t1 }), first);
  assert.notEqual(setCondition(first, ready, { generation: 2, now: t1 }), first);
});

test('other conditions keep their places', () => {
  const other: Condition = { ...ready, type: 'Degraded', lastTransitionTime: '2025-01-01T00:00:00Z' };
  const list = setCondition([other, ...setCondition([], ready, { generation: 1, now: t0 })], ready, {
    generation: 2,
    now: t1,
  });
  assert.deepEqual(
    list.map(({ type }) => type),
    ['Degraded', 'Ready'],
  );
  assert.equal(list[0], other);
});

test('a message is cut to what the API server takes', () => {
  const [long] = setCondition([], { ...ready, message: 'x'.repeat(5000) }, { generation: 1, now: t0 });
  assert.equal(long?.message.length, longestMessage);
});

test('a condition of another generation counts for nothing', () => {
  const conditions = setCondition([], { ...ready, status: 'True' }, { generation: 1, now: t0 });
  const object = { metadata: { generation: 2 }, status: { conditions } };
  assert.equal(currentCondition(object, 'Ready'), undefined);
  assert.equal(isTrue(object, 'Ready'), false);
  assert.equal(conditionIs(object, 'Ready', 'Unknown'), true);
  assert.equal(isTrue({ ...object, metadata: { generation: 1 } }, 'Ready'), true);
  assert.equal(conditionIs({ metadata: { generation: 1 } }, 'Ready', 'Unknown'), true);
});
