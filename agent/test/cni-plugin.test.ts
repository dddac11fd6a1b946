// The plugin's binary against a socket that records what it is asked: build/cni/margay-cni.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const binary =
  process.env['MARGAY_CNI'] ?? fileURLToPath(new URL('../../build/cni/margay-cni', import.meta.url));

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let directory = '';
let socket = '';
let server: Server | undefined;
let asked: unknown[] = [];
let answer = '{"ok":true}\n';

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'margay-cni-'));
  socket = join(directory, 'agent.sock');
});
beforeEach(() => {
  asked = [];
  answer = '{"ok":true}\n';
});
after(async () => {
  stopAgent();
  await rm(directory, { recursive: true });
});

function stopAgent(): void {
  server?.close();
  server = undefined;
}

async function startAgent(): Promise<void> {
  stopAgent();
  const listening = createServer((connection) => {
    connection.on('error', () => undefined);
    connection.once('data', (line) => {
      asked.push(JSON.parse(line.toString()));
      connection.end(answer);
    });
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(socket, resolve));
}

const prevResult = {
  cniVersion: '1.1.0',
  interfaces: [
    { name: 'veth1a2b', mac: '02:00:00:00:00:01' },
    { name: 'eth0', mac: '02:00:00:00:00:02', sandbox: '/var/run/netns/pod' },
  ],
  ips: [
    { interface: 1, address: '10.244.1.5/24', gateway: '10.244.1.1' },
    { interface: 1, address: 'fd00:10:244:1::5/64', gateway: 'fd00:10:244:1::1' },
  ],
  routes: [{ dst: '0.0.0.0/0' }],
  dns: {},
};
const attachment = {
  CNI_CONTAINERID: 'c0ffee',
  CNI_NETNS: '/proc/self/ns/net',
  CNI_IFNAME: 'eth0',
  CNI_ARGS: 'IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-0;K8S_POD_INFRA_CONTAINER_ID=c0ffee',
};

function configuration(extra: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    cniVersion: '1.1.0',
    name: 'margay',
    type: 'margay-cni',
    socket,
    agentTimeoutSeconds: 0,
    prevResult,
    ...extra,
  };
}

function call(command: string, config: unknown, environment: Record<string, string> = attachment) {
  return new Promise<Outcome>((resolve) => {
    const child = execFile(
      binary,
      { env: { ...environment, CNI_COMMAND: command } },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(typeof config === 'string' ? config : JSON.stringify(config));
  });
}

function errorOf(outcome: Outcome): { code: number; msg: string; details?: string; cniVersion: string } {
  assert.equal(outcome.code, 1, outcome.stdout + outcome.stderr);
  return JSON.parse(outcome.stdout) as { code: number; msg: string; details?: string; cniVersion: string };
}

test('VERSION needs neither configuration nor agent', async () => {
  const outcome = await call('VERSION', '', {});
  assert.equal(outcome.code, 0);
  assert.deepEqual(JSON.parse(outcome.stdout), {
    cniVersion: '1.1.0',
    supportedVersions: ['0.3.0', '0.3.1', '0.4.0', '1.0.0', '1.1.0'],
  });
});

test('ADD tells the agent device and addresses, then passes the result on unchanged', async () => {
  await startAgent();
  const outcome = await call('ADD', configuration());
  assert.equal(outcome.code, 0, outcome.stdout);
  assert.deepEqual(JSON.parse(outcome.stdout), prevResult);
  assert.deepEqual(asked, [
    {
      command: 'ADD',
      containerId: 'c0ffee',
      netns: '/proc/self/ns/net',
      ifname: 'eth0',
      hostIfname: 'veth1a2b',
      ips: ['10.244.1.5/32', 'fd00:10:244:1::5/128'],
      podNamespace: 'shop',
      podName: 'web-0',
    },
  ]);
});

test('ADD leaves out addresses of other devices and speaks the version of the configuration', async () => {
  await startAgent();
  const ips = [...prevResult.ips, { interface: 0, address: '192.0.2.1/32' }];
  const config = configuration({
    cniVersion: '0.4.0',
    prevResult: { ...prevResult, ips: ips.map((ip) => ({ ...ip, version: '4' })) },
  });
  const outcome = await call('ADD', config);
  assert.equal((JSON.parse(outcome.stdout) as { cniVersion: string }).cniVersion, '0.4.0');
  assert.deepEqual((asked[0] as { ips: string[] }).ips, ['10.244.1.5/32', 'fd00:10:244:1::5/128']);
});

test('ADD without an agent is code 11 and says where to look', async () => {
  stopAgent();
  const error = errorOf(await call('ADD', configuration()));
  assert.equal(error.code, 11);
  assert.match(error.msg, /margay-agent does not answer on .*agent\.sock/);
  assert.match(error.details ?? '', /margay-system/);
});

test('ADD waits for an agent that comes back', async () => {
  stopAgent();
  const pending = call('ADD', configuration({ agentTimeoutSeconds: 10 }));
  await new Promise((resolve) => setTimeout(resolve, 400));
  await startAgent();
  assert.equal((await pending).code, 0);
  assert.equal(asked.length, 1);
});

test("the agent's refusal is passed on with its own code", async () => {
  await startAgent();
  answer = '{"ok":false,"code":11,"message":"node n1 has no pod CIDR yet"}\n';
  const error = errorOf(await call('ADD', configuration()));
  assert.deepEqual([error.code, error.msg], [11, 'node n1 has no pod CIDR yet']);
});

test('an answer that is not understood is code 6, one that breaks off is code 11', async () => {
  await startAgent();
  answer = 'what?\n';
  assert.equal(errorOf(await call('ADD', configuration())).code, 6);
  answer = '{"ok":tr';
  assert.equal(errorOf(await call('ADD', configuration())).code, 11);
});

test('DEL asks the agent, and succeeds without output whatever becomes of that', async () => {
  await startAgent();
  const bare = configuration();
  delete bare['prevResult'];
  const withoutNetns = { CNI_CONTAINERID: 'c0ffee', CNI_IFNAME: 'eth0' };
  assert.deepEqual(await call('DEL', bare, withoutNetns), { code: 0, stdout: '', stderr: '' });
  assert.equal((asked[0] as { command: string }).command, 'DEL');

  answer = '{"ok":false,"code":11,"message":"busy"}\n';
  const refused = await call('DEL', bare, withoutNetns);
  assert.deepEqual([refused.code, refused.stdout], [0, '']);
  assert.match(refused.stderr, /busy/);

  stopAgent();
  const away = await call('DEL', bare, withoutNetns);
  assert.deepEqual([away.code, away.stdout], [0, '']);
});

test('CHECK describes the attachment and reports what the agent misses', async () => {
  await startAgent();
  assert.deepEqual(await call('CHECK', configuration()), { code: 0, stdout: '', stderr: '' });
  assert.deepEqual((asked[0] as { ips: string[] }).ips, ['10.244.1.5/32', 'fd00:10:244:1::5/128']);
  answer = '{"ok":false,"code":999,"message":"10.244.1.5 is not programmed"}\n';
  assert.equal(errorOf(await call('CHECK', configuration())).msg, '10.244.1.5 is not programmed');
});

test('GC hands over which attachments are valid', async () => {
  await startAgent();
  const config = configuration({
    'cni.dev/valid-attachments': [{ containerID: 'c0ffee', ifname: 'eth0' }],
  });
  assert.equal((await call('GC', config, {})).code, 0);
  assert.deepEqual(asked, [{ command: 'GC', attachments: [{ containerId: 'c0ffee', ifname: 'eth0' }] }]);
});

test('STATUS does not make a node NotReady while its agent is away', async () => {
  stopAgent();
  assert.deepEqual(await call('STATUS', configuration(), {}), { code: 0, stdout: '', stderr: '' });
});

const refused: readonly { what: string; command: string; config: unknown; code: number; says: RegExp }[] = [
  { what: 'unknown command', command: 'JUMP', config: {}, code: 4, says: /"JUMP"/ },
  { what: 'not JSON', command: 'ADD', config: '{', code: 6, says: /not JSON/ },
  { what: 'not an object', command: 'ADD', config: [], code: 6, says: /not a JSON object/ },
  { what: 'unknown version', command: 'ADD', config: { cniVersion: '9.0.0' }, code: 1, says: /9\.0\.0/ },
  {
    what: 'first in the chain',
    command: 'ADD',
    config: { cniVersion: '1.0.0' },
    code: 7,
    says: /prevResult/,
  },
  {
    what: 'no address',
    command: 'ADD',
    config: { cniVersion: '1.0.0', prevResult: { ...prevResult, ips: [] } },
    code: 7,
    says: /no address for eth0/,
  },
  {
    what: 'nonsense address',
    command: 'ADD',
    config: { cniVersion: '1.0.0', prevResult: { ...prevResult, ips: [{ address: 'ten' }] } },
    code: 7,
    says: /"ten"/,
  },
  {
    what: 'bad time-out',
    command: 'ADD',
    config: { cniVersion: '1.0.0', agentTimeoutSeconds: -1 },
    code: 7,
    says: /agentTimeoutSeconds/,
  },
  {
    what: 'socket of a wrong type',
    command: 'STATUS',
    config: { cniVersion: '1.0.0', socket: 1 },
    code: 7,
    says: /socket/,
  },
];
for (const { what, command, config, code, says } of refused) {
  test(`refused: ${what}`, async () => {
    const error = errorOf(await call(command, config));
    assert.equal(error.code, code);
    assert.match(error.msg, says);
  });
}

test('refused: environment variables missing, named', async () => {
  const error = errorOf(await call('ADD', configuration(), { CNI_IFNAME: 'eth0' }));
  assert.equal(error.code, 4);
  assert.match(error.msg, /CNI_CONTAINERID CNI_NETNS/);
});
