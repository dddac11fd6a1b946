import assert from 'node:assert/strict';
import { test } from 'node:test';
import { effectiveSpec } from '@margay/crds/defaults';
import { plan } from '../rollout/engine.ts';
import type { NodeFacts } from '../rollout/facts.ts';
import { CLUSTER, SERVING, SILENT, denied, node, parked } from '../rollout/testing.ts';
import type { StatusInputs } from './build.ts';
import { buildStatus } from './build.ts';
import { happeningOf } from './happenings.ts';
import type { KubeProxyFinding } from './kube-proxy.ts';
import type { Problem } from './problem.ts';

const FINDING: KubeProxyFinding = {
  placement: 'Managed',
  replacing: false,
  place: 'kube-system/kube-proxy',
  why: '',
  contested: false,
  unknown: false,
};

const BPF = { mode: 'BPF', current: true } as const;

interface Case {
  readonly nodes: readonly NodeFacts[];
  readonly problems?: readonly Problem[];
  readonly finding?: Partial<KubeProxyFinding>;
  readonly elapsedMs?: number;
  readonly previous?: StatusInputs['previous'];
}

function verdictsOf({ nodes, finding = {}, elapsedMs = 0 }: Case) {
  const cluster = { ...CLUSTER, kubeProxy: finding.placement ?? 'Managed' };
  const begin = plan(nodes, cluster, { nowMs: 0, since: new Map(), drainTimeoutMs: 600_000 });
  return plan(nodes, cluster, { nowMs: elapsedMs, since: begin.since, drainTimeoutMs: 600_000 }).verdicts;
}

function statusOf(what: Case) {
  return buildStatus({
    generation: 3,
    now: new Date(0),
    previous: what.previous ?? {},
    computed: effectiveSpec({}, { operatorVersion: '1', operatorImage: { registry: '', path: '' } }),
    config: 'margay-config-1',
    verdicts: verdictsOf(what),
    problems: what.problems ?? [],
    kubeProxy: { ...FINDING, ...what.finding },
    apiServer: { endpoints: [] },
    deleting: false,
  });
}

/** Ready, Available, Progressing and Degraded with their reasons. */
function conditions(what: Case): Readonly<Record<string, string>> {
  const found = statusOf(what).conditions ?? [];
  for (const c of found) assert.equal(c.observedGeneration, 3);
  return Object.fromEntries(found.map((c) => [c.type, `${c.status} ${c.reason}`]));
}

const unsupported = node('n5', {
  order: BPF,
  shown: { ...SILENT, fresh: true, supported: denied('MissingKernelFeature', 'no cgroup v2 mount') },
});
const blocked = node('n1', {
  order: BPF,
  shown: { ...SERVING, services: denied('UnsupportedService', 'default/a: SCTP') },
});

const CASES: readonly [string, Case, [string, string, string, string]][] = [
  [
    'everybody is there',
    { nodes: [parked('n1')] },
    ['True Complete', 'True Served', 'False Complete', 'False AsExpected'],
  ],
  [
    'a kernel that cannot is excused',
    { nodes: [parked('n1'), unsupported] },
    ['True Complete', 'True Served', 'False Complete', 'False AsExpected'],
  ],
  [
    'one changes',
    { nodes: [node('n1', { order: BPF }), node('n2')] },
    ['False Enabling', 'True Served', 'True Rolling', 'False AsExpected'],
  ],
  [
    'one failed',
    { nodes: [node('n1', { order: BPF }), node('n2')], elapsedMs: 60_000 },
    ['False NodeFailed', 'True Served', 'True NodeFailed', 'True NodeFailed'],
  ],
  [
    'a Service that is not served',
    { nodes: [blocked] },
    ['False UnsupportedService', 'True Served', 'True UnsupportedService', 'False AsExpected'],
  ],
  [
    'nobody serves',
    { nodes: [node('n1', { kubeProxyPod: false })] },
    ['False Standard', 'False NodeNotServed', 'True Rolling', 'False AsExpected'],
  ],
  [
    'kube-proxy is being replaced, and its rules serve meanwhile',
    { nodes: [node('n1', { kubeProxyPod: false })], finding: { replacing: true } },
    ['False Standard', 'True Served', 'True Rolling', 'False AsExpected'],
  ],
  [
    'a problem',
    { nodes: [parked('n1')], problems: [{ reason: 'EndpointUnknown', message: 'x' }] },
    ['False EndpointUnknown', 'True Served', 'False Complete', 'True EndpointUnknown'],
  ],
];

for (const [what, input, [ready, available, progressing, degraded]] of CASES) {
  test(`conditions: ${what}`, () => {
    assert.deepEqual(conditions(input), {
      Ready: ready,
      Available: available,
      Progressing: progressing,
      Degraded: degraded,
    });
  });
}

test('Available says of a node that lost a Service which, and of one without anything that nothing serves', () => {
  const lost = parked('n1', { shown: { ...SERVING, services: denied('MapFull', 'map services4 is full') } });
  const found = statusOf({ nodes: [lost, node('n2', { kubeProxyPod: false })] }).conditions ?? [];
  const { status, message = '' } = found.find(({ type }) => type === 'Available') ?? {};
  assert.equal(status, 'False');
  assert.match(
    message,
    /^n1: eBPF does not serve every Service there, .*: map services4 is full; n2: neither eBPF/,
  );
});

test('every node is counted once, under the first heading that fits, and the sum is the total', () => {
  const nodes = [
    parked('a'),
    parked('b', { ready: false }),
    node('c', { order: BPF }),
    node('d'),
    unsupported,
    blocked,
    node('w', { excluded: 'runs windows' }),
  ];
  const { nodes: counts = {}, summary, rollout } = statusOf({ nodes });
  assert.deepEqual(counts, {
    total: 7,
    notReady: 1,
    changing: 1,
    failed: 0,
    unsupported: 2,
    excluded: 1,
    bpf: 1,
    standard: 1,
  });
  assert.deepEqual(summary, { nodes: '1/7', rollout: 'Rolling (c)' });
  assert.deepEqual(
    [rollout?.phase, rollout?.changing, rollout?.waiting],
    ['Rolling', ['c'], { count: 2, first: ['d', 'n1'] }],
  );
});

test('O7: a failed node has its name in the condition, with what it lacks and what serves it now', () => {
  const shown = {
    ...SERVING,
    services: denied('MapFull', 'map services4 is full (65536 of 65536). Raise spec.bpf.serviceEntries'),
  };
  const { conditions: found = [], summary } = statusOf({
    nodes: [node('n4', { order: BPF, shown })],
    elapsedMs: 60_000,
  });
  const message = found.find((c) => c.type === 'Degraded')?.message ?? '';
  assert.match(
    message,
    /^n4: services not programmed: map services4 is full.*after 60s.*kube-proxy serves it/,
  );
  assert.equal(summary?.rollout, 'Paused (n4)');
});

test('the time of a condition moves only when its status changes', () => {
  const first = statusOf({ nodes: [parked('n1')] });
  const times = (first.conditions ?? []).map((c) => ({ ...c, lastTransitionTime: '2020-01-01T00:00:00Z' }));
  const second = statusOf({ nodes: [node('n1', { order: BPF })], previous: { conditions: times } });
  const moved = (second.conditions ?? []).filter((c) => c.lastTransitionTime !== '2020-01-01T00:00:00Z');
  assert.deepEqual(
    moved.map((c) => c.type),
    ['Ready', 'Progressing'],
  );
});

const SECTIONS: readonly [Case, string, RegExp][] = [
  [{ nodes: [node('n1')] }, 'Running', /runs on every node/],
  [
    { nodes: [parked('n1'), unsupported] },
    'PartlyParked',
    /parked on 1 of 2 nodes \(runs on n5\); n5: no cgroup v2 mount/,
  ],
  [{ nodes: [parked('n1')] }, 'Parked', /all 1 nodes/],
  [{ nodes: [], finding: { placement: 'Absent' } }, 'Absent', /no DaemonSet kube-system\/kube-proxy/],
  [{ nodes: [], finding: { placement: 'Disabled' } }, 'Unmanaged', /spec.kubeProxyManagement/],
  [{ nodes: [], finding: { placement: 'Refused', why: 'w' } }, 'Unmanaged', /w/],
  [{ nodes: [], finding: { placement: 'Refused', contested: true, why: 'w' } }, 'Contested', /w/],
  [{ nodes: [], finding: { placement: 'Refused', unknown: true, why: 'w' } }, 'Unknown', /w/],
];

for (const [input, state, words] of SECTIONS) {
  test(`kube-proxy: ${state} (${String(words)})`, () => {
    const { kubeProxy } = statusOf(input);
    assert.equal(kubeProxy?.state, state);
    assert.match(kubeProxy.message ?? '', words);
  });
}

test('O7: an Event tells of arrivals and of what is bad, once, and not of being taken note of', () => {
  const [done] = verdictsOf({ nodes: [parked('n1')] });
  const [bad] = verdictsOf({ nodes: [unsupported] });
  assert.ok(done !== undefined && bad !== undefined);
  const was = (state: 'Parking' | 'New' | 'BPF') =>
    new Map([['n1', { ...done, state, standing: 'Changing' as const }]]);
  assert.equal(happeningOf(done, was('Parking'))?.reason, 'ServicesFromBPF');
  assert.equal(happeningOf(done, was('New')), undefined);
  assert.equal(happeningOf(done, new Map()), undefined);
  assert.equal(happeningOf(done, new Map([['n1', done]])), undefined);
  assert.equal(happeningOf(bad, new Map())?.reason, 'MissingKernelFeature');
  assert.equal(happeningOf(bad, new Map([['n5', bad]])), undefined);
});

test('O7: an Event names a node that begins to leave, once', () => {
  const [stays] = verdictsOf({ nodes: [parked('n1')] });
  const [leaves] = verdictsOf({ nodes: [parked('n1', { wanted: 'Standard', leaving: 'left out' })] });
  assert.ok(stays !== undefined && leaves !== undefined);
  const told = happeningOf(leaves, new Map([['n1', stays]]));
  assert.equal(told?.reason, 'NodeLeaving');
  assert.match(told.note, /^n1: left out: /);
  assert.equal(happeningOf({ ...leaves, state: 'Returning' }, new Map([['n1', leaves]])), undefined);
});
