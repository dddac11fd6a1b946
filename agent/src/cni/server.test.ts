import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { MargayError } from '@margay/lib/errors';
import { AttachmentServer } from './server.ts';

const calls: unknown[] = [];
const logged: string[] = [];
let failWith: unknown;
let directory = '';
let path = '';

function record(verb: string) {
  return (...parameters: unknown[]): Promise<void> => {
    calls.push([verb, ...parameters]);
    if (failWith === undefined) return Promise.resolve();
    return Promise.reject(failWith instanceof Error ? failWith : new Error('not an error'));
  };
}
const server = new AttachmentServer({
  attachments: {
    attach: record('attach'),
    check: record('check'),
    detach: record('detach'),
    retain: record('retain'),
  },
  onCall: (call, error) => logged.push(`${call.command} ${error === undefined ? 'ok' : 'failed'}`),
});

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'margay-agent-'));
  path = join(directory, 'run', 'agent.sock');
});
after(async () => {
  await server.close();
  await rm(directory, { recursive: true });
});

function ask(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const connection = connect(path, () => connection.write(text));
    connection.on('data', (chunk) => (received += chunk.toString()));
    connection.on('error', reject);
    connection.on('close', () => resolve(received));
  });
}

const add = {
  command: 'ADD',
  containerId: 'c0ffee',
  netns: '/var/run/netns/pod',
  ifname: 'eth0',
  hostIfname: 'veth7',
  ips: ['10.244.1.5/32', 'fd00::5/128'],
  podNamespace: 'shop',
  podName: 'web-0',
};

test('a stale socket file is replaced and only root may connect', async () => {
  await server.listen(path);
  await server.close();
  await writeFile(path, 'left behind by a killed agent');
  await server.listen(path);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
});

test('ADD in two pieces is one call with plain addresses', async () => {
  calls.length = 0;
  const line = JSON.stringify(add);
  const connection = connect(path);
  connection.write(line.slice(0, 20));
  setTimeout(() => connection.write(`${line.slice(20)}\n`), 20);
  const reply = await new Promise<string>((resolve) => connection.once('data', (d) => resolve(d.toString())));
  assert.equal(reply, '{"ok":true}\n');
  const [verb, request] = calls[0] as [string, { ips: string[]; hostIfname: string }];
  assert.deepEqual([verb, request.ips, request.hostIfname], ['attach', ['10.244.1.5', 'fd00::5'], 'veth7']);
});

test('CHECK, DEL and GC reach their handlers', async () => {
  calls.length = 0;
  await ask(`${JSON.stringify({ ...add, command: 'CHECK' })}\n`);
  await ask('{"command":"DEL","containerId":"c0ffee","ifname":"eth0"}\n');
  await ask('{"command":"GC","attachments":[{"containerId":"c0ffee","ifname":"eth0"}]}\n');
  assert.deepEqual(
    calls.map((c) => (c as string[])[0]),
    ['check', 'detach', 'retain'],
  );
  assert.deepEqual((calls[1] as unknown[]).slice(1), ['c0ffee', 'eth0']);
});

test('what may succeed later is code 11, the rest 999, with the reason', async () => {
  failWith = new MargayError('no pod CIDR yet', { code: 'NotStarted', retryable: true });
  assert.equal(await ask(`${JSON.stringify(add)}\n`), '{"ok":false,"code":11,"message":"no pod CIDR yet"}\n');
  failWith = new Error('map endpoints4 is full');
  assert.match(await ask(`${JSON.stringify(add)}\n`), /"code":999,"message":"map endpoints4 is full"/);
  failWith = undefined;
  assert.deepEqual(logged.slice(-2), ['ADD failed', 'ADD failed']);
});

const malformed: readonly [string, string, RegExp][] = [
  ['not JSON', 'hello', /not JSON/],
  ['a list', '[]', /not an object/],
  ['unknown command', '{"command":"JUMP"}', /JUMP/],
  ['no container', '{"command":"DEL","ifname":"eth0"}', /"containerId" is not a string/],
  ['no host prefix', JSON.stringify({ ...add, ips: ['10.0.0.0/8'] }), /10\.0\.0\.0\/8/],
  ['ips is no list', JSON.stringify({ ...add, ips: 'x' }), /"ips" is not a list/],
  ['a list of nothing', '{"command":"GC","attachments":[null]}', /not an object/],
];
for (const [what, line, says] of malformed) {
  test(`malformed, code 6: ${what}`, async () => {
    calls.length = 0;
    const reply = JSON.parse(await ask(`${line}\n`)) as { ok: boolean; code: number; message: string };
    assert.deepEqual([reply.ok, reply.code, calls.length], [false, 6, 0]);
    assert.match(reply.message, says);
  });
}

test('a caller that goes away in the middle of its line harms nobody', async () => {
  const connection = connect(path, () => connection.end('{"comm'));
  await new Promise((resolve) => connection.once('close', resolve));
  assert.equal(await ask('{"command":"GC","attachments":[]}\n'), '{"ok":true}\n');
});
