import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLabError } from './errors.ts';
import { resolveOptions, zoneOf, type LabOptions } from './options.ts';

test('nothing chosen is three bare nodes in three zones with kube-proxy', () => {
  const options = resolveOptions({});
  assert.deepEqual(
    [options.nodes, options.cni, options.kubeProxy, options.families],
    [3, 'none', 'iptables', 'IPv4'],
  );
  assert.deepEqual(
    [1, 2, 3, 4].map((i) => zoneOf(options, i)),
    ['zone-a', 'zone-b', 'zone-c', 'zone-a'],
  );
});

const refused: [keyof LabOptions, unknown][] = [
  ['name', 'Margay'],
  ['name', 'tenletters'],
  ['name', '../etc'],
  ['name', ''],
  ['nodes', 0],
  ['nodes', NaN],
  ['nodes', 101],
  ['zones', []],
  ['families', 'IPv6'],
  ['kubeProxy', 'ipvs'],
  ['cni', 'calico'],
  ['apiServers', 3],
  ['mtu', 576],
  ['mtu', NaN],
];

for (const [field, value] of refused) {
  test(`${field} ${JSON.stringify(value)} is refused`, () => {
    assert.throws(
      () => resolveOptions({ [field]: value }),
      (error: unknown) =>
        isLabError(error, 'BadOption') && error.message.includes('write') === (field !== 'zones'),
    );
  });
}
