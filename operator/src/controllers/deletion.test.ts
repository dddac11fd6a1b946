import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plan } from '../rollout/engine.ts';
import type { NodeFacts } from '../rollout/facts.ts';
import { CLUSTER, node, parked } from '../rollout/testing.ts';
import { deletionDeadline, deletionState } from './deletion.ts';

function state(nodes: readonly NodeFacts[], nowMs: number) {
  const clock = { nowMs: 0, since: new Map(), drainTimeoutMs: 0 };
  const { verdicts } = plan(nodes, { ...CLUSTER, onFailure: 'Continue' }, clock);
  const { mayTearDown, givenUp } = deletionState(verdicts, 1000, nowMs);
  return [mayTearDown, givenUp.map((v) => v.node.name)];
}

const back = node('a', { wanted: 'Standard' });
const away = parked('b', { wanted: 'Standard', reachable: false });

test('nothing is torn down before every node is back, or the time is up', () => {
  assert.deepEqual(state([back], 0), [true, []]);
  assert.deepEqual(state([back, away], 999), [false, []]);
  assert.deepEqual(state([back, away], 1000), [true, ['b']]);
  assert.deepEqual(state([node('c', { wanted: 'Standard', parked: true })], 0), [false, []]);
});

test('the deadline is counted from the deletion', () => {
  assert.equal(deletionDeadline('1970-01-01T00:00:01Z', '10m'), 601_000);
});
