import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DataplaneRecord, NodeRecord, PodRecord } from '../watch/records.ts';
import { decodeDataplane, decodeNode, decodePod } from '../watch/records.ts';
import type { Seen, Wanted } from './assemble.ts';
import { assemble } from './assemble.ts';
import type { NodeFacts } from './facts.ts';

const WANTED: Wanted = { bpf: true, selector: {}, affinity: {}, config: 'c1', template: 't1' };

const nodeOf = (labels: Record<string, string>, ready = 'True'): NodeRecord =>
  decodeNode({
    metadata: { name: 'n1', labels },
    status: { conditions: [{ type: 'Ready', status: ready }] },
  } as object);

const agentPod = (part: Partial<PodRecord> = {}): PodRecord => ({
  name: 'a',
  uid: 'u',
  version: '1',
  node: 'n1',
  ready: true,
  deleting: false,
  template: 't1',
  problem: '',
  ...part,
});

function dataplane(generation: number, observed: number, condition: number): DataplaneRecord {
  const services = {
    type: 'ServicesProgrammed',
    status: 'True',
    reason: 'R',
    message: 'M',
    observedGeneration: condition,
    lastTransitionTime: '',
  };
  return decodeDataplane({
    metadata: { name: 'n1', generation },
    spec: { mode: 'BPF', configRef: { name: 'c1' } },
    status: { observedGeneration: observed, mode: 'BPF', conditions: [services] },
  } as object);
}

function facts(part: Partial<Seen>, wanted: Partial<Wanted> = {}): NodeFacts {
  const none = {
    nodes: [nodeOf({})],
    dataplanes: new Map(),
    agents: new Map(),
    kubeProxies: new Set<string>(),
  };
  const [first] = assemble({ ...none, ...part }, { ...WANTED, ...wanted });
  assert.ok(first);
  return first;
}

test('evidence about an older order counts as none', () => {
  const at = (g: number, o: number, c: number) =>
    facts({ dataplanes: new Map([['n1', dataplane(g, o, c)]]) }).shown;
  assert.equal(at(2, 2, 2).services.truth, 'True');
  assert.equal(at(2, 2, 1).services.truth, 'Unknown');
  assert.deepEqual([at(2, 1, 1).fresh, at(2, 1, 1).mode], [false, 'BPF']);
});

const EXCLUSIONS: readonly [Record<string, string>, Wanted['affinity'], RegExp][] = [
  [{ 'kubernetes.io/os': 'linux' }, {}, /^$/],
  [{}, {}, /^$/],
  [{ 'kubernetes.io/os': 'windows' }, {}, /runs windows/],
  [{ type: 'virtual-kubelet' }, {}, /virtual/],
  [{ pool: 'a' }, affinityTo('b'), /spec.agent.affinity/],
  [{ pool: 'b' }, affinityTo('b'), /^$/],
];

function affinityTo(pool: string): Wanted['affinity'] {
  const nodeSelectorTerms = [{ matchExpressions: [{ key: 'pool', operator: 'In', values: [pool] }] }];
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
}

for (const [labels, affinity, words] of EXCLUSIONS) {
  test(`exclusion of ${JSON.stringify(labels)}: ${String(words)}`, () => {
    assert.match(facts({ nodes: [nodeOf(labels)] }, { affinity }).excluded, words);
  });
}

/** A node that the agents' affinity does not allow: label, ordered mode, shown mode; leaving or left out. */
const MEMBERS: readonly [string | undefined, 'BPF' | 'Standard' | undefined, string | undefined, boolean][] =
  [
    [undefined, undefined, undefined, false],
    [undefined, 'Standard', undefined, false],
    [undefined, 'Standard', 'Standard', false],
    ['parked', 'BPF', 'BPF', true],
    [undefined, 'BPF', 'Enabling', true],
    ['returning', 'Standard', 'Draining', true],
    [undefined, 'Standard', 'Draining', true],
    ['returning', 'Standard', 'Standard', true],
    ['parked', undefined, undefined, true],
  ];

for (const [label, mode, runs, isLeaving] of MEMBERS) {
  const what = `label ${String(label)}, order ${String(mode)}, mode ${String(runs)}`;
  test(`a node that spec.agent.affinity does not allow is ${isLeaving ? 'leaving' : 'left out'}: ${what}`, () => {
    const labels = { pool: 'a', ...(label === undefined ? {} : { 'margay.io/kube-proxy': label }) };
    const record = decodeDataplane({
      metadata: { name: 'n1', generation: 1 },
      spec: { mode, configRef: { name: 'c1' } },
      status: { observedGeneration: 1, mode: runs },
    } as object);
    const dataplanes = new Map(mode === undefined ? [] : [['n1', record]]);
    const { excluded, leaving, wanted, parked, kept } = facts(
      { nodes: [nodeOf(labels)], dataplanes },
      { affinity: affinityTo('b') },
    );
    assert.deepEqual([excluded !== '', leaving !== ''], [!isLeaving, isLeaving]);
    assert.match(excluded + leaving, /spec\.agent\.affinity/);
    if (isLeaving) assert.equal(wanted, 'Standard');
    assert.deepEqual([parked, kept], [label === 'parked', label === 'returning']);
  });
}

test('the selector says which nodes are wanted on eBPF', () => {
  const selector = { matchLabels: { pool: 'a' }, matchExpressions: [{ key: 'x', operator: 'DoesNotExist' }] };
  const mode = (labels: Record<string, string>) => facts({ nodes: [nodeOf(labels)] }, { selector }).wanted;
  assert.deepEqual(
    [mode({ pool: 'a' }), mode({ pool: 'a', x: '1' }), mode({})],
    ['BPF', 'Standard', 'Standard'],
  );
  assert.equal(facts({}, { bpf: false }).wanted, 'Standard');
});

test('an agent is up when its pod is Ready and of the wanted template', () => {
  const agent = (part: Partial<PodRecord>) => facts({ agents: new Map([['n1', agentPod(part)]]) }).agent;
  assert.deepEqual(agent({}), { up: true, outdated: false, problem: '' });
  assert.deepEqual([agent({ template: 'old' }).outdated, agent({ template: 'old' }).up], [true, false]);
  assert.deepEqual(
    [agent({ template: 'old', deleting: true }).outdated, agent({ deleting: true }).up],
    [false, false],
  );
  assert.match(facts({}).agent.problem, /no agent pod/);
});

test('a kubelet that does not report makes a node unreachable, a bare node is not', () => {
  const at = (ready: string) => facts({ nodes: [nodeOf({}, ready)] });
  assert.deepEqual([at('Unknown').reachable, at('False').reachable, at('False').ready], [false, true, false]);
});

test("a pod's problem is in the kubelet's words", () => {
  const containerStatuses = [{ state: { waiting: { reason: 'ErrImagePull', message: 'not found' } } }];
  const pod = decodePod({
    metadata: { name: 'p' },
    spec: { nodeName: 'n1' },
    status: { phase: 'Pending', containerStatuses },
  } as object);
  assert.equal(pod?.problem, 'pod p is not Ready (ErrImagePull: not found)');
  assert.equal(decodePod({ metadata: { name: 'p' }, status: { phase: 'Failed' } } as object), undefined);
});
