/** The library against real API servers: two of them, over one etcd. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type ControlPlane, startControlPlane } from '@margay/e2e/lab/control-plane';
import { apply, isTestFailed, jsonPatch } from './apply.ts';
import { parseEndpoint } from './endpoint.ts';
import { EndpointSet } from './endpoints.ts';
import { isAlreadyExists, isConflict, isInvalid, isNotFound, KubeError } from './errors.ts';
import { EventRecorder } from './events.ts';
import { KubeClient } from './kube-client.ts';
import { clientFromKubeConfig, credentialsFromKubeConfig } from './kube-config.ts';
import { ListWatch, type ListWatchOptions } from './list-watch.ts';
import type { KubeObject } from './objects.ts';
import { configMaps, events, leases, namespaces, nodes } from './resources.ts';
import { MemoryLog } from './testing/memory-log.ts';
import { until } from './testing/until.ts';

let controlPlane: ControlPlane;
let client: KubeClient;

before(async () => {
  controlPlane = await startControlPlane({ apiServers: 2, controllerManager: false });
  client = clientFromKubeConfig('lib-test/1', controlPlane.kubeconfig);
});

after(async () => {
  client.close();
  await controlPlane.stop();
});

interface TestMap extends KubeObject {
  data?: Record<string, string>;
}

function configMap(
  name: string,
  data: Record<string, string>,
): TestMap & { apiVersion: string; kind: string; metadata: { namespace: string; name: string } } {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name }, data };
}

/** A client of both servers. */
function clientOfBoth(): KubeClient {
  const endpoints = new EndpointSet(controlPlane.endpoints.map((text) => parseEndpoint(text)));
  const credentials = credentialsFromKubeConfig(controlPlane.kubeconfig);
  return new KubeClient({ endpoints, credentials, userAgent: 'lib-test/2' });
}

interface Following {
  readonly watch: ListWatch<string>;
  readonly heard: string[];
  stop(): Promise<void>;
}

function follow(over: KubeClient, more: Partial<ListWatchOptions<string>> = {}): Following {
  const heard: string[] = [];
  const stop = new AbortController();
  const watch = new ListWatch<string>({
    client: over,
    resource: configMaps,
    namespace: 'default',
    labelSelector: 'watched=yes',
    decode: (object) => (object as TestMap).data?.['value'],
    handler: {
      onUpsert: (key, value) => void heard.push(`${key}=${value}`),
      onDelete: (key) => void heard.push(`-${key}`),
      onSynced: () => void heard.push('synced'),
    },
    log: new MemoryLog(),
    ...more,
  });
  const running = watch.run(stop.signal);
  return {
    watch,
    heard,
    stop: () => {
      stop.abort();
      return running;
    },
  };
}

function watched(
  name: string,
  value: string,
): TestMap & { apiVersion: string; kind: string; metadata: { namespace: string; name: string } } {
  const object = configMap(name, { value });
  return {
    ...object,
    metadata: { ...object.metadata, labels: { watched: 'yes' } } as typeof object.metadata,
  };
}

test('errors are what they are called', async () => {
  const ref = { namespace: 'default', name: 'no-such' };
  await assert.rejects(client.get(configMaps, ref), isNotFound);
  await client.create(configMaps, configMap('one', {}));
  await assert.rejects(
    client.create(configMaps, configMap('one', {})),
    (error: unknown) => isAlreadyExists(error) && !isConflict(error),
  );
  const stale = configMap('one', {});
  Object.assign(stale.metadata, { resourceVersion: '1' });
  await assert.rejects(client.replace(configMaps, stale), isConflict);
  await assert.rejects(client.create(configMaps, configMap('Not_A_Name', {})), (error: unknown) => {
    assert.ok(isInvalid(error) && error instanceof KubeError);
    assert.equal(error.causes[0]?.field, 'metadata.name');
    return !isTestFailed(error);
  });
});

test('server-side apply: a field of another manager is a conflict that names both, and can be forced', async () => {
  const options = { fieldManager: 'us' };
  await apply(client, configMaps, configMap('ssa', { a: '1', b: '1' }), options);
  await assert.rejects(
    apply(client, configMaps, configMap('ssa', { a: '2' }), { fieldManager: 'them' }),
    (error: unknown) => {
      assert.ok(isConflict(error) && error instanceof KubeError);
      assert.equal(error.causes[0]?.field, '.data.a');
      return /"us"/.test(error.causes[0].message ?? '');
    },
  );
  await apply(client, configMaps, configMap('ssa', { a: '2' }), { fieldManager: 'them', force: true });
  const left = await apply<TestMap>(client, configMaps, configMap('ssa', {}), options);
  assert.deepEqual(left.data, { a: '2' }, 'what we no longer apply is gone, what is theirs is not');
});

test('JSON patch: all or nothing, and a test that fails is told from an object that breaks its schema', async () => {
  await client.create(configMaps, configMap('patched', { a: '1' }));
  const ref = { namespace: 'default', name: 'patched' };
  const patch = (seen: string, key: string): Promise<TestMap> =>
    jsonPatch<TestMap>(client, configMaps, ref, {
      fieldManager: 'us',
      operations: [
        { op: 'add', path: `/data/${key}`, value: 'x' },
        { op: 'test', path: '/data/a', value: seen },
        { op: 'replace', path: '/data/a', value: '2' },
      ],
    });
  await assert.rejects(patch('other', 'k'), isTestFailed);
  await assert.rejects(patch('1', 'bad key'), (error: unknown) => isInvalid(error) && !isTestFailed(error));
  assert.deepEqual((await patch('1', 'k')).data, { a: '2', k: 'x' });
});

for (const [how, more] of [
  ['streamed', {}],
  ['paged', { streamedLists: false, tuning: { pageSize: 3 } }],
] as const) {
  test(`${how} list, changes, and objects that leave the selection`, async () => {
    const names = ['w1', 'w2', 'w3', 'w4', 'w5', 'w6', 'w7'].map((name) => `${how}-${name}`);
    for (const name of names) await client.create(configMaps, watched(name, 'a'));
    const { watch, heard, stop } = follow(client, more);
    await watch.synced;
    assert.deepEqual([...heard].sort(), [...names.map((name) => `default/${name}=a`), 'synced'].sort());
    const [first, second, ...others] = names as [string, string, ...string[]];
    await apply(client, configMaps, watched(first, 'b'), { fieldManager: 'us', force: true });
    await client.delete(configMaps, { namespace: 'default', name: second });
    await jsonPatch(
      client,
      configMaps,
      { namespace: 'default', name: first },
      {
        fieldManager: 'us',
        operations: [{ op: 'remove', path: '/metadata/labels/watched' }],
      },
    );
    await until(() => heard.length === 11);
    assert.deepEqual(heard.slice(8), [`default/${first}=b`, `-default/${second}`, `-default/${first}`]);
    assert.equal(watch.size, 5);
    await stop();
    for (const name of others) await client.delete(configMaps, { namespace: 'default', name });
  });
}

test('a version that etcd has compacted away: lists again by itself', async () => {
  const { watch, heard, stop } = follow(client, { tuning: { backoffFirstMs: 10 } });
  await watch.synced;
  await client.create(configMaps, watched('before', 'a'));
  await until(() => heard.includes('default/before=a'));
  watch.forgetVersionForTest('1');
  await controlPlane.stopServer(0);
  await controlPlane.startServer(0);
  await client.create(configMaps, watched('after', 'a'));
  await until(() => heard.includes('default/after=a'), 20_000);
  assert.equal(
    heard.filter((what) => what === 'default/before=a').length,
    1,
    'what is known is not told again',
  );
  await stop();
});

test('a server that dies: reads, writes and watches go on at the other one', async () => {
  const both = clientOfBoth();
  const { watch, heard, stop } = follow(both);
  await watch.synced;
  await controlPlane.stopServer(0, 'kill');
  try {
    await both.create(configMaps, watched('fail-over', 'a'));
    await until(() => heard.includes('default/fail-over=a'), 15_000);
    assert.deepEqual(both.connection?.endpoint, parseEndpoint(controlPlane.endpoints[1] ?? ''));
  } finally {
    await controlPlane.startServer(0);
    await stop();
    both.close();
  }
});

test('a server whose packets vanish: given up within seconds, watches included', async () => {
  const both = clientOfBoth();
  const { watch, heard, stop } = follow(both);
  await watch.synced;
  await controlPlane.cutServer(0, true);
  try {
    const startedAt = performance.now();
    await until(() => watch.stats.failures > 0 || watch.stats.watches > 1, 30_000);
    await client.endpoints.all;
    await both.create(configMaps, watched('cut-off', 'a'));
    await until(() => heard.includes('default/cut-off=a'), 20_000);
    assert.ok(performance.now() - startedAt < 40_000);
  } finally {
    await controlPlane.cutServer(0, false);
    await stop();
    both.close();
  }
});
