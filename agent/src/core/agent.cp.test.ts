// An agent against a real API server, a real kube-proxy and the kernel: the life of one node of both address families,
// from order to order.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { agentConfigOf } from '@margay/crds/agent-config';
import { effectiveSpec } from '@margay/crds/defaults';
import type { NodeDataplane } from '@margay/crds/nodedataplane.gen';
import { type ControlPlane, startControlPlane } from '@margay/e2e/lab/control-plane';
import { type Daemon, startDaemon, stopDaemon } from '@margay/e2e/lab/daemon';
import { netnsPath } from '@margay/e2e/lab/network';
import { until } from '@margay/e2e/lab/process';
import { familyOfText } from '../calc/node-families.ts';
import { pinPaths } from '../dataplane/paths.ts';
import { AgentNode, nodeName } from './testing/agent-node.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const clusterIP = '10.96.0.50';
/** Of the Service `web`, whose backends are pods a (at first) and b. */
const clusterIPs = [clusterIP, 'fd00:10:96::50'];
const nodePort = 30550;
/** Addresses of a pod, by its number. */
const podIPs = (n: number): [string, string] => [`10.244.1.${n}`, `fd00:10:244:1::${n}`];

let cluster: ControlPlane;
let node: AgentNode;
let pod: (script: string) => Promise<string>;
const daemons: Daemon[] = [];

const apply = (object: object): Promise<string> =>
  cluster.kubectl(['apply', '-f', '-'], JSON.stringify(object));

async function order(mode: 'BPF' | 'Standard'): Promise<void> {
  const spec = { mode, configRef: { name: 'margay-config-test' } };
  await apply({ apiVersion: 'margay.io/v1', kind: 'NodeDataplane', metadata: { name: nodeName }, spec });
}

function slice(service: string, ips: readonly string[], protocol = 'TCP'): object {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${service}-${familyOfText(ips[0] ?? '')}`,
      namespace: 'default',
      labels: { 'kubernetes.io/service-name': service },
    },
    addressType: `IPv${familyOfText(ips[0] ?? '')}`,
    ports: [{ name: '', protocol, port: 8080 }],
    endpoints: ips.map((ip) => ({ addresses: [ip], nodeName, conditions: { ready: true } })),
  };
}

function service(name: string, spec: object): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default' },
    spec: { ports: [{ port: 80, targetPort: 8080 }], ...spec },
  };
}

/** A pod of kube-proxy's DaemonSet, as the kubelet would report it. */
async function kubeProxyPod(started: Date): Promise<void> {
  const { uid } = JSON.parse(
    await cluster.kubectl(['-n', 'kube-system', 'get', 'ds', 'kube-proxy', '-o', 'jsonpath={.metadata}']),
  ) as { uid: string };
  // A pod is admitted only once the controller manager has made its service account.
  await until('the default service account', 20_000, async () => {
    const found = await cluster.kubectl(['-n', 'kube-system', 'get', 'sa', '-o', 'name']);
    return found.includes('serviceaccount/default') ? true : undefined;
  });
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'kube-proxy', uid }];
  await apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'kube-proxy-n1', namespace: 'kube-system', ownerReferences },
    spec: {
      nodeName,
      hostNetwork: true,
      containers: [{ name: 'kube-proxy', image: 'kube-proxy' }],
      tolerations: [{ operator: 'Exists' }],
    },
  });
  const running = { running: { startedAt: `${started.toISOString().slice(0, 19)}Z` } };
  const containerStatuses = [
    { name: 'kube-proxy', ready: true, restartCount: 0, image: '', imageID: '', state: running },
  ];
  const patch = JSON.stringify({ status: { phase: 'Running', containerStatuses } });
  await cluster.kubectl([
    '-n',
    'kube-system',
    'patch',
    'pod',
    'kube-proxy-n1',
    '--subresource=status',
    '--type=merge',
    '-p',
    patch,
  ]);
}

function has(
  { conditions = [] }: NonNullable<NodeDataplane['status']>,
  generation: number,
  ...wanted: readonly string[]
): boolean {
  const seen = conditions
    .filter((c) => c.observedGeneration === generation)
    .map((c) => `${c.type}=${c.status}/${c.reason}`);
  return wanted.every((one) => seen.some((text) => text.startsWith(one)));
}

async function metric(name: string): Promise<number> {
  const text = await node.host('curl -s http://127.0.0.1:9091/metrics');
  const line = text.split('\n').find((one) => one.startsWith(name));
  return Number(line?.split(' ').at(-1) ?? NaN);
}

const curl = (address: string): string => `curl -s --max-time 2 http://${address}/`;
const inUrl = (address: string): string => (address.includes(':') ? `[${address}]` : address);

/** Who answers at the cluster addresses of `web`, and at the node's NodePorts: one name a family. */
async function askers(
  ask: (script: string) => Promise<string>,
): Promise<{ clusterIPs: string[]; nodePorts: string[] }> {
  const at = async (address: string): Promise<string> => ask(curl(address));
  const found = { clusterIPs: [] as string[], nodePorts: [] as string[] };
  for (const address of clusterIPs) found.clusterIPs.push(await at(inUrl(address)));
  for (const address of node.addresses) found.nodePorts.push(await at(`${inUrl(address)}:${nodePort}`));
  return found;
}

/** Both families, both kinds of address. */
const always = (name: string): object => ({ clusterIPs: [name, name], nodePorts: [name, name] });

/** The endpoints of `web`, in a slice a family. */
async function serveBy(n: number): Promise<void> {
  for (const ip of podIPs(n)) await apply(slice('web', [ip]));
}

async function serve(netns: string, text: string): Promise<void> {
  const script = `require('node:http').createServer((q, s) => s.end('${text}')).listen(8080);
    const udp = require('node:dgram').createSocket('udp4').bind(8080);
    udp.on('message', (_, from) => udp.send('${text}', from.port, from.address));`;
  const spec = {
    command: process.execPath,
    args: ['-e', script],
    netns: netnsPath(netns),
    dieWithParent: true,
  };
  daemons.push(await startDaemon({ name: text, logFile: join(node.dir, `${text}.log`), ...spec }));
}

before(async () => {
  cluster = await startControlPlane({ families: 'dual' });
  for (const file of [
    'crds/schemas/installation.yaml',
    'crds/schemas/nodedataplane.yaml',
    'deploy/namespaces.yaml',
    'deploy/rbac/agent.yaml',
  ]) {
    await cluster.kubectl(['apply', '-f', join(repository, file)]);
  }
  const template = {
    metadata: { labels: { app: 'kube-proxy' } },
    spec: { nodeSelector: { none: 'such' }, containers: [{ name: 'kube-proxy', image: 'kube-proxy' }] },
  };
  await apply({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'kube-proxy', namespace: 'kube-system' },
    spec: { selector: { matchLabels: { app: 'kube-proxy' } }, template },
  });
  node = await AgentNode.create(cluster);
  const findings = { operatorVersion: 'test', operatorImage: { registry: '', path: '' } };
  const spec = effectiveSpec({ network: { cni: 'None' }, bpf: { drainTimeout: '20s' } }, findings);
  const config = agentConfigOf(spec);
  await apply({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'margay-config-test', namespace: 'margay-system' },
    immutable: true,
    data: { 'config.json': JSON.stringify(config) },
  });
  await apply(
    service('web', {
      type: 'NodePort',
      clusterIP,
      clusterIPs,
      ipFamilyPolicy: 'RequireDualStack',
      ports: [{ port: 80, targetPort: 8080, nodePort }],
    }),
  );
  await apply(service('empty', { clusterIP: '10.96.0.51' }));
  await serveBy(5);
  pod = await node.pod('client', podIPs(4));
  await node.pod('a', podIPs(5));
  await node.pod('b', podIPs(6));
  await serve('mgagent-a', 'a');
  await serve('mgagent-b', 'b');
});
after(async () => {
  await Promise.all(daemons.map((daemon) => stopDaemon(daemon)));
  await node.remove();
  await cluster.stop();
});

test('without an order the agent serves health and touches nothing', async () => {
  await node.startAgent();
  await until('health', 20_000, async () =>
    (await node.host('curl -s http://127.0.0.1:9091/healthz || true')) === 'ok\n' ? true : undefined,
  );
  assert.ok(!(await readdir(node.bpffs)).includes('margay'));
  assert.equal(await node.host('nft list tables'), '');
});

test('ordered Standard: it says what the kernel can, and leaves Services to kube-proxy', async () => {
  const started = new Date();
  await node.proxy.start('iptables-nft');
  await kubeProxyPod(started);
  await order('Standard');
  const { status } = await node.evidence(
    'Standard',
    (s, g) =>
      s.mode === 'Standard' &&
      has(s, g, 'Supported=True', 'ApiServerDirect=True', 'ServicesProgrammed=False'),
  );
  assert.equal(status?.kubeProxy?.state, 'Running');
  assert.equal(status.features?.['redirectPeer'], true);
  assert.deepEqual(await askers(node.host), always('a'));
});

test('ordered BPF: everything is shown while kube-proxy still runs, and eBPF serves', async () => {
  await order('BPF');
  await node.evidence(
    'BPF',
    (s, g) =>
      s.mode === 'BPF' &&
      has(
        s,
        g,
        'Supported=True',
        'ApiServerDirect=True',
        'ServicesProgrammed=True',
        'KubeProxyProgrammed=True',
      ),
  );
  const before = await metric('margay_bpf_packets_total{reason="sock_connect"');
  assert.equal(await node.host(curl(clusterIP)), 'a');
  assert.ok((await metric('margay_bpf_packets_total{reason="sock_connect"')) > before);
});

test('F2: both families are loaded, and answer at once', async () => {
  const { maps, links } = pinPaths(node.bpffs);
  const loaded = (names: readonly string[], family: 4 | 6): string[] =>
    names.filter((name) => name.endsWith(String(family))).map((name) => name.slice(0, -1));
  // IPv4's programs are also where IPv6 sockets speak it.
  const own = (await readdir(links)).filter((name) => !name.includes('_mapped'));
  for (const names of [await readdir(maps), own])
    assert.deepEqual(loaded(names, 6).sort(), loaded(names, 4).sort());
  assert.ok(own.includes('cgroup-connect6'));
  for (const family of [4, 6])
    assert.ok((await metric(`margay_bpf_map_entries{map="services${family}"`)) >= 2, `IPv${family}`);
  const before = await metric('margay_bpf_packets_total{reason="new_flow"');
  assert.deepEqual(await askers(node.host), always('a'));
  assert.deepEqual(await askers(pod), always('a'));
  assert.ok((await metric('margay_bpf_packets_total{reason="new_flow"')) > before);
});

test('a Service that is not served exactly is named, and no longer when it is gone', async () => {
  await apply(service('sctp', { clusterIP: '10.96.0.52', ports: [{ port: 80, protocol: 'SCTP' }] }));
  const { status } = await node.evidence('UnsupportedService', (s, g) =>
    has(s, g, 'ServicesProgrammed=False/UnsupportedService'),
  );
  assert.match(status?.message ?? '', /default\/sctp \(an SCTP port\)/);
  await cluster.kubectl(['delete', 'service', 'sctp']);
  await node.evidence('ServicesProgrammed', (s, g) => has(s, g, 'ServicesProgrammed=True'));
});

test('O3 F2: parked: the leftovers of both families go, eBPF alone serves, and changes reach the kernel', async () => {
  await cluster.kubectl(['label', 'node', nodeName, 'margay.io/kube-proxy=parked']);
  await node.proxy.stop();
  await cluster.kubectl([
    '-n',
    'kube-system',
    'delete',
    'pod',
    'kube-proxy-n1',
    '--force',
    '--grace-period=0',
  ]);
  await node.evidence(
    'Parked',
    (s, g) => s.kubeProxy?.state === 'Parked' && has(s, g, 'ServicesProgrammed=True'),
  );
  assert.doesNotMatch(await node.host('iptables-nft-save; ip6tables-nft-save'), /KUBE-SERVICES/);
  assert.deepEqual(await askers(node.host), always('a'));
  assert.deepEqual(await askers(pod), always('a'));
  await serveBy(6);
  await until('the other backend', 5000, async () =>
    isDeepStrictEqual(await askers(pod), always('b')) ? true : undefined,
  );
  assert.equal(await node.host(`${curl('10.96.0.51')} || echo "curl $?"`), 'curl 7\n', 'refused at once');
});

test('S14: a UDP client keeps its port, and follows its Service from a backend that goes to the next', async () => {
  await apply(
    service('dns', { clusterIP: '10.96.0.53', ports: [{ port: 53, targetPort: 8080, protocol: 'UDP' }] }),
  );
  await apply(slice('dns', ['10.244.1.5'], 'UDP'));
  const script = `const s = require('node:dgram').createSocket('udp4').bind(5353);
    const seen = new Set();
    s.on('message', (m) => { seen.add(String(m)); if (seen.size === 2) { console.log([...seen].join(' ')); process.exit(); } });
    setInterval(() => s.send('?', 53, '10.96.0.53'), 100);
    setTimeout(() => { console.log('only ' + [...seen]); process.exit(); }, 8000);`;
  const client = pod(`exec ${process.execPath} -e "${script}"`);
  await sleep(1000);
  await apply(slice('dns', ['10.244.1.6'], 'UDP'));
  assert.equal(await client, 'a b\n');
});

test('R1: the agent is killed: traffic goes on; the next one takes over what is there', async () => {
  await node.stopAgent('kill');
  assert.deepEqual(await askers(pod), always('b'));
  assert.deepEqual(await askers(node.host), always('b'));
  await node.startAgent();
  await until('a verified agent', 20_000, async () =>
    (await metric('margay_agent_verified').catch(() => 0)) === 1 ? true : undefined,
  );
  assert.equal(await metric('margay_agent_written_entries_total'), 0, 'nothing had to be written');
  assert.deepEqual(await askers(pod), always('b'));
});

test('R4: programs, pins and entries that somebody removed are put back', async () => {
  const { maps, links } = pinPaths(node.bpffs);
  await node.host(
    `bpftool map delete pinned ${maps}/services4 key hex 0a 60 00 32 00 50 06 00; rm ${links}/*`,
  );
  await until(
    'repair',
    90_000,
    async () =>
      isDeepStrictEqual(await askers((script) => pod(`${script} || true`)), always('b')) ? true : undefined,
    1000,
  );
});

test('O4: back to Standard: not before kube-proxy serves everything, and nothing of ours stays', async () => {
  await order('Standard');
  await node.evidence(
    'KubeProxy',
    (s, g) => s.mode === 'BPF' && has(s, g, 'KubeProxyProgrammed=False/Parked'),
  );
  assert.deepEqual(await askers(pod), always('b'));
  await cluster.kubectl(['label', 'node', nodeName, 'margay.io/kube-proxy-']);
  const started = new Date();
  await node.proxy.start('iptables-nft');
  await kubeProxyPod(started);
  await node.evidence(
    'Standard',
    (s, g) => s.mode === 'Standard' && has(s, g, 'ServicesProgrammed=False/StandardMode'),
  );
  assert.ok(!(await readdir(node.bpffs)).includes('margay'));
  assert.deepEqual(await askers(node.host), always('b'));
  assert.deepEqual(await askers(pod), always('b'));
});
