import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { agentConfigOf } from '@margay/crds/agent-config';
import { effectiveSpec } from '@margay/crds/defaults';
import { KubeError } from '@margay/lib/errors';
import type { KubeClient } from '@margay/lib/kube-client';
import type { Logger } from '@margay/lib/log';
import type { Order } from '../node-mode/facts.ts';
import { OrderKeeper } from './order-keeper.ts';
import { OrderStore } from './order-store.ts';

const findings = { operatorVersion: 'test', operatorImage: { registry: '', path: '' } };
const config = agentConfigOf(effectiveSpec({ network: { cni: 'None' } }, findings));
const order: Order = { generation: 1, mode: 'BPF', configName: 'margay-config-a' };

let dir = '';
let warnings: string[] = [];
let maps: Record<string, string> = {};
let peers: string[] = [];
let down = false;
const log = {
  warn: (message: string) => void warnings.push(message),
  info: () => undefined,
} as unknown as Logger;
const client = {
  get: (_: unknown, { name }: { name: string }) => {
    const text = maps[name];
    if (down)
      return Promise.reject(
        new KubeError('etcdserver: timeout', { code: 'Server', status: 500, request: 'GET' }),
      );
    if (text === undefined) {
      return Promise.reject(
        new KubeError(`${name} not found`, { code: 'NotFound', status: 404, request: 'GET' }),
      );
    }
    return Promise.resolve({ data: { 'config.json': text } });
  },
  list: () =>
    Promise.resolve({ items: peers.map((name) => ({ spec: { mode: 'BPF', configRef: { name } } })) }),
} as unknown as KubeClient;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'margay-order-'));
});
after(() => rm(dir, { recursive: true }));
beforeEach(() => {
  warnings = [];
  peers = [];
  down = false;
  maps = { 'margay-config-a': JSON.stringify(config) };
});

function keeper(): OrderKeeper {
  return new OrderKeeper({
    client,
    namespace: 'margay-system',
    store: new OrderStore(dir),
    log,
    onChange: () => undefined,
  });
}

/** Waits until the condition holds, for at most five seconds. */
async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (await condition()) return;
    await sleep(10);
  }
  assert.fail(`gave up waiting until ${what}`);
}

const kept = (text: string) => (): Promise<boolean> =>
  readFile(join(dir, 'order.json'), 'utf8').then(
    (file) => file.includes(text),
    () => false,
  );

test('R2: an order and its configuration outlive the process, also while the object is missing', async (t) => {
  const first = keeper();
  t.after(() => first.close());
  first.set(order);
  assert.deepEqual(first.facts(), { state: 'Loading' });
  await until('it is read', () => first.facts().state === 'Ready');
  await until('it is on disk', kept('margay-config-a'));

  const second = keeper();
  await second.restore();
  second.set(undefined);
  assert.deepEqual(second.order, order);
  assert.deepEqual(second.facts(), {
    state: 'Ready',
    name: 'margay-config-a',
    kubeProxyManaged: true,
    removeLeftovers: true,
  });
  assert.equal(second.drainTimeoutMs, config.bpf.drainTimeoutMs);
});

test('R2: an order that is taken back before its configuration was read leaves what is in use in use', async (t) => {
  const one = keeper();
  t.after(() => one.close());
  one.set(order);
  await until('it is read', () => one.facts().state === 'Ready');
  maps['margay-config-b'] = JSON.stringify(config);
  one.set({ ...order, generation: 2, configName: 'margay-config-b' });
  one.set({ ...order, generation: 3 });
  await sleep(50);
  const facts = one.facts();
  assert.deepEqual('name' in facts ? facts.name : facts, 'margay-config-a');
});

test('O4: a drain keeps its time while another configuration cannot be read', async (t) => {
  const one = keeper();
  t.after(() => one.close());
  assert.equal(one.drainTimeoutMs, 600_000);
  one.set(order);
  await until('it is read', () => one.facts().state === 'Ready');
  one.set({ ...order, generation: 2, configName: 'margay-config-nowhere' });
  assert.equal(one.facts().state, 'Loading');
  assert.equal(one.drainTimeoutMs, config.bpf.drainTimeoutMs);
});

test('a damaged file is no order', async () => {
  await writeFile(join(dir, 'order.json'), '{"order": {"mode": "Sideways"}}');
  const one = keeper();
  await one.restore();
  assert.equal(one.order, undefined);
});

test('a configuration that cannot be used is named, and the last good one stays in use', async (t) => {
  const one = keeper();
  t.after(() => one.close());
  one.set(order);
  await until('it is read', () => one.facts().state === 'Ready');
  maps['margay-config-b'] = '{"formatVersion": 1}';
  one.set({ ...order, generation: 2, configName: 'margay-config-b' });
  await until('the other is judged', () => one.facts().state !== 'Loading');
  const facts = one.facts();
  assert.equal(facts.state, 'Unusable');
  assert.match(
    'message' in facts ? facts.message : '',
    /margay-system\/margay-config-b: the agent configuration is not usable/,
  );
  assert.equal(warnings.length, 1);
  assert.deepEqual(one.config, config);
});

test('a configuration that nobody hands out at the moment is waited for, and the last good one stays in use', async (t) => {
  const one = keeper();
  t.after(() => one.close());
  one.set(order);
  await until('it is read', () => one.facts().state === 'Ready');
  maps['margay-config-b'] = JSON.stringify({ ...config, excludeCIDRsFromNAT: ['192.0.2.0/24'] });
  down = true;
  one.set({ ...order, generation: 2, configName: 'margay-config-b' });
  await until('the reading has failed', () => warnings.length > 0);
  assert.deepEqual(one.facts(), { state: 'Loading' });
  assert.deepEqual(one.config, config);
  down = false;
  await until('it is read', () => one.facts().state === 'Ready');
  assert.deepEqual(one.config.excludeCIDRsFromNAT, ['192.0.2.0/24']);
});

test('a configuration that is not there yet is waited for', async (t) => {
  const one = keeper();
  t.after(() => one.close());
  one.set({ ...order, configName: 'margay-config-c' });
  await sleep(50);
  assert.deepEqual(one.facts(), { state: 'Loading' });
  maps['margay-config-c'] = JSON.stringify(config);
  await until('it is read', () => one.facts().state === 'Ready');
  await until('it is on disk', kept('margay-config-c'));
});

test('without any order the configuration of most other nodes holds, and is no order', async (t) => {
  await rm(join(dir, 'order.json'), { force: true });
  maps['margay-config-b'] = JSON.stringify({ ...config, excludeCIDRsFromNAT: ['192.0.2.0/24'] });
  peers = ['margay-config-a', 'margay-config-b', 'margay-config-b'];
  const one = keeper();
  t.after(() => one.close());
  one.borrow();
  await until('there is a configuration', () => one.config !== undefined);
  assert.deepEqual(one.config?.excludeCIDRsFromNAT, ['192.0.2.0/24']);
  assert.equal(one.order, undefined);
  assert.equal(one.facts().state, 'Loading');
  await assert.rejects(readFile(join(dir, 'order.json')), 'nothing is kept');

  one.set(order);
  await until('it is read', () => one.facts().state === 'Ready');
  assert.deepEqual(one.config.excludeCIDRsFromNAT, []);
});

test('a cluster without any order has nothing to borrow', async (t) => {
  await rm(join(dir, 'order.json'), { force: true });
  const one = keeper();
  t.after(() => one.close());
  one.borrow();
  await sleep(50);
  assert.equal(one.config, undefined);
  assert.deepEqual(warnings, []);
});
