import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Family } from './ip.ts';
import type { ServiceRecord } from './records.ts';
import { UnsupportedTracker } from './unsupported-tracker.ts';

function service(key: string, clusterIPs: readonly string[], protocol = 6): ServiceRecord {
  return {
    key,
    created: 1,
    clusterIPs,
    externalIPs: [],
    loadBalancerIPs: [],
    ports: [{ name: '', protocol, port: 80, nodePort: 0 }],
    traits: {},
    problems: [],
  };
}

const all = [
  service('default/both', ['10.96.0.1', 'fd00:10:96::1']),
  service('default/four', ['10.96.0.2']),
  service('default/six', ['fd00:10:96::3']),
].map((record) => [record.key, record] as const);

const rows: readonly (readonly [families: readonly Family[], left: readonly string[]])[] = [
  [[4, 6], []],
  [[4], ['default/both', 'default/six']],
  [[6], ['default/both', 'default/four']],
];

for (const [families, left] of rows) {
  test(`F2: a node with IPv${families.join(' and IPv')} leaves to kube-proxy: ${left.join(', ') || 'nothing'}`, () => {
    const tracker = new UnsupportedTracker();
    for (const [key, record] of all) tracker.setService(key, record);
    tracker.setFamilies(families, all);
    assert.deepEqual(
      tracker.list().first.map(({ name }) => name),
      left,
    );
    assert.equal(tracker.setFamilies(families, all), false, 'nothing changed');
  });
}

test('F2: what a node lacks is said, and is no longer when it has it', () => {
  const tracker = new UnsupportedTracker();
  tracker.setFamilies([4], []);
  for (const [key, record] of all) tracker.setService(key, record);
  assert.equal(
    tracker.list().first[0]?.why,
    'the IPv6 address fd00:10:96::1, on a node without a pod CIDR and an InternalIP of IPv6',
  );
  assert.equal(tracker.setFamilies([4, 6], all), true);
  assert.equal(tracker.list().count, 0);
});

test('what no family serves stays named whatever the node has', () => {
  const tracker = new UnsupportedTracker();
  tracker.setService('default/sctp', service('default/sctp', ['fd00:10:96::4'], 132));
  tracker.setFamilies([6], []);
  assert.deepEqual(tracker.list().first, [{ name: 'default/sctp', why: 'an SCTP port' }]);
});
