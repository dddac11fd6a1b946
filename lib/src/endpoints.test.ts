import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  type EndpointEvent,
  EndpointSet,
  loadEndpoints,
  NoEndpointError,
  saveEndpoints,
} from './endpoints.ts';

const [a, b, c] = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((host) => ({ host, port: 6443 })) as [
  { host: string; port: number },
  { host: string; port: number },
  { host: string; port: number },
];
const clusterIp = { host: '10.96.0.1', port: 443 };

test('the current endpoint stays until it fails, and then they take turns', () => {
  const set = new EndpointSet([a, b]);
  assert.equal(set.current, a);
  set.succeeded(a);
  assert.equal(set.current, a);
  set.failed(a);
  assert.equal(set.current, b);
  set.failed(b);
  assert.equal(set.current, a);
});

test('ten requests that fail on one endpoint move on once', () => {
  const set = new EndpointSet([a, b, c]);
  for (let i = 0; i < 10; i++) set.failed(a);
  assert.equal(set.current, b);
});

test('the ClusterIP serves until a real endpoint is known, and never again', () => {
  const set = new EndpointSet([], { bootstrap: clusterIp });
  assert.equal(set.current, clusterIp);
  assert.equal(set.isReal(clusterIp), false);
  set.replace([a]);
  assert.equal(set.current, a);
  assert.equal(set.isReal(a), true);
  assert.equal(set.isReal(clusterIp), false, 'an answer of it that comes late proves nothing');
  set.failed(a);
  assert.equal(set.current, a);
  set.replace([]);
  assert.deepEqual(set.all, [a]);
});

test('a live change keeps the endpoint in use where it is still there', () => {
  const set = new EndpointSet([a, b]);
  set.failed(a);
  set.replace([c, b]);
  assert.equal(set.current, b);
  set.replace([c, a]);
  assert.equal(set.current, c);
});

test('listeners hear of changes, moves, and the first answer of a set', () => {
  const set = new EndpointSet([a, b], { bootstrap: clusterIp });
  const heard: EndpointEvent['kind'][] = [];
  const stop = set.listen((event) => void heard.push(event.kind));
  set.succeeded(a);
  set.succeeded(a);
  set.failed(a);
  set.replace([b, a]);
  set.replace([b]);
  set.succeeded(a);
  set.succeeded(b);
  assert.deepEqual(heard, ['good', 'failed', 'moved', 'changed', 'good']);
  stop();
  set.replace([c]);
  assert.equal(heard.length, 5);
});

test('O2: until one of a new set has answered, the last set that did is tried too', () => {
  const set = new EndpointSet([a], { bootstrap: clusterIp });
  set.succeeded(a);
  set.replace([b]);
  assert.equal(set.current, b);
  set.failed(b);
  assert.equal(set.current, a);
  set.succeeded(a);
  set.failed(a);
  assert.equal(set.current, b);
  set.succeeded(b);
  assert.deepEqual(set.all, [b]);
});

test('O2: what is on disk is tried after what is told, and alone where nothing is', () => {
  const told = new EndpointSet([b], { proven: [a] });
  assert.deepEqual(told.all, [b, a]);
  assert.deepEqual(new EndpointSet([], { bootstrap: clusterIp, proven: [a] }).all, [a]);
});

test('without any there is an error that says what to look for', () => {
  assert.throws(() => new EndpointSet([]).current, NoEndpointError);
});

test('the last good set comes back from disk, less what is damaged', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'margay-endpoints-'));
  const path = join(dir, 'deeper', 'endpoints');
  assert.deepEqual(await loadEndpoints(path), []);
  await saveEndpoints(path, [a, { host: 'fd00::1', port: 443 }]);
  assert.equal(await readFile(path, 'utf8'), '10.0.0.1:6443\n[fd00::1]:443\n');
  assert.deepEqual(await loadEndpoints(path), [a, { host: 'fd00::1', port: 443 }]);
  await writeFile(path, '10.0.0.1:6443\nrubb\0ish\n');
  assert.deepEqual(await loadEndpoints(path), [a]);
  await rm(dir, { recursive: true });
});
