/** Bad input and foreign hands: each gets a clear message, and harms nothing else. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { canPark } from '../src/render/kube-proxy.ts';
import { Rig } from './support/rig.ts';

let rig: Rig;

const MAP = 'kubernetes-services-endpoint';

before(async () => {
  rig = await Rig.start({ nodes: ['n1'] });
  await rig.operator();
});

after(() => rig.stop());

async function refused(manifest: object): Promise<string> {
  try {
    await rig.cp.kubectl(['apply', '-f', '-'], JSON.stringify(manifest));
  } catch (error) {
    return String(error);
  }
  assert.fail('was admitted');
}

async function endpointMap(data: Readonly<Record<string, string>>): Promise<void> {
  const metadata = { name: MAP, namespace: 'margay-operator' };
  const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
  await rig.cp.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], JSON.stringify(manifest));
}

const copy = async (): Promise<string> =>
  rig.cp
    .kubectl([
      '-n',
      'margay-system',
      'get',
      'configmap',
      MAP,
      '-o',
      'jsonpath={.data.KUBERNETES_SERVICE_ENDPOINTS}',
    ])
    .catch(() => '');

/** Resolves when the Installation is no longer degraded. */
const healthy = (): Promise<string> => rig.condition('Degraded', 'False');

const label = (text: string): Promise<string> =>
  rig.cp.kubectl(['-n', 'kube-system', 'label', 'daemonset', 'kube-proxy', '--overwrite', text]);

test('O11: a second Installation is refused at admission', async () => {
  const other = { apiVersion: 'margay.io/v1', kind: 'Installation', metadata: { name: 'other' }, spec: {} };
  assert.match(await refused(other), /default/);
});

test('O3: a kube-proxy that another tool looks after stops us, and names the tool', async () => {
  await label('argocd.argoproj.io/instance=platform');
  await rig.install({});
  const message = await rig.condition('Degraded', 'True', 'KubeProxyManaged');
  assert.match(message, /kube-system\/kube-proxy.*Argo CD application platform.*kubeProxyManagement/);
  assert.ok(!canPark(await rig.kubeProxy()));
  assert.deepEqual(await rig.parked(), []);
  assert.equal((await rig.orders())['n1'], 'Standard');
  await label('argocd.argoproj.io/instance-');
  await rig.condition('Ready', 'True');
  assert.deepEqual(await rig.parked(), ['n1']);
});

test('kubeProxyManagement: Disabled leaves kube-proxy alone and says what to do', async () => {
  await rig.install({ bpfEnabled: false });
  await rig.until('affinity restored', async () => (canPark(await rig.kubeProxy()) ? undefined : true));
  await rig.install({ kubeProxyManagement: 'Disabled' });
  await rig.condition('Ready', 'True');
  const { kubeProxy, nodes } = await rig.status();
  assert.deepEqual([kubeProxy?.state, nodes?.bpf], ['Unmanaged', 1]);
  assert.match(kubeProxy?.message ?? '', /not touched/);
  assert.ok(!canPark(await rig.kubeProxy()));
  assert.deepEqual(await rig.parked(), []);
  await rig.install({});
  await rig.condition('Ready', 'True');
});

test("O2: the user's endpoint map is obeyed and never written", async () => {
  const [host = '', port = ''] = (rig.cp.endpoints[0] ?? '').split(':');
  await endpointMap({
    KUBERNETES_SERVICE_HOST: host,
    KUBERNETES_SERVICE_PORT: port,
    KUBERNETES_SERVICE_ENDPOINTS: '10.241.255.1:6443',
  });
  await rig.until('obeyed', async () =>
    (await rig.status()).apiServer?.source === 'ConfigMap' ? true : undefined,
  );
  assert.equal(await copy(), `${host}:${port},10.241.255.1:6443`);
  await healthy();
  const own = await rig.cp.kubectl([
    '-n',
    'margay-operator',
    'get',
    'configmap',
    MAP,
    '-o',
    'jsonpath={.data.KUBERNETES_SERVICE_ENDPOINTS}',
  ]);
  assert.equal(own, '10.241.255.1:6443');
});

const BAD: readonly [string, Readonly<Record<string, string>>, string, RegExp][] = [
  [
    'a malformed',
    { KUBERNETES_SERVICE_HOST: 'a b', KUBERNETES_SERVICE_PORT: '6443' },
    'EndpointMapMalformed',
    /margay-operator\/kubernetes-services-endpoint.*KUBERNETES_SERVICE_HOST/,
  ],
  ['an empty', { other: 'x' }, 'EndpointMapMalformed', /names no address/],
  [
    'an unreachable',
    { KUBERNETES_SERVICE_HOST: '10.241.255.1', KUBERNETES_SERVICE_PORT: '6443' },
    'EndpointUnreachable',
    /10\.241\.255\.1:6443 does not answer/,
  ],
];

for (const [what, data, reason, words] of BAD) {
  test(`O11: ${what} endpoint map is reported, and the last good one stays`, async () => {
    const before = await copy();
    await rig.cp.kubectl(['-n', 'margay-operator', 'delete', 'configmap', MAP]);
    await endpointMap({ ...data });
    const message = await rig.condition('Degraded', 'True', reason);
    assert.match(message, words);
    assert.match(message, /last good one stays/);
    assert.ok((await copy()).startsWith(before.split(',')[0] ?? '-'));
    assert.deepEqual(await rig.parked(), ['n1']);
  });
}

test('O2: without a map of the user the operator finds the endpoints itself again', async () => {
  await rig.cp.kubectl(['-n', 'margay-operator', 'delete', 'configmap', MAP]);
  await rig.until('found', async () =>
    (await rig.status()).apiServer?.source === 'KubeProxyConfig' ? true : undefined,
  );
  await healthy();
  assert.equal(await copy(), rig.cp.endpoints[0]);
});

test('O5: a kernel that cannot is named and excused; kube-proxy keeps that node', async () => {
  const n2 = await rig.standIns.addNode('n2');
  n2.supported = false;
  await rig.until('unsupported', async () =>
    (await rig.status()).nodes?.unsupported === 1 ? true : undefined,
  );
  const message = await rig.condition('Ready', 'True');
  assert.match(message, /n2: \/sys\/kernel\/btf\/vmlinux is not there; kube-proxy keeps the node/);
  const { kubeProxy } = await rig.status();
  assert.ok(kubeProxy);
  assert.equal(kubeProxy.state, 'PartlyParked');
  assert.match(kubeProxy.message ?? '', /parked on 1 of 2 nodes.*n2/);
  assert.ok((await rig.events('n2: /sys/kernel/btf/vmlinux')).includes('MissingKernelFeature'));
  await healthy();
});

test('O15: Windows and virtual nodes are excluded', async () => {
  for (const [name, labels] of [
    ['win', { 'kubernetes.io/os': 'windows' }],
    ['vk', { type: 'virtual-kubelet' }],
  ] as const) {
    await rig.standIns.addNode(name, labels);
  }
  await rig.until('excluded', async () => ((await rig.status()).nodes?.excluded === 2 ? true : undefined));
  await rig.condition('Ready', 'True');
  assert.deepEqual(Object.keys(await rig.orders()).sort(), ['n1', 'n2']);
});

test('O3: three reverts within ten minutes make us stop, until the Installation changes', async () => {
  const revert = '[{"op":"remove","path":"/spec/template/spec/affinity"}]';
  const patch = ['-n', 'kube-system', 'patch', 'daemonset', 'kube-proxy', '--type=json', '-p', revert];
  for (let i = 0; i < 3; i += 1) {
    await rig.until('parkable', async () => (canPark(await rig.kubeProxy()) ? true : undefined));
    await rig.cp.kubectl(patch);
  }
  const message = await rig.condition('Degraded', 'True', 'KubeProxyContested');
  assert.match(message, /kube-system\/kube-proxy was changed back 3 times.*kubectl/);
  assert.equal((await rig.status()).kubeProxy?.state, 'Contested');
  assert.ok(!canPark(await rig.kubeProxy()));
  await rig.install({ nodeUpdateStrategy: { soak: '1s' } });
  await rig.until('parkable', async () => (canPark(await rig.kubeProxy()) ? true : undefined));
  await healthy();
});

test('an absent kube-proxy is said to be absent', async () => {
  await rig.cp.kubectl(['-n', 'kube-system', 'delete', 'daemonset', 'kube-proxy']);
  await rig.until('absent', async () =>
    (await rig.status()).kubeProxy?.state === 'Absent' ? true : undefined,
  );
  const message = await rig.condition('Available', 'False', 'NodeNotServed');
  assert.match(message, /n2/);
});
