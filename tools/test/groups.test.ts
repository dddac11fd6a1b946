import assert from 'node:assert/strict';
import { test } from 'node:test';

import { groupOf, runs } from './groups.ts';

const cases = [
  ['lib/src/list-watch.test.ts', 'unit'],
  ['lib/src/list-watch.cp.test.ts', 'control-plane'],
  ['bpf/test/from-pod.test.ts', 'bpf'],
  ['addon/test/map.test.ts', 'bpf'],
  ['agent/test/dataplane.test.ts', 'bpf'],
  ['agent/src/cni/server.test.ts', 'unit'],
  ['e2e/scenarios/switch.scenario.ts', 'cluster'],
  ['e2e/lab/address-plan.test.ts', 'unit'],
  ['e2e/lab/main.ts', undefined],
] as const;

for (const [path, group] of cases) {
  test(`${path} belongs to ${group ?? 'no tier'}`, () => {
    assert.equal(groupOf(path), group);
  });
}

test("the addon's kernel tests run once more under the sanitizers, and nothing else does", () => {
  assert.ok(runs('bpf', 'addon/test/maps.test.ts') && runs('sanitized', 'addon/test/maps.test.ts'));
  assert.ok(!runs('sanitized', 'bpf/test/rig.test.ts'));
  assert.ok(!runs('sanitized', 'addon/test/maps.ts'));
});
