/** What RBAC and the admission policies refuse, tried with the tokens that agents and the operator have. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Rig } from './support/rig.ts';

let rig: Rig;
let agent: string;
let operator: string;

async function podOf(node: string): Promise<string> {
  return rig.until(`agent on ${node}`, async () => {
    const field = `--field-selector=spec.nodeName=${node},status.phase=Running`;
    const name = await rig.cp
      .kubectl(['-n', 'margay-system', 'get', 'pods', field, '-o', 'jsonpath={.items[0].metadata.name}'])
      .catch(() => '');
    return name === '' ? undefined : name;
  });
}

before(async () => {
  rig = await Rig.start({ nodes: ['n1', 'n2'] });
  const process = await rig.operator();
  await rig.install({});
  await rig.condition('Ready', 'True');
  await process.end();
  const bound = ['--bound-object-kind', 'Pod', '--bound-object-name', await podOf('n1')];
  const token = await rig.cp.kubectl(['-n', 'margay-system', 'create', 'token', 'margay-agent', ...bound]);
  agent = await rig.kubeconfigOf('agent-n1', token.trim());
  const own = await rig.cp.kubectl(['-n', 'margay-operator', 'create', 'token', 'margay-operator']);
  operator = await rig.kubeconfigOf('operator', own.trim());
});

after(() => rig.stop());

/** Runs kubectl as somebody; resolves to what it printed, or to the refusal. */
async function as(kubeconfig: string, args: readonly string[]): Promise<string> {
  return rig.cp.kubectl([`--kubeconfig=${kubeconfig}`, ...args]).catch((error: unknown) => String(error));
}

const patch = (type: string, name: string, value: object, ...more: string[]): readonly string[] => [
  'patch',
  type,
  name,
  '--type=merge',
  '-p',
  JSON.stringify(value),
  ...more,
];

const STATUS = { status: { reason: 'Tried', message: 'n1: tried' } };
const LABEL = 'margay.io/kube-proxy';

test("O10: an agent writes its own node's status", async () => {
  assert.match(await as(agent, patch('nodedataplane', 'n1', STATUS, '--subresource=status')), /patched/);
});

const DENIED: readonly [string, () => string, readonly string[], RegExp][] = [
  [
    "an agent: another node's status",
    () => agent,
    patch('nodedataplane', 'n2', STATUS, '--subresource=status'),
    /its own node only.*'n1'.*n2/,
  ],
  [
    'an agent: its own order',
    () => agent,
    patch('nodedataplane', 'n1', { spec: { mode: 'Standard' } }),
    /forbidden/i,
  ],
  [
    'an agent: a label of its node',
    () => agent,
    patch('node', 'n1', { metadata: { labels: { [LABEL]: 'parked' } } }),
    /forbidden/i,
  ],
  ['an agent: Secrets', () => agent, ['get', 'secrets', '-A'], /forbidden/i],
  [
    'an agent: its configuration',
    () => agent,
    ['-n', 'margay-system', 'delete', 'configmap', '--all'],
    /forbidden/i,
  ],
  [
    "the operator: the Installation's spec",
    () => operator,
    patch('installation', 'default', { spec: { bpfEnabled: false } }),
    /spec of an Installation is the user's/,
  ],
  [
    'the operator: another label of a Node',
    () => operator,
    patch('node', 'n1', { metadata: { labels: { other: 'x' } } }),
    /margay\.io\/kube-proxy only/,
  ],
  [
    'the operator: a label of a Node away',
    () => operator,
    patch('node', 'n1', { metadata: { labels: { 'kubernetes.io/os': null } } }),
    /margay\.io\/kube-proxy only/,
  ],
  [
    'the operator: a taint',
    () => operator,
    patch('node', 'n1', { spec: { unschedulable: true } }),
    /nothing of a Node but one label/,
  ],
  [
    "the operator: kube-proxy's image",
    () => operator,
    patch(
      'daemonset',
      'kube-proxy',
      { spec: { template: { spec: { containers: [{ name: 'kube-proxy', image: 'evil:1' }] } } } },
      '-n',
      'kube-system',
    ),
    /what kube-proxy's pods run/,
  ],
  [
    "the operator: kube-proxy's tolerations",
    () => operator,
    patch(
      'daemonset',
      'kube-proxy',
      { spec: { template: { spec: { tolerations: [] } } } },
      '-n',
      'kube-system',
    ),
    /node affinity only/,
  ],
  [
    "the operator: kube-proxy's labels",
    () => operator,
    patch('daemonset', 'kube-proxy', { metadata: { labels: { x: 'y' } } }, '-n', 'kube-system'),
    /nothing else of the object/,
  ],
  [
    'the operator: kube-proxy away',
    () => operator,
    ['-n', 'kube-system', 'delete', 'daemonset', 'kube-proxy'],
    /forbidden/i,
  ],
  [
    'the operator: evidence',
    () => operator,
    patch('nodedataplane', 'n1', STATUS, '--subresource=status'),
    /forbidden/i,
  ],
  ['the operator: Secrets', () => operator, ['get', 'secrets', '-A'], /forbidden/i],
  [
    'the operator: a right for itself',
    () => operator,
    [
      'create',
      'clusterrolebinding',
      'x',
      '--clusterrole=cluster-admin',
      '--serviceaccount=margay-operator:margay-operator',
    ],
    /forbidden/i,
  ],
];

for (const [what, who, args, words] of DENIED) {
  test(`O10: refused: ${what}`, async () => {
    assert.match(await as(who(), args), words);
  });
}

test('O10: a token that is bound to no node gives no evidence at all', async () => {
  const token = await rig.cp.kubectl(['-n', 'margay-system', 'create', 'token', 'margay-agent']);
  const unbound = await rig.kubeconfigOf('agent-unbound', token.trim());
  const answer = await as(unbound, patch('nodedataplane', 'n1', STATUS, '--subresource=status'));
  assert.match(answer, /its own node only/);
});

test("O10: the operator may set the one label and kube-proxy's node affinity", async () => {
  assert.match(
    await as(operator, patch('node', 'n1', { metadata: { labels: { [LABEL]: null } } })),
    /patched/,
  );
  const affinity = {
    nodeAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 1, preference: { matchExpressions: [{ key: 'a', operator: 'Exists' }] } },
      ],
    },
  };
  const value = { spec: { template: { spec: { affinity } } } };
  assert.match(await as(operator, patch('daemonset', 'kube-proxy', value, '-n', 'kube-system')), /patched/);
});

test('O9: no object of ours has an owner that a cascading deletion could follow', async () => {
  for (const what of [
    'nodedataplanes',
    'daemonsets -n margay-system',
    'configmaps -n margay-system',
    'configmaps -n margay-operator',
  ]) {
    const out = await rig.cp.kubectl([
      'get',
      ...what.split(' '),
      '-o',
      'jsonpath={.items[*].metadata.ownerReferences}',
    ]);
    assert.equal(out, '', what);
  }
});

test('the policies are free of type errors', async () => {
  const out = await rig.cp.kubectl(['get', 'validatingadmissionpolicies', '-o', 'json']);
  const { items } = JSON.parse(out) as {
    items: { metadata: { name: string }; status?: { typeChecking?: object } }[];
  };
  for (const { metadata, status } of items) assert.deepEqual(status?.typeChecking, {}, metadata.name);
});
