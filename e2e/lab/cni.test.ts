import assert from 'node:assert/strict';
import { test } from 'node:test';
import { masqueradeRules, nodePodCidrs, ptpConfig, routesTo } from './cni.ts';
import { run } from './process.ts';

const CLUSTER = ['10.244.0.0/16', 'fd00:10:244::/56'];

test("each node has its own pod ranges inside the cluster's", () => {
  assert.deepEqual(nodePodCidrs(CLUSTER, 1), ['10.244.1.0/24', 'fd00:10:244:1::/64']);
  assert.deepEqual(nodePodCidrs(CLUSTER, 100), ['10.244.100.0/24', 'fd00:10:244:64::/64']);
  const all = Array.from({ length: 100 }, (_, i) => nodePodCidrs(CLUSTER, i + 1)).flat();
  assert.equal(new Set(all).size, 200);
});

test('routes go by way of the other node, family by family', () => {
  const via = { v4: '10.240.0.12', v6: 'fd00:10:240:0::12' };
  assert.deepEqual(routesTo(nodePodCidrs(CLUSTER, 2), via).split('\n'), [
    'ip route replace 10.244.2.0/24 via 10.240.0.12',
    'ip route replace fd00:10:244:2::/64 via fd00:10:240:0::12',
  ]);
});

test('the CNI configuration names one range set a family and does not masquerade', () => {
  const config = JSON.parse(ptpConfig(nodePodCidrs(CLUSTER, 1), 1500)) as {
    plugins: { type: string; ipMasq?: boolean; ipam?: { ranges: { subnet: string }[][] } }[];
  };
  assert.deepEqual(
    config.plugins.map((p) => p.type),
    ['ptp', 'portmap'],
  );
  assert.equal(config.plugins[0]?.ipMasq, false);
  assert.deepEqual(config.plugins[0].ipam?.ranges, [
    [{ subnet: '10.244.1.0/24' }],
    [{ subnet: 'fd00:10:244:1::/64' }],
  ]);
});

test('nft accepts the masquerade rules', async () => {
  // `--check` needs a namespace it may look into, and changes nothing.
  await run('unshare', ['--net', 'nft', '--check', '-f', '-'], { input: masqueradeRules(CLUSTER) });
});
