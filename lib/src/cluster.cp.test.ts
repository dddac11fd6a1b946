/** The library against real API servers: two of them, over one etcd. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { type ControlPlane, startControlPlane } from '@margay/e2e/lab/control-plane';
import { apply, isTestFailed, jsonPatch } from './apply.ts';
import { ServiceAccountCredentials } from './credentials.ts';
import { parseEndpoint } from './endpoint.ts';
import { EndpointSet } from './endpoints.ts';
import { isAlreadyExists, isConflict, isForbidden, isInvalid, isNotFound, KubeError } from './errors.ts';
import { EventRecorder } from './events.ts';
import { KubeClient } from './kube-client.ts';
import { clientFromKubeConfig, KubeConfigCredentials } from './kube-config.ts';
import { ListWatch, type ListWatchOptions } from './list-watch.ts';
import type { KubeObject, NamedObject } from './objects.ts';
import { configMaps, events, nodes } from './resources.ts';
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

interface TestMap extends NamedObject {
  data?: Record<string, string>;
}

const admin = { name: 'admin-1', groups: ['system:masters'] };

function configMap(name: string, data: Record<string, string>): TestMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name }, data };
}

/** A client of both servers. */
function clientOfBoth(): KubeClient {
  const endpoints = new EndpointSet(controlPlane.endpoints.map((text) => parseEndpoint(text)));
  const credentials = new KubeConfigCredentials(controlPlane.kubeConfig());
  return new KubeClient({ endpoints, credentials, userAgent: 'lib-test/2' });
}

interface Following {
  readonly watch: ListWatch<string>;
  readonly heard: string[];
  /** Runs it again after {@link stop}. */
  readonly start: () => void;
  readonly stop: () => Promise<void>;
}

function follow(
  context: TestContext,
  over: KubeClient,
  more: Partial<ListWatchOptions<string>> = {},
): Following {
  const heard: string[] = [];
  let stopping = new AbortController();
  let running = Promise.resolve();
  const watch = new ListWatch<string>({
    client: over,
    resource: configMaps,
    namespace: 'default',
    labelSelector: 'watched=yes',
    decode: (object) => (object as { data?: Record<string, string> }).data?.['value'],
    handler: {
      onUpsert: (key, value) => void heard.push(`${key}=${value}`),
      onDelete: (key) => void heard.push(`-${key}`),
      onSynced: () => void heard.push('synced'),
    },
    log: new MemoryLog(),
    ...more,
  });
  const start = (): void => {
    stopping = new AbortController();
    running = watch.run(stopping.signal);
  };
  const stop = (): Promise<void> => {
    stopping.abort();
    return running;
  };
  start();
  context.after(stop);
  return { watch, heard, start, stop };
}

function watched(name: string, value: string): TestMap {
  const object = configMap(name, { value });
  return { ...object, metadata: { ...object.metadata, labels: { watched: 'yes' } } };
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
  ['paged', { tuning: { streamedLists: false, pageSize: 3 } }],
] as const) {
  test(`${how} list, changes, and objects that leave the selection`, async (context) => {
    const names = ['w1', 'w2', 'w3', 'w4', 'w5', 'w6', 'w7'].map((name) => `${how}-${name}`);
    for (const name of names) await client.create(configMaps, watched(name, 'a'));
    const { watch, heard, stop } = follow(context, client, more);
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

test('a version that the server no longer knows: lists again by itself', async (context) => {
  const { watch, heard, start, stop } = follow(context, client);
  await watch.synced;
  for (const name of ['stays', 'goes']) await client.create(configMaps, watched(name, 'a'));
  await until(() => heard.includes('default/goes=a'));
  await stop();
  await client.delete(configMaps, { namespace: 'default', name: 'goes' });
  await client.create(configMaps, watched('comes', 'a'));
  // A server that has started remembers nothing from before its start.
  await controlPlane.stopServer(0);
  await controlPlane.startServer(0);
  start();
  await until(() => heard.includes('-default/goes'), 20_000);
  assert.deepEqual(
    heard.slice(-3),
    ['default/comes=a', '-default/goes', 'synced'],
    'and what is known is not told again',
  );
  assert.equal(watch.stats.lists, 2);
});

test('O2: a server that dies: reads, writes and watches go on at the other one', async (context) => {
  const both = clientOfBoth();
  const { watch, heard } = follow(context, both);
  await watch.synced;
  await controlPlane.stopServer(0, 'kill');
  try {
    await until(() => watch.stats.watches >= 2, 15_000);
    await both.create(configMaps, watched('fail-over', 'a'));
    await until(() => heard.includes('default/fail-over=a'), 15_000);
    assert.deepEqual(both.connection?.endpoint, parseEndpoint(controlPlane.endpoints[1] ?? ''));
    assert.equal(watch.stats.lists, 1, 'it resumed');
  } finally {
    await controlPlane.startServer(0);
    both.close();
  }
});

test('O2: a server whose packets vanish is given up within half a minute, running watches included', async (context) => {
  const both = clientOfBoth();
  const { watch, heard } = follow(context, both);
  await watch.synced;
  await controlPlane.cutServer(0, true);
  try {
    const other = clientFromKubeConfig('lib-test/3', await controlPlane.kubeconfigFor(admin, 1));
    await other.create(configMaps, watched('cut-off', 'a'));
    other.close();
    await until(() => heard.includes('default/cut-off=a'), 30_000);
    assert.deepEqual(both.connection?.endpoint, parseEndpoint(controlPlane.endpoints[1] ?? ''));
  } finally {
    await controlPlane.cutServer(0, false);
    both.close();
  }
});

test('a service account token and the CA from files, and RBAC that says no', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'margay-sa-'));
  await controlPlane.kubectl(['create', 'serviceaccount', 'reader']);
  await writeFile(join(dir, 'ca.crt'), await controlPlane.ca());
  await writeFile(join(dir, 'token'), await controlPlane.kubectl(['create', 'token', 'reader']));
  const endpoints = new EndpointSet(controlPlane.endpoints.map((text) => parseEndpoint(text)));
  const credentials = new ServiceAccountCredentials({ directory: dir });
  const reader = new KubeClient({ endpoints, credentials, userAgent: 'lib-test/4' });
  await assert.rejects(
    reader.list(nodes),
    (error: unknown) => isForbidden(error) && /system:serviceaccount:default:reader/.test(String(error)),
  );
  reader.close();
  await rm(dir, { recursive: true });
});

test('an Event that the server accepts, and its series', async () => {
  let clock = Date.now();
  const options = { controller: 'margay.io/test', instance: 'pod-1', log: new MemoryLog() };
  const recorder = new EventRecorder({ ...options, client, now: () => clock });
  const regarding = { apiVersion: 'v1', kind: 'Node', name: 'n1', uid: 'u1' };
  const happening = {
    type: 'Warning',
    reason: 'NodeFailed',
    action: 'Enable',
    note: 'n1: map is full',
  } as const;
  recorder.record(regarding, happening);
  clock += 61_000;
  recorder.record(regarding, happening);
  await recorder.flush();
  const { items } = await client.list<KubeObject & { series?: { count: number } }>(
    events,
    { namespace: 'default' },
    {
      fieldSelector: 'reason=NodeFailed',
    },
  );
  assert.deepEqual(
    items.map(({ series }) => series?.count),
    [2],
  );
  assert.match(
    await controlPlane.kubectl(['get', 'events']),
    /Warning +NodeFailed +node\/n1 +n1: map is full/,
  );
});
