import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { EventRecorder, type Happening } from './events.ts';
import type { KubeClient } from './kube-client.ts';
import { MemoryLog } from './testing/memory-log.ts';
import {
  clientOf,
  makeCertificate,
  ScriptedServer,
  sendJson,
  sendStatus,
} from './testing/scripted-server.ts';

const certificate = makeCertificate();
const node = { apiVersion: 'v1', kind: 'Node', name: 'n1', uid: 'u1' };
const changed: Happening = { type: 'Normal', reason: 'ModeChanged', action: 'Enable', note: 'n1 runs BPF' };

let server: ScriptedServer;
let client: KubeClient;
let clock: number;
let recorder: EventRecorder;

beforeEach(async () => {
  server = await ScriptedServer.start(certificate);
  server.script = (_seen, response) => sendJson(response, {});
  client = clientOf([server]);
  clock = 1_000_000;
  const options = { client, controller: 'margay.io/test', instance: 'pod-1', log: new MemoryLog() };
  recorder = new EventRecorder({ ...options, now: () => clock, burst: 5 });
});

afterEach(async () => {
  client.close();
  await server.stop();
});

async function sent(): Promise<{ method: string; path: string; body: Record<string, unknown> }[]> {
  await recorder.flush();
  return server.seen.map(({ method, path, body }) => ({
    method,
    path,
    body: JSON.parse(body) as Record<string, unknown>,
  }));
}

test('an Event says what happened to whom, and who says so', async () => {
  recorder.record(node, changed);
  const [event] = await sent();
  assert.equal(event?.path, '/apis/events.k8s.io/v1/namespaces/default/events');
  const { metadata, ...rest } = event.body;
  assert.match((metadata as { name: string }).name, /^n1\.[0-9a-f-]{18}$/);
  assert.deepEqual(rest, {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    eventTime: '1970-01-01T00:16:40.000000Z',
    reportingController: 'margay.io/test',
    reportingInstance: 'pod-1',
    regarding: node,
    ...changed,
  });
});

test('the same within a minute is counted, and told as a series after it', async () => {
  for (let i = 0; i < 4; i++) recorder.record(node, changed);
  assert.equal((await sent()).length, 1);
  clock += 60_000;
  recorder.record(node, changed);
  const [first, second] = await sent();
  assert.equal(second?.method, 'PATCH');
  const { name } = first?.body['metadata'] as { name: string };
  assert.equal(second.path, `/apis/events.k8s.io/v1/namespaces/default/events/${name}`);
  assert.deepEqual(second.body, { series: { count: 5, lastObservedTime: '1970-01-01T00:17:40.000000Z' } });
});

test('another object, reason or note is another Event', async () => {
  recorder.record(node, changed);
  recorder.record({ ...node, name: 'n2', uid: 'u2' }, changed);
  recorder.record(node, { ...changed, note: 'n1 runs Standard' });
  assert.equal((await sent()).length, 3);
});

test('a series that the server no longer has begins anew', async () => {
  recorder.record(node, changed);
  await recorder.flush();
  server.script = (seen, response) =>
    seen.method === 'PATCH' ? sendStatus(response, 404, 'NotFound') : sendJson(response, {});
  clock += 60_000;
  recorder.record(node, changed);
  await recorder.flush();
  recorder.record(node, changed);
  assert.deepEqual(
    (await sent()).map(({ method }) => method),
    ['POST', 'PATCH', 'POST'],
  );
});

test('a flood is cut off, and lets single ones through again later', async () => {
  for (let i = 0; i < 20; i++) recorder.record(node, { ...changed, note: `note ${i}` });
  assert.equal((await sent()).length, 5);
  clock += 450;
  for (let i = 0; i < 5; i++) recorder.record(node, { ...changed, note: `later ${i}` });
  assert.equal((await sent()).length, 7);
});

test('a long note is cut to the 1024 bytes that the server takes', async () => {
  recorder.record(node, { ...changed, note: 'ä'.repeat(2000) });
  const [event] = await sent();
  assert.ok(Buffer.byteLength(String(event?.body['note'])) <= 1024);
});

test('an object in a namespace has its Event there', async () => {
  recorder.record({ ...node, namespace: 'kube-system' }, changed);
  assert.match((await sent())[0]?.path ?? '', /namespaces\/kube-system\/events$/);
});
