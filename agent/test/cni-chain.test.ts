// ptp, host-local and margay-cni as a container runtime calls them, with the agent's own ends. Needs root.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadNetlink } from '@margay/addon/netlink';
import { binariesDir } from '@margay/e2e/lab/binaries/paths';
import { ensureBinaries } from '@margay/e2e/lab/binaries/build';
import { stderrProgress } from '@margay/e2e/lab/progress';
import { isolated } from '../../addon/test/support/isolate.ts';
import { AttachmentServer } from '../src/cni/server.ts';
import { NodeCniSetup } from '../src/cni/setup.ts';
import { NodeEndpoints } from '../src/endpoints-local/node-endpoints.ts';
import type { LocalEndpoint } from '../src/ports.ts';
import { addNetns, privateRun, sh } from './support/scratch.ts';

const root = '/run/node';
const confDir = join(root, 'net.d');
const binDir = join(root, 'bin');
const socketPath = join(root, 'agent.sock');
const plugin = join(import.meta.dirname, '../../build/cni/margay-cni');

type Json = Record<string, unknown>;
interface Result extends Json {
  readonly interfaces: readonly { readonly name: string; readonly sandbox?: string }[];
  readonly ips: readonly { readonly address: string }[];
}

interface Outcome {
  readonly status: number;
  readonly stdout: string;
}

function call(program: string, command: string, pod: string, config: Json): Promise<Outcome> {
  const env = {
    PATH: process.env['PATH'],
    CNI_COMMAND: command,
    CNI_CONTAINERID: `container-${pod}`,
    CNI_NETNS: `/run/netns/${pod}`,
    CNI_IFNAME: 'eth0',
    CNI_PATH: binDir,
    CNI_ARGS: `IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=${pod}`,
  };
  return new Promise((resolve) => {
    const child = execFile(join(binDir, program), { env }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout: stdout || stderr });
    });
    child.stdin?.end(JSON.stringify(config));
  });
}

/** What libcni does with a list: each plugin gets the result of the one before it; DEL goes backwards. */
async function runtime(command: 'ADD' | 'CHECK' | 'DEL', pod: string, result?: Json): Promise<Result> {
  const list = JSON.parse(await readFile(join(confDir, '10-margay.conflist'), 'utf8')) as {
    name: string;
    cniVersions: string[];
    plugins: { type: string }[];
  };
  const plugins = command === 'DEL' ? [...list.plugins].reverse() : list.plugins;
  let previous = result;
  for (const entry of plugins) {
    const config = { ...entry, name: list.name, cniVersion: list.cniVersions.at(-1) };
    const given = previous === undefined ? config : { ...config, prevResult: previous };
    const outcome = await call(entry.type, command, pod, given);
    assert.equal(outcome.status, 0, `${entry.type} ${command}: ${outcome.stdout}`);
    if (command === 'ADD') previous = JSON.parse(outcome.stdout) as Json;
  }
  return previous as Result;
}

const until = async (what: string, condition: () => boolean): Promise<void> => {
  for (let i = 0; i < 300; i++) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(`gave up waiting for: ${what}`);
};

async function define(): Promise<void> {
  privateRun();
  await mkdir(join(root, 'image'), { recursive: true });
  for (const name of ['ptp', 'host-local', 'loopback']) {
    await copyFile(join(binariesDir(), name), join(root, 'image', name));
  }
  await copyFile(plugin, join(root, 'image', 'margay-cni'));
  const netlink = loadNetlink();
  const programmed = new Map<string, LocalEndpoint>();
  const sink = {
    put: (e: LocalEndpoint): Promise<void> => Promise.resolve(void programmed.set(e.ip, e)),
    remove: (e: LocalEndpoint): Promise<void> => Promise.resolve(void programmed.delete(e.ip)),
  };
  const onError = (error: unknown): never => assert.fail(String(error));
  let endpoints = new NodeEndpoints({ netlink, onError });
  const server = new AttachmentServer({
    attachments: {
      attach: (r) => endpoints.attach(r),
      check: (r) => endpoints.check(r),
      detach: (c, i) => endpoints.detach(c, i),
      retain: (v) => endpoints.retain(v),
    },
    onCall: () => undefined,
  });
  const setup = new NodeCniSetup({ netlink, confDir, binDir, sourceDir: join(root, 'image'), socketPath });
  const addressOf = (result: Result): string => result.ips[0]?.address.split('/')[0] ?? '';
  let first: Result;

  test('F5: the node becomes ready: binaries, configuration, socket', async () => {
    sh('ip link add nic0 type veth peer name nic1; ip link set nic0 mtu 1432 up; ip link set nic1 up');
    sh('ip address add 192.0.2.11/24 dev nic0; ip route add default via 192.0.2.1');
    await setup.apply({ mode: 'Margay', podCidrs: ['10.244.1.0/24', 'fd00:10:244:1::/64'], mtu: 0 });
    await server.listen(socketPath);
    await endpoints.start(sink);
    assert.equal(programmed.size, 0);
  });

  test('F5: ADD: the endpoint is programmed when the runtime has its answer, with both addresses', async () => {
    addNetns('web-0');
    first = await runtime('ADD', 'web-0');
    const host = first.interfaces.find((i) => i.sandbox === undefined)?.name;
    assert.ok(host !== undefined);
    assert.deepEqual(
      [...programmed.values()].map((e) => [e.ip, e.hostIfname]),
      first.ips.map((ip) => [ip.address.split('/')[0], host]),
    );
    assert.equal(programmed.size, 2);
    assert.match(sh('ip -n web-0 link show eth0'), /mtu 1432/);
    sh(`ping -c1 -W2 ${addressOf(first)}`);
    await runtime('CHECK', 'web-0', first);
  });

  test('F2: a pod reaches its IPv6 gateway at once: no detection of duplicates is under way', async () => {
    addNetns('web-9');
    const result = await runtime('ADD', 'web-9');
    const gateway = 'fd00:10:244:1::1';
    sh(`ip netns exec web-9 ping -6 -c1 -W1 ${gateway}`);
    const host = result.interfaces.find((i) => i.sandbox === undefined)?.name ?? '';
    assert.match(sh(`ip -6 -o address show dev ${host} scope global`), new RegExp(`${gateway}/128 .*nodad`));
    await runtime('DEL', 'web-9', result);
  });

  test('a second pod has its own; without the agent a third must wait, and nothing of it stays', async () => {
    addNetns('web-1');
    const second = await runtime('ADD', 'web-1');
    assert.equal(programmed.size, 4);
    assert.notEqual(
      programmed.get(addressOf(second))?.generation,
      programmed.get(addressOf(first))?.generation,
    );
    await server.close();
    addNetns('web-2');
    const config = { type: 'margay-cni', name: 'margay', cniVersion: '1.1.0', socket: socketPath };
    const refused = await call('margay-cni', 'ADD', 'web-2', {
      ...config,
      agentTimeoutSeconds: 0,
      prevResult: second,
    });
    assert.deepEqual([refused.status, (JSON.parse(refused.stdout) as { code: number }).code], [1, 11]);
    await server.listen(socketPath);
  });

  test('an agent that starts again finds the pods by their routes, with the same generations', async () => {
    const before = structuredClone(programmed);
    await endpoints.close();
    programmed.clear();
    endpoints = new NodeEndpoints({ netlink, onError });
    await endpoints.start(sink);
    assert.deepEqual(new Map([...programmed].sort()), new Map([...before].sort()));
  });

  test('DEL takes the endpoint away and gives the address back', async () => {
    await runtime('DEL', 'web-0', first);
    await until('web-0 to be gone', () => !programmed.has(addressOf(first)));
    assert.equal(programmed.size, 2);
    assert.ok(!sh('ip route').includes(addressOf(first)));
    await runtime('DEL', 'web-0', first);
  });

  test('a pod that goes without a DEL is forgotten by its interface', async () => {
    sh('ip netns del web-1');
    await until('web-1 to be gone', () => programmed.size === 0);
  });

  test('the kernel is asked where the result has no device on the host, or several', async () => {
    addNetns('web-3');
    const result = await runtime('ADD', 'web-3');
    const bridge = { name: 'cni0', mac: '02:00:00:00:00:01' };
    const config = { type: 'margay-cni', name: 'margay', cniVersion: '1.1.0', socket: socketPath };
    for (const interfaces of [result.interfaces.slice(1), [bridge, ...result.interfaces]]) {
      const ips = result.ips.map((ip) => ({ address: ip.address }));
      const outcome = await call('margay-cni', 'CHECK', 'web-3', {
        ...config,
        prevResult: { ...result, interfaces, ips },
      });
      assert.equal(outcome.status, 0, outcome.stdout);
    }
    await endpoints.close();
    await server.close();
    await rm(root, { recursive: true });
  });
}

// Before the network is away: a first run fetches their sources.
await ensureBinaries(stderrProgress('cni-chain'));
if (isolated(import.meta.filename)) await define();
