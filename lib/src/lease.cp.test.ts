/** Two replicas in processes of their own, which end in every way that a process can. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type ControlPlane, startControlPlane } from '@margay/e2e/lab/control-plane';
import type { KubeClient } from './kube-client.ts';
import { clientFromKubeConfig } from './kube-config.ts';
import { ListWatch } from './list-watch.ts';
import type { KubeObject } from './objects.ts';
import { configMaps, leases } from './resources.ts';
import { MemoryLog } from './testing/memory-log.ts';
import { until } from './testing/until.ts';

let controlPlane: ControlPlane;
let client: KubeClient;
let writers: string[];
let stopWatch: AbortController;
let watching: Promise<void>;
let replicas: Replica[];

class Replica {
  readonly process: ChildProcess;
  said = '';
  ended = false;

  constructor(identity: string) {
    const script = join(import.meta.dirname, 'testing/lease-holder.ts');
    const args = ['--import', 'tsx', script, controlPlane.kubeconfig, identity];
    this.process = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.process.stdout?.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
    this.process.once('exit', () => (this.ended = true));
    replicas.push(this);
  }

  get leads(): boolean {
    return this.said.includes('leading');
  }
}

before(async () => {
  controlPlane = await startControlPlane({ controllerManager: false });
  client = clientFromKubeConfig('lease-test', controlPlane.kubeconfig);
});

after(async () => {
  client.close();
  await controlPlane.stop();
});

beforeEach(async () => {
  writers = [];
  replicas = [];
  stopWatch = new AbortController();
  const note = (_key: string, writer: string): void => {
    if (writers.at(-1) !== writer) writers.push(writer);
  };
  const watch = new ListWatch<string>({
    client,
    resource: configMaps,
    namespace: 'default',
    fieldSelector: 'metadata.name=written',
    decode: (object) => (object as KubeObject & { data?: Record<string, string> }).data?.['writer'],
    handler: { onUpsert: note, onDelete: () => undefined },
    log: new MemoryLog(),
  });
  watching = watch.run(stopWatch.signal);
  await watch.synced;
});

afterEach(async () => {
  for (const replica of replicas) replica.process.kill('SIGKILL');
  await until(() => replicas.every((replica) => replica.ended));
  stopWatch.abort();
  await watching;
  await client.delete(configMaps, { namespace: 'default', name: 'written' });
  await client.delete(leases, { namespace: 'default', name: 'election' });
});

/** One leads and writes; the other has had time to try, and does not. */
async function leaderAndFollower(): Promise<[Replica, Replica]> {
  const leader = new Replica('a');
  await until(() => leader.leads && writers.length === 1, 20_000);
  const follower = new Replica('b');
  await wait(2500);
  assert.equal(follower.leads, false);
  return [leader, follower];
}

test('O10: a leader that ends in order is followed before its lease runs out', async () => {
  const [leader, follower] = await leaderAndFollower();
  const startedAt = performance.now();
  leader.process.kill('SIGTERM');
  await until(() => follower.leads, 2500);
  assert.ok(performance.now() - startedAt < 2500);
  assert.match(leader.said, /^leading\nlost\nended\n$/);
  await until(() => writers.length === 2);
  assert.deepEqual(writers, ['a', 'b']);
});

test('O10: a leader that is killed is followed when its lease has run out', async () => {
  const [leader, follower] = await leaderAndFollower();
  const startedAt = performance.now();
  leader.process.kill('SIGKILL');
  await until(() => follower.leads, 10_000);
  assert.ok(performance.now() - startedAt > 2000, 'not before');
  await until(() => writers.length === 2);
  assert.deepEqual(writers, ['a', 'b']);
});

test('O10: a leader that stood still writes nothing when it wakes up', async () => {
  const [leader, follower] = await leaderAndFollower();
  leader.process.kill('SIGUSR2');
  await until(() => follower.leads && writers.at(-1) === 'b', 10_000);
  leader.process.kill('SIGCONT');
  await until(() => leader.said.includes('lost'));
  await wait(1000);
  assert.deepEqual(writers, ['a', 'b']);
});

test('O10: a leader that cannot reach the API server stops within its deadline', async () => {
  const leader = new Replica('a');
  await until(() => leader.leads && writers.length === 1, 20_000);
  await controlPlane.cutServer(0, true);
  try {
    await until(() => leader.said.includes('lost'), 2500);
  } finally {
    await controlPlane.cutServer(0, false);
  }
});
