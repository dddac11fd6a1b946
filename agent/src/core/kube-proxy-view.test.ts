import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Logger } from '@margay/lib/log';
import type { PodRecord } from '../calc/records.ts';
import type { Fabric, KubeProxyProgrammed } from '../ports.ts';
import { KubeProxyView } from './kube-proxy-view.ts';

const pod = (started: number): PodRecord => ({
  key: 'kube-system/kp',
  hostPorts: [],
  daemonSet: 'kube-system/kube-proxy',
  started,
});
const node = {
  name: 'n1',
  created: 0,
  podCidrs: [],
  internalIPs: [],
  externalIPs: [],
  zone: '',
  leaving: false,
  problems: [],
};

let calls: string[] = [];
let answer: () => Promise<KubeProxyProgrammed>;
let clock = 0;
let handoverDone = false;
let view: KubeProxyView;

const fabric = {
  installHandover: () => Promise.resolve(void calls.push('handover')),
  finishHandover: () => {
    calls.push('finish');
    return Promise.resolve(handoverDone);
  },
} as unknown as Fabric;

beforeEach(() => {
  calls = [];
  clock = 0;
  handoverDone = false;
  answer = () => Promise.resolve({ ok: true, mode: 'iptables', missing: [], missingCount: 0 });
  const probe = {
    programmed: (_: unknown, podStart: number) => {
      calls.push(`probe ${podStart}`);
      return answer();
    },
  };
  const leftovers = {
    remove: () => {
      calls.push('remove');
      return Promise.resolve({ removedChains: 3, removedTables: [], kept: ['nat/KUBE-X <- CUSTOM'] });
    },
  };
  const log = { info: () => undefined } as unknown as Logger;
  view = new KubeProxyView({ probe, leftovers, fabric, log, now: () => clock });
  view.setDaemonSet('kube-system/kube-proxy');
});

test('its pod is the one of the DaemonSet that the settings name', () => {
  view.setPod('other/x', { ...pod(1), daemonSet: 'other/x' });
  assert.equal(view.facts().pod, false);
  view.setPod('kube-system/kp', pod(1));
  assert.equal(view.facts().pod, true);
  view.setPod('kube-system/kp', undefined);
  assert.equal(view.facts().pod, false);
});

test('rules count for the pod that was looked at, for the order that was in force, and with their age', async () => {
  view.setPod('kube-system/kp', pod(9000));
  await view.look([]);
  clock = 700;
  assert.deepEqual(calls, ['probe 9']);
  assert.equal(view.facts().rules?.age, 700);
  view.setPod('kube-system/kp', pod(12_000));
  assert.equal(view.facts().rules, undefined, 'another start');
  await view.look([]);
  view.newOrder();
  assert.equal(view.facts().rules, undefined, 'another order');
});

test('a pod that does not run yet has programmed nothing, whatever rules are there', async () => {
  view.setPod('kube-system/kp', pod(0));
  await view.look([]);
  assert.deepEqual(calls, []);
  assert.equal(view.facts().rules?.ok, false);
});

test('a failed look is evidence of nothing, and says why', async () => {
  answer = () => Promise.reject(new Error('iptables-save: not found'));
  view.setPod('kube-system/kp', pod(1));
  await view.look([]);
  assert.deepEqual(view.facts().rules, {
    at: 0,
    ok: false,
    missing: [],
    missingCount: 0,
    error: 'iptables-save: not found',
    age: 0,
  });
});

test('the handover table is there before the leftovers go, and is dropped when nobody needs it', async () => {
  view.setNode({ ...node, kubeProxyParked: true });
  await view.removeLeftovers();
  assert.deepEqual(calls, ['handover', 'remove']);
  assert.equal(view.facts().leftoversRemoved, true);
  assert.deepEqual(view.kept, ['nat/KUBE-X <- CUSTOM']);
  await view.finishHandover();
  handoverDone = true;
  await view.finishHandover();
  await view.finishHandover();
  assert.deepEqual(calls.slice(2), ['finish', 'finish']);
});

test('a kube-proxy that comes back makes leftovers again', async () => {
  await view.removeLeftovers();
  view.setPod('kube-system/kp', pod(1));
  view.setPod('kube-system/kp', undefined);
  assert.equal(view.facts().leftoversRemoved, false);
});
