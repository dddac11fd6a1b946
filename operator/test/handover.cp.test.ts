/** The whole way there and back, on a real control plane, with the operator under its own service account. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isNotFound } from '@margay/lib/errors';
import { daemonSets } from '@margay/lib/resources';
import type { PlacedDaemonSet } from '../src/render/kube-proxy.ts';
import { canPark } from '../src/render/kube-proxy.ts';
import { Rig } from './support/rig.ts';
import { type Behaviour, unsupportedService, wellBehaved } from './support/stand-ins.ts';

const NODES = ['n1', 'n2', 'n3'];

let rig: Rig;
let original: PlacedDaemonSet;

before(async () => {
  rig = await Rig.start({ nodes: NODES });
  original = await rig.kubeProxy();
  await rig.operator();
});

after(() => rig.stop());

function at(list: readonly string[], what: string): number {
  const index = list.indexOf(what);
  assert.notEqual(index, -1, `${what} never happened: ${list.join(', ')}`);
  return index;
}

const withoutStatus = (ds: PlacedDaemonSet): unknown => ds.spec;

test('O1, O3: an empty spec brings every node to eBPF and parks kube-proxy behind the evidence', async () => {
  await rig.install();
  const message = await rig.condition('Ready', 'True');
  assert.match(message, /3 nodes/);
  assert.deepEqual(await rig.parked(), NODES);
  assert.ok(canPark(await rig.kubeProxy()));
  for (const name of NODES) {
    const story = rig.history.of(name);
    assert.ok(at(story, 'order BPF') < at(story, 'evidence ServicesProgrammed=True'));
    assert.ok(at(story, 'evidence ServicesProgrammed=True') < at(story, 'label parked'));
    assert.ok(at(story, 'label parked') < at(story, 'kube-proxy pod gone'));
  }
  const { nodes, kubeProxy, summary, apiServer } = await rig.status();
  assert.deepEqual([nodes?.bpf, nodes?.total, kubeProxy?.state, summary?.nodes], [3, 3, 'Parked', '3/3']);
  assert.deepEqual(apiServer, { endpoints: [...rig.cp.endpoints], source: 'KubeProxyConfig' });
});

test('O4: one node at a time: no order before the node before it is parked', () => {
  const story = rig.history.all.filter((e) => e.what === 'order BPF' || e.what === 'kube-proxy pod gone');
  const nodesInTurn = story.filter((_, i) => i % 2 === 0).map((e) => e.node);
  const expected = nodesInTurn.flatMap((n) => [`${n} order BPF`, `${n} kube-proxy pod gone`]);
  assert.deepEqual(
    story.map((e) => `${e.node} ${e.what}`),
    expected,
  );
  assert.deepEqual(nodesInTurn.toSorted(), NODES);
});

test('O3: a Service that this version does not serve brings kube-proxy back everywhere, and again away', async (t) => {
  const setAll = (node: () => Behaviour): void => {
    for (const name of NODES) rig.standIns.nodes.set(name, node());
  };
  t.after(() => setAll(wellBehaved));
  setAll(() => ({ ...wellBehaved(), services: unsupportedService }));
  const named = NODES.map((name) => `${name}: default/sctp: .*`).join('');
  await rig.condition('Ready', 'False', 'UnsupportedService', new RegExp(named));
  await rig.until('no node parked', async () => ((await rig.parked()).length === 0 ? true : undefined));
  await rig.until('kube-proxy everywhere', async () => {
    const { conditions = [] } = await rig.status();
    return conditions.some((c) => c.type === 'Available' && c.status === 'True') ? true : undefined;
  });
  assert.ok((await rig.events('default/sctp')).includes('KubeProxyBroughtBack'));
  setAll(wellBehaved);
  await rig.condition('Ready', 'True');
  assert.deepEqual(await rig.parked(), NODES);
});

test('O3: a new node joins, and has kube-proxy until its agent has shown that it can', async () => {
  await rig.standIns.addNode('n4');
  await rig.until('n4 parked', async () => ((await rig.parked()).includes('n4') ? true : undefined));
  const story = rig.history.of('n4');
  assert.ok(at(story, 'evidence ServicesProgrammed=True') < at(story, 'label parked'));
  await rig.cp.kubectl(['delete', 'node', 'n4']);
  rig.standIns.nodes.delete('n4');
  await rig.until('order of n4 gone', async () => ('n4' in (await rig.orders()) ? undefined : true));
});

test('O8: what somebody changes of ours is put right, with an Event', async () => {
  await rig.cp.kubectl(['-n', 'margay-system', 'delete', 'daemonset', 'margay-agent', '--cascade=orphan']);
  const image = '{.spec.template.spec.containers[0].image}';
  const get = ['-n', 'margay-system', 'get', 'daemonset', 'margay-agent', '-o', `jsonpath=${image}`];
  const look = (): Promise<string> => rig.cp.kubectl(get).catch(() => '');
  await rig.until('agents back', async () => ((await look()) === 'margay/agent:0.1.0' ? true : undefined));
  await rig.cp.kubectl(['-n', 'margay-system', 'set', 'image', 'daemonset/margay-agent', 'agent=evil:1']);
  await rig.until('image put right', async () =>
    (await look()) === 'margay/agent:0.1.0' ? true : undefined,
  );
  await rig.until('Event', async () =>
    (await rig.events('margay-agent was changed')).includes('DriftRepaired') ? true : undefined,
  );
});

test('O3: kube-proxy made to run everywhere by somebody keeps off parked nodes again', async () => {
  const patch = '[{"op":"remove","path":"/spec/template/spec/affinity"}]';
  await rig.cp.kubectl(['-n', 'kube-system', 'patch', 'daemonset', 'kube-proxy', '--type=json', '-p', patch]);
  await rig.until('parkable again', async () => (canPark(await rig.kubeProxy()) ? true : undefined));
  await rig.until('Event', async () =>
    (await rig.events('kube-system/kube-proxy')).includes('KubeProxyRepaired') ? true : undefined,
  );
  await rig.condition('Ready', 'True');
});

test('O4: bpfEnabled: false brings kube-proxy back first, then orders Standard, then restores its affinity', async () => {
  const from = rig.history.now;
  await rig.install({ bpfEnabled: false });
  await rig.condition('Ready', 'True');
  assert.deepEqual(await rig.parked(), []);
  for (const name of NODES) {
    const story = rig.history.of(name, from);
    assert.ok(at(story, 'label none') < at(story, 'kube-proxy pod ready'));
    assert.ok(at(story, 'evidence KubeProxyProgrammed=True') < at(story, 'order Standard'));
  }
  await rig.until('affinity restored', async () => (canPark(await rig.kubeProxy()) ? undefined : true));
  const restored = await rig.kubeProxy();
  assert.deepEqual(withoutStatus(restored), withoutStatus(original));
  assert.deepEqual(
    Object.keys(restored.metadata?.annotations ?? {}),
    Object.keys(original.metadata?.annotations ?? {}),
  );
});

test('O9: deletion with foreground cascade takes the same way, then removes everything of ours', async () => {
  await rig.install({});
  await rig.condition('Ready', 'True');
  const from = rig.history.now;
  await rig.cp.kubectl(['delete', 'installation', 'default', '--cascade=foreground', '--wait=false']);
  await rig.until('Installation gone', async () =>
    (await rig.installation()) === undefined ? true : undefined,
  );
  for (const name of NODES) {
    const story = rig.history.of(name, from);
    assert.ok(at(story, 'evidence KubeProxyProgrammed=True') < at(story, 'order Standard'));
  }
  assert.deepEqual(await rig.parked(), []);
  assert.deepEqual(await rig.orders(), {});
  assert.deepEqual(withoutStatus(await rig.kubeProxy()), withoutStatus(original));
  const agents = rig.client.get(daemonSets, { namespace: 'margay-system', name: 'margay-agent' });
  await assert.rejects(agents, (error: unknown) => isNotFound(error));
  const maps = await rig.cp.kubectl(['get', 'configmap', '-A', '-l', 'margay.io/managed=true', '-o', 'name']);
  assert.equal(maps, '');
  assert.ok((await rig.events('Margay is removed')).includes('Removed'));
});
