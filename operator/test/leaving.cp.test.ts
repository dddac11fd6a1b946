/** Nodes that the user leaves out, on a real control plane: none loses its agent before kube-proxy serves it again. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Rig } from './support/rig.ts';

const POOLS: Readonly<Record<string, string>> = { n1: 'a', n2: 'a', n3: 'b' };

let rig: Rig;

before(async () => {
  rig = await Rig.start({ nodes: Object.keys(POOLS) });
  for (const [name, pool] of Object.entries(POOLS))
    await rig.cp.kubectl(['label', 'node', name, `pool=${pool}`]);
  await rig.operator();
  await rig.install();
  await rig.condition('Ready', 'True');
  assert.deepEqual(await rig.parked(), Object.keys(POOLS));
});

after(() => rig.stop());

/** A spec whose agents run on the nodes of one pool only. */
function only(pool: string): object {
  const nodeSelectorTerms = [{ matchExpressions: [{ key: 'pool', operator: 'In', values: [pool] }] }];
  const required = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
  return { agent: { affinity: { nodeAffinity: required } } };
}

/** Waits until the node's agent has gone, and sees that everything before it came in order. */
async function letGo(node: string, from: number): Promise<void> {
  await rig.until(`${node} to be let go`, () =>
    Promise.resolve(rig.history.of(node, from).includes('agent pod gone') ? true : undefined),
  );
  const story = rig.history.of(node, from);
  const steps = [
    'label returning',
    'kube-proxy pod ready',
    'evidence KubeProxyProgrammed=True',
    'order Standard',
    'mode Standard',
    'label none',
    'agent pod gone',
  ];
  assert.deepEqual(
    steps.toSorted((a, b) => story.indexOf(a) - story.indexOf(b)),
    steps,
    story.join(', '),
  );
  const once = story.filter((what) => what.startsWith('label') || what === 'agent pod gone');
  assert.deepEqual(once, ['label returning', 'label none', 'agent pod gone'], story.join(', '));
}

test('bpfNodeSelector: a node that it leaves out is back on kube-proxy, and keeps its agent', async () => {
  const from = rig.history.now;
  await rig.install({ bpfNodeSelector: { matchLabels: { pool: 'a' } } });
  await rig.until('n3 back', () =>
    Promise.resolve(rig.history.of('n3', from).includes('mode Standard') ? true : undefined),
  );
  assert.deepEqual(await rig.parked(), ['n1', 'n2']);
  await rig.install();
  await rig.until('n3 parked', async () => ((await rig.parked()).includes('n3') ? true : undefined));
  const story = rig.history.of('n3', from);
  assert.ok(story.indexOf('evidence KubeProxyProgrammed=True') < story.indexOf('order Standard'));
  assert.ok(!story.includes('agent pod gone'), story.join(', '));
});

test('O12: a node that spec.agent.affinity leaves out is back on kube-proxy before its agent goes', async () => {
  await rig.condition('Ready', 'True');
  const from = rig.history.now;
  await rig.install(only('a'));
  await letGo('n3', from);
  await rig.condition('Ready', 'True');
  const { nodes } = await rig.status();
  assert.deepEqual([nodes?.bpf, nodes?.excluded], [2, 1]);
  assert.deepEqual(await rig.parked(), ['n1', 'n2']);
  for (const node of ['n1', 'n2']) {
    const story = rig.history.of(node, from);
    assert.ok(!story.some((what) => what.startsWith('label')), story.join(', '));
  }
  assert.ok((await rig.events('n3: spec.agent.affinity')).includes('NodeLeaving'));
});

test('O12: a node that its own labels leave out is back on kube-proxy before its agent goes', async () => {
  const from = rig.history.now;
  await rig.cp.kubectl(['label', 'node', 'n2', 'pool=b', '--overwrite']);
  await letGo('n2', from);
  await rig.condition('Ready', 'True');
  assert.deepEqual(await rig.parked(), ['n1']);
});

test('O12: a node that cannot go back yet is named, and keeps its agent until it can', async () => {
  const from = rig.history.now;
  const n1 = rig.standIns.nodes.get('n1');
  assert.ok(n1);
  n1.answers = false;
  await rig.install(only('c'));
  const words = /n1: spec\.agent\.affinity does not allow it any more: its agent stays.*kube-proxy/;
  await rig.condition('Ready', 'False', undefined, words);
  // Longer than the DaemonSet controller needs for a pod that its template does not allow.
  await rig.until('kube-proxy on n1', () =>
    Promise.resolve(rig.history.of('n1', from).includes('kube-proxy pod ready') ? true : undefined),
  );
  const get = ['-n', 'margay-system', 'get', 'daemonset', 'margay-agent', '-o', 'json'];
  const { spec, status } = JSON.parse(await rig.cp.kubectl(get)) as AgentsView;
  assert.match(JSON.stringify(spec.template.spec.affinity), /"c"/);
  assert.equal(status.desiredNumberScheduled, 1);
  assert.ok(!rig.history.of('n1', from).includes('agent pod gone'));
  n1.answers = true;
  await letGo('n1', from);
  await rig.condition('Ready', 'True');
  assert.equal((await rig.status()).nodes?.excluded, 3);
});

interface AgentsView {
  readonly spec: { readonly template: { readonly spec: { readonly affinity: unknown } } };
  readonly status: { readonly desiredNumberScheduled: number };
}
