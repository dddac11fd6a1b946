import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock, Verdict } from './engine.ts';
import { plan } from './engine.ts';
import type { ClusterFacts, NodeFacts } from './facts.ts';
import { CLUSTER, SERVING, SHOWN, SILENT, denied, node, parked } from './testing.ts';

const at = (nowMs: number, since: Clock['since'] = new Map()): Clock => ({
  nowMs,
  since,
  drainTimeoutMs: 600_000,
});

function one(n: NodeFacts, cluster: ClusterFacts = CLUSTER): Verdict {
  const [v] = plan([n], cluster, at(0)).verdicts;
  assert.ok(v);
  return v;
}

const BPF = { mode: 'BPF', current: true } as const;
const KP = { ...SERVING, kubeProxy: SHOWN };

const CASES: readonly [string, NodeFacts, Partial<ClusterFacts>, string, string | undefined, string][] = [
  [
    'a new node is ordered Standard first',
    { ...node('n'), order: undefined } as unknown as NodeFacts,
    {},
    'New',
    'OrderStandard',
    'Changing',
  ],
  [
    'a parked node whose order was lost is ordered BPF',
    { ...parked('n'), order: undefined } as unknown as NodeFacts,
    {},
    'New',
    'OrderBPF',
    'Changing',
  ],
  [
    'a parked node that is leaving is unparked',
    parked('n', { wanted: 'Standard', leaving: 'left out' }),
    {},
    'BPF',
    'Unpark',
    'Changing',
  ],
  [
    'a node that is leaving and back on kube-proxy is released',
    node('n', {
      wanted: 'Standard',
      leaving: 'left out',
      kept: true,
      shown: { ...SILENT, fresh: true, mode: 'Standard' },
    }),
    {},
    'Standard',
    'Release',
    'Changing',
  ],
  [
    'a node that is leaving keeps its agent until that has said that it is back',
    node('n', { wanted: 'Standard', leaving: 'left out', kept: true }),
    {},
    'Standard',
    undefined,
    'Changing',
  ],
  [
    'a node whose label was forgotten is released before it begins again',
    node('n', { kept: true, shown: { ...SILENT, fresh: true, mode: 'Standard' } }),
    {},
    'Standard',
    'Release',
    'Changing',
  ],
  ['a node with an agent begins', node('n'), {}, 'Standard', 'OrderBPF', 'Changing'],
  [
    'a node without an agent waits',
    node('n', { agent: { up: false, outdated: false, problem: 'ErrImagePull' } }),
    {},
    'Standard',
    undefined,
    'Waiting',
  ],
  [
    'an unreachable node is passed over',
    node('n', { reachable: false }),
    {},
    'Standard',
    undefined,
    'Waiting',
  ],
  [
    'a refused kube-proxy begins nothing',
    node('n'),
    { kubeProxy: 'Refused', kubeProxyWhy: 'Argo CD owns it' },
    'Standard',
    undefined,
    'Waiting',
  ],
  [
    'an excluded node is left alone',
    node('n', { excluded: 'runs Windows' }),
    {},
    'Excluded',
    undefined,
    'Excluded',
  ],
  ['no park without evidence', node('n', { order: BPF }), {}, 'Enabling', undefined, 'Changing'],
  [
    'no park without ApiServerDirect',
    node('n', { order: BPF, shown: { ...SERVING, apiServerDirect: denied('NoEndpoint', 'x') } }),
    {},
    'Enabling',
    undefined,
    'Changing',
  ],
  ['park on evidence', node('n', { order: BPF, shown: SERVING }), {}, 'Beside', 'Park', 'Changing'],
  [
    'no park where kube-proxy is not ours',
    node('n', { order: BPF, shown: SERVING }),
    { kubeProxy: 'Disabled' },
    'BPF',
    undefined,
    'Done',
  ],
  ['a parked node with its evidence is done', parked('n'), {}, 'BPF', undefined, 'Done'],
  ['parked, but the pod is there', parked('n', { kubeProxyPod: true }), {}, 'Parking', undefined, 'Changing'],
  [
    'parked, but rules are there',
    parked('n', { shown: { ...SERVING, kubeProxyLeft: true } }),
    {},
    'Parking',
    undefined,
    'Changing',
  ],
  [
    'an unsupported Service brings kube-proxy back at once',
    parked('n', { shown: { ...SERVING, services: denied('UnsupportedService', 'a/b: SCTP') } }),
    { paused: true },
    'Lost',
    'Unpark',
    'Changing',
  ],
  [
    'and blocks afterwards',
    node('n', { order: BPF, shown: { ...SERVING, services: denied('UnsupportedService', 'a/b: SCTP') } }),
    {},
    'Blocked',
    undefined,
    'Blocked',
  ],
  [
    'a kernel that cannot is excused',
    node('n', {
      order: BPF,
      shown: { ...SILENT, fresh: true, supported: denied('MissingKernelFeature', 'no BTF') },
    }),
    {},
    'Unsupported',
    undefined,
    'Unsupported',
  ],
  [
    'leaving eBPF begins with kube-proxy',
    parked('n', { wanted: 'Standard' }),
    {},
    'BPF',
    'Unpark',
    'Changing',
  ],
  [
    'no Standard before kube-proxy has shown its rules',
    parked('n', { wanted: 'Standard', parked: false, kubeProxyPod: true }),
    {},
    'Returning',
    undefined,
    'Changing',
  ],
  [
    'Standard at once where eBPF never became active: there is nothing to give back',
    parked('n', {
      wanted: 'Standard',
      parked: false,
      kubeProxyPod: true,
      shown: { ...SILENT, fresh: true, mode: 'Enabling' },
    }),
    {},
    'Returning',
    'OrderStandard',
    'Changing',
  ],
  [
    'Standard after it has',
    parked('n', { wanted: 'Standard', parked: false, kubeProxyPod: true, shown: KP }),
    {},
    'Returning',
    'OrderStandard',
    'Changing',
  ],
  [
    'never Standard without a kube-proxy',
    parked('n', { wanted: 'Standard', parked: false }),
    { kubeProxy: 'Absent' },
    'Returning',
    undefined,
    'Waiting',
  ],
  [
    'a draining node is changing',
    node('n', { wanted: 'Standard', shown: { ...SERVING, mode: 'Draining' } }),
    {},
    'Draining',
    undefined,
    'Changing',
  ],
  [
    'a draining node turns round',
    node('n', { shown: { ...SERVING, mode: 'Draining' } }),
    {},
    'Draining',
    'OrderBPF',
    'Changing',
  ],
  [
    'Standard and wanted so',
    node('n', { wanted: 'Standard', shown: { ...SILENT, mode: 'Standard' } }),
    {},
    'Standard',
    undefined,
    'Done',
  ],
  [
    'new settings are an order',
    parked('n', { order: { mode: 'BPF', current: false } }),
    {},
    'BPF',
    'OrderBPF',
    'Changing',
  ],
  [
    'an old agent is replaced',
    parked('n', { agent: { up: true, outdated: true, problem: '' } }),
    {},
    'BPF',
    'RestartAgent',
    'Changing',
  ],
  ['a stray label is taken off', node('n', { parked: true }), {}, 'Standard', 'Unpark', 'Changing'],
];

for (const [what, facts, cluster, state, order, standing] of CASES) {
  test(what, () => {
    const v = one(facts, { ...CLUSTER, ...cluster });
    assert.deepEqual([v.state, v.order, v.standing], [state, order, standing]);
    assert.equal(v.message === '', v.standing === 'Done');
    if (v.message !== '') assert.match(v.message, /^n: /);
  });
}

test('a node that has shown everything is not parked while another tool owns kube-proxy', () => {
  const v = one(node('n', { order: BPF, shown: SERVING }), {
    ...CLUSTER,
    kubeProxy: 'Refused',
    kubeProxyWhy: 'Argo CD',
  });
  assert.deepEqual([v.state, v.order, v.standing, v.message], ['Beside', undefined, 'Waiting', 'n: Argo CD']);
});

test('one node at a time, by name; the other says whom it waits for', () => {
  const nodes = [node('n2'), node('n1', { order: BPF })];
  const [n2, n1] = plan(nodes, CLUSTER, at(0)).verdicts;
  assert.equal(n1?.standing, 'Changing');
  assert.equal(n2?.order, undefined);
  assert.equal(n2?.message, 'n2: waits for n1');
});

test('a node that goes on comes before a node that begins', () => {
  const [a, b] = plan([node('a'), node('b', { order: BPF, shown: SERVING })], CLUSTER, at(0)).verdicts;
  assert.deepEqual([a?.order, b?.order], [undefined, 'Park']);
});

test('a node that gives no evidence fails in time, holds the others, and is named', () => {
  const nodes = [node('n1', { order: BPF }), node('n2')];
  const first = plan(nodes, CLUSTER, at(1_000));
  assert.equal(first.wakeMs, 60_000);
  const late = plan(nodes, CLUSTER, at(61_000, first.since));
  assert.deepEqual(
    late.verdicts.map((v) => v.standing),
    ['Failed', 'Waiting'],
  );
  assert.match(late.verdicts[0]?.message ?? '', /^n1: .*after 60s/);
  assert.equal(late.verdicts[1]?.message, 'n2: waits until n1 recovers');
  const going = plan(nodes, { ...CLUSTER, onFailure: 'Continue' }, at(61_000, first.since));
  assert.equal(going.verdicts[1]?.order, 'OrderBPF');
});

test('an unreachable node in transition neither fails nor holds the others', () => {
  const nodes = [node('n1', { order: BPF, reachable: false }), node('n2')];
  const first = plan(nodes, CLUSTER, at(0));
  assert.equal(first.verdicts[1]?.order, 'OrderBPF');
  const late = plan(nodes, CLUSTER, at(999_000, first.since));
  assert.equal(late.verdicts[0]?.reason, 'NodeUnreachable');
});

test('pause holds those who have not begun only', () => {
  const nodes = [node('n1'), node('n2', { order: BPF, shown: SERVING })];
  const paused = plan(nodes, { ...CLUSTER, paused: true }, at(0)).verdicts;
  assert.deepEqual(
    paused.map((v) => v.order),
    [undefined, 'Park'],
  );
  assert.equal(paused[0]?.reason, 'Paused');
});

test('O7: what a node that is leaving waits for is said of it by name, with the reason why it leaves', () => {
  const why = 'spec.agent.affinity does not allow it any more';
  const shown = { ...SERVING, kubeProxy: denied('Syncing', '3 frontends have no rule yet') };
  const { message } = one(node('n7', { wanted: 'Standard', leaving: why, kept: true, order: BPF, shown }));
  assert.match(message, /^n7: spec\.agent\.affinity does not allow it .*3 frontends have no rule yet$/);
});
