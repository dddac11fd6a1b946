import assert from 'node:assert/strict';
import { test } from 'node:test';
import { familiesOf, nodeAddresses, type ByFamily } from './node-families.ts';

const [v4, v6] = ['192.0.2.1', 'fd00::1'];
const [pods4, pods6] = ['10.244.1.0/24', 'fd00:10:244:1::/64'];

interface Row {
  readonly of: string;
  readonly podCidrs: readonly string[];
  readonly internalIPs: readonly string[];
  readonly podNetworks?: readonly string[];
  readonly expected: ByFamily<string>;
}

const rows: readonly Row[] = [
  { of: 'IPv4 only', podCidrs: [pods4], internalIPs: [v4], expected: { 4: v4 } },
  { of: 'IPv6 only', podCidrs: [pods6], internalIPs: [v6], expected: { 6: v6 } },
  { of: 'dual stack', podCidrs: [pods4, pods6], internalIPs: [v4, v6], expected: { 4: v4, 6: v6 } },
  {
    of: 'dual stack, IPv6 first',
    podCidrs: [pods6, pods4],
    internalIPs: [v6, v4],
    expected: { 4: v4, 6: v6 },
  },
  { of: 'IPv4 pods on a node of both', podCidrs: [pods4], internalIPs: [v4, v6], expected: { 4: v4 } },
  { of: 'pods of both on a node of IPv4', podCidrs: [pods4, pods6], internalIPs: [v4], expected: { 4: v4 } },
  {
    of: 'a CNI that tells nobody its networks',
    podCidrs: [],
    internalIPs: [v4, v6],
    expected: { 4: v4, 6: v6 },
  },
  {
    of: 'pod networks that only the configuration names',
    podCidrs: [pods4],
    podNetworks: [pods6],
    internalIPs: [v4, v6],
    expected: { 4: v4, 6: v6 },
  },
  {
    of: 'the first address of a family',
    podCidrs: [pods4],
    internalIPs: [v4, '192.0.2.2'],
    expected: { 4: v4 },
  },
  { of: 'a Node without addresses', podCidrs: [pods4], internalIPs: [], expected: {} },
];

for (const { of, expected, podNetworks, ...node } of rows) {
  test(`F2: families of a node: ${of}`, () => {
    const addresses = nodeAddresses(node, podNetworks);
    assert.deepEqual(addresses, expected);
    assert.deepEqual(familiesOf(addresses).map(String), Object.keys(expected));
  });
}

test('F2: families of a node that is not known yet', () => {
  assert.deepEqual(nodeAddresses(undefined), {});
});
