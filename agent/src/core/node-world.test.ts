import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodePortAddresses } from './node-world.ts';

const addresses = ['10.0.0.5', '192.0.2.5', 'fd00::5', '2001:db8::5'].map((address) => ({
  address,
  prefix: address.includes(':') ? 64 : 24,
  ifindex: 2,
}));

const rows: readonly (readonly [of: string, networks: readonly string[], expected: object])[] = [
  ['none named: every address of both families', [], {}],
  ['one family named: the other is not restricted', ['10.0.0.0/8'], { 4: ['10.0.0.5'] }],
  ['both named', ['10.0.0.0/8', '2001:db8::/32'], { 4: ['10.0.0.5'], 6: ['2001:db8::5'] }],
  ['a network in which the node has no address', ['198.51.100.0/24'], { 4: [] }],
];

for (const [of, networks, expected] of rows) {
  test(`F2: nodePortAddresses: ${of}`, () => {
    assert.deepEqual(nodePortAddresses(networks, addresses), expected);
  });
}
