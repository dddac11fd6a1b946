import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { planAddresses } from '../address-plan.ts';
import { containerdConfig, kubeletArguments, kubeletConfig, PAUSE_IMAGE, REGISTRIES } from './config.ts';

test('the kubelet never collects an image and asks kube-dns', () => {
  const config = parse(kubeletConfig(planAddresses('10.240.0.0/24', 'IPv4', 1))) as Record<string, unknown>;
  assert.equal(config['imageGCHighThresholdPercent'], 100);
  assert.deepEqual(config['clusterDNS'], ['10.96.0.10']);
  assert.equal(config['failCgroupV1'], false);
});

test('containerd knows the pause image and never lowers an OOM score', () => {
  const config = containerdConfig();
  assert.match(config, /^version = 3$/m);
  assert.match(config, /^restrict_oom_score_adj = true$/m);
  assert.ok(config.includes(`sandbox = '${PAUSE_IMAGE}'`));
});

test('containerd looks for registries in one folder', () => {
  assert.ok(containerdConfig().includes(`images'.registry]\nconfig_path = '${REGISTRIES}'`));
  assert.ok(!REGISTRIES.includes(':'));
});

test('a dual-stack node tells both addresses', () => {
  assert.ok(kubeletArguments('n1', '10.240.0.11,fd00::11').includes('--node-ip=10.240.0.11,fd00::11'));
});
