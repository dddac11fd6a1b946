import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joined, kubernetesServiceAddress, nodeAddress, planAddresses } from './address-plan.ts';
import { isLabError } from './errors.ts';

test('an IPv4 lab has no IPv6 anywhere', () => {
  const plan = planAddresses('10.240.0.0/24', 'IPv4', 1);
  assert.equal(JSON.stringify(plan).includes('::'), false);
  assert.deepEqual(plan.servers, [{ v4: '10.240.0.2' }]);
  assert.deepEqual(plan.controlPlane, { v4: '10.240.0.2' });
});

test('two API servers stand behind an address of their own', () => {
  const plan = planAddresses('10.241.7.0/24', 'dual', 2);
  assert.deepEqual(
    plan.servers.map((s) => s.v4),
    ['10.241.7.2', '10.241.7.3'],
  );
  assert.deepEqual(plan.controlPlane, { v4: '10.241.7.4', v6: 'fd00:10:241:7::4' });
  assert.equal(plan.podCidrs.length, 2);
});

test('no two parties share an address, with the most nodes', () => {
  const plan = planAddresses('10.240.0.0/24', 'dual', 2);
  const nodes = Array.from({ length: 100 }, (_, i) => nodeAddress('10.240.0.0/24', 'dual', i + 1));
  const all = [plan.host, ...plan.servers, plan.controlPlane, plan.outside, ...nodes].map(joined);
  assert.equal(new Set(all).size, all.length);
});

test('the first address of a Service range, in both families', () => {
  assert.deepEqual(['10.96.0.0/16', 'fd00:10:96::/112'].map(kubernetesServiceAddress), [
    '10.96.0.1',
    'fd00:10:96::1',
  ]);
});

for (const subnet of ['10.240.0.0/16', '10.240.0.1/24', '10.240.256.0/24', 'fd00::/64', '']) {
  test(`subnet "${subnet}" is refused with an example`, () => {
    assert.throws(
      () => planAddresses(subnet, 'IPv4', 1),
      (error: unknown) => isLabError(error, 'BadOption') && error.message.includes('10.240.0.0/24'),
    );
  });
}

test('node numbers outside 1 to 100 are refused', () => {
  for (const index of [0, 101, 1.5]) assert.throws(() => nodeAddress('10.240.0.0/24', 'IPv4', index));
});
