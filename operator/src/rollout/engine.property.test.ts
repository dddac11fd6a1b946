import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Plan, Since, Verdict } from './engine.ts';
import { plan } from './engine.ts';
import type { ClusterFacts, Evidence, Mode, NodeFacts, ShownMode } from './facts.ts';
import { NO_EVIDENCE } from './facts.ts';
import type { Order } from './table.ts';
import { CLUSTER, SHOWN, denied } from './testing.ts';

/** A node as it really is, with an honest agent that acts when it pleases. */
interface Real {
  readonly name: string;
  order: Mode | undefined;
  config: number;
  generation: number;
  /** Value of the label. */
  label: 'parked' | 'returning' | undefined;
  /** The user's affinity leaves it out, and so does the agents' DaemonSet unless the label is there. */
  leftOut: boolean;
  narrowed: boolean;
  /** It was left out by a change of its own labels, of which the operator hears afterwards. */
  relabelled: boolean;
  pod: boolean;
  /** kube-proxy's rules are complete in the kernel: they outlive the pod, until the agent removes them. */
  rules: boolean;
  /** eBPF serves. */
  attached: boolean;
  kernel: boolean;
  agentUp: boolean;
  agentOld: boolean;
  reachable: boolean;
  seen: {
    generation: number;
    mode?: ShownMode;
    services: Evidence;
    kubeProxy: Evidence;
    supported: Evidence;
  };
}

interface World {
  readonly nodes: Real[];
  wanted: Mode;
  config: number;
  unsupportedService: boolean;
  paused: boolean;
  allowed: number;
  kubeProxy: ClusterFacts['kubeProxy'];
  nowMs: number;
  since: Since;
}

const fresh = (name: string, kernel: boolean): Real => ({
  name,
  order: undefined,
  config: 0,
  generation: 0,
  label: undefined,
  leftOut: false,
  narrowed: false,
  relabelled: false,
  pod: true,
  rules: true,
  attached: false,
  kernel,
  agentUp: true,
  agentOld: false,
  reachable: true,
  seen: { generation: 0, services: NO_EVIDENCE, kubeProxy: NO_EVIDENCE, supported: NO_EVIDENCE },
});

function isLeaving(n: Real): boolean {
  return (
    n.leftOut && (n.label !== undefined || n.order === 'BPF' || (n.seen.mode ?? 'Standard') !== 'Standard')
  );
}

function membership(n: Real, w: World): Pick<NodeFacts, 'wanted' | 'excluded' | 'leaving'> {
  if (!n.leftOut) return { wanted: w.wanted, excluded: '', leaving: '' };
  if (isLeaving(n)) return { wanted: 'Standard', excluded: '', leaving: 'is left out' };
  return { wanted: w.wanted, excluded: 'is left out', leaving: '' };
}

function facts(n: Real, w: World): NodeFacts {
  const now = n.seen.generation === n.generation;
  const of = (e: Evidence): Evidence => (now ? e : NO_EVIDENCE);
  return {
    name: n.name,
    ...membership(n, w),
    ready: n.reachable,
    reachable: n.reachable,
    parked: n.label === 'parked',
    kept: n.label === 'returning',
    kubeProxyPod: n.pod,
    agent: {
      up: n.agentUp && !n.agentOld,
      outdated: n.agentUp && n.agentOld,
      problem: n.agentUp ? '' : 'down',
    },
    ...(n.order === undefined ? {} : { order: { mode: n.order, current: n.config === w.config } }),
    shown: {
      ...(n.seen.mode === undefined ? {} : { mode: n.seen.mode }),
      fresh: now,
      supported: of(n.seen.supported),
      apiServerDirect: of(n.seen.generation > 0 ? SHOWN : NO_EVIDENCE),
      services: of(n.seen.services),
      kubeProxy: of(n.seen.kubeProxy),
    },
  };
}

function obey(n: Real, order: Order, w: World): void {
  switch (order) {
    case 'Park':
      n.label = 'parked';
      return;
    case 'Unpark':
      n.label = isLeaving(n) ? 'returning' : undefined;
      return;
    case 'Release':
      n.label = undefined;
      return;
    case 'RestartAgent':
      n.agentUp = false;
      n.agentOld = false;
      return;
    default: {
      n.order = order === 'OrderBPF' ? 'BPF' : 'Standard';
      n.config = w.config;
      n.generation += 1;
    }
  }
}

const serviceEvidence = (w: World): Evidence =>
  w.unsupportedService ? denied('UnsupportedService', 'a/b: SCTP') : SHOWN;

const supportOf = (n: Real): Evidence => (n.kernel ? SHOWN : denied('MissingKernelFeature', 'no BTF'));

/** kube-proxy is parked, and its pod has gone: its rules are the agent's to remove. */
const isAlone = (n: Real): boolean => n.label === 'parked' && !n.pod;

/** The agent looks at its order and does all of it that it can. */
function agentActs(n: Real, w: World): void {
  if (!n.agentUp || !n.reachable || n.order === undefined) return;
  n.rules &&= !isAlone(n);
  n.attached = n.order === 'BPF' && n.kernel;
  n.seen = {
    generation: n.generation,
    mode: n.attached ? 'BPF' : 'Standard',
    supported: supportOf(n),
    services: n.attached ? serviceEvidence(w) : NO_EVIDENCE,
    kubeProxy: n.rules && n.pod ? SHOWN : denied('Syncing', 'rules missing'),
  };
}

/** The DaemonSet controller, the kubelet and kube-proxy follow the label. */
function kubeProxyActs(n: Real, w: World): void {
  if (w.kubeProxy === 'Absent' || !n.reachable) return;
  if (n.label === 'parked') {
    n.pod = false;
  } else if (n.pod) n.rules = true;
  else n.pod = true;
}

/** The agents' DaemonSet: what its template does not allow goes at once, what it allows comes. */
function daemonSetActs(n: Real, w: World): void {
  if (!n.narrowed || n.label !== undefined) return;
  const kubeProxyServes = n.rules || w.kubeProxy === 'Absent' || w.kubeProxy === 'Disabled';
  assert.ok(!n.attached || (n.relabelled && kubeProxyServes), `${n.name} lost its agent while eBPF serves`);
  n.agentUp = false;
}

/** Before the DaemonSet is narrowed, nodes that are leaving get the label. */
function narrow(w: World): void {
  for (const n of w.nodes) if (isLeaving(n)) n.label ??= 'returning';
  for (const n of w.nodes) n.narrowed = n.leftOut;
}

function operatorActs(w: World): Plan {
  narrow(w);
  const cluster: ClusterFacts = { ...CLUSTER, allowed: w.allowed, paused: w.paused, kubeProxy: w.kubeProxy };
  const p = plan(
    w.nodes.map((n) => facts(n, w)),
    cluster,
    { nowMs: w.nowMs, since: w.since, drainTimeoutMs: 600_000 },
  );
  checkPlaces(p, w);
  checkOrders(p, w);
  w.since = p.since;
  p.verdicts.forEach((v, i) => {
    const n = w.nodes[i];
    if (n !== undefined && v.order !== undefined) obey(n, v.order, w);
  });
  return p;
}

const STEADY = ['BPF', 'Standard', 'Beside'];
const BETWEEN = ['Enabling', 'Parking', 'Confirming', 'Returning', 'Draining'];

/** Orders that take a node out of a steady state on purpose, and nodes that are in none. */
function checkPlaces(p: Plan, w: World): void {
  const moving = p.verdicts.filter((v) => v.node.reachable && v.standing === 'Changing');
  const stray = (v: Verdict): boolean =>
    v.order === 'Release' || (v.state === 'Standard' && v.order !== 'OrderBPF' && v.order !== 'RestartAgent');
  const begun = moving.filter((v) => v.order !== undefined && STEADY.includes(v.state) && !stray(v));
  const between = moving.filter((v) => BETWEEN.includes(v.state));
  if (begun.length > 0)
    assert.ok(begun.length + between.length <= w.allowed, 'more nodes in transition than allowed');
  if (w.paused)
    assert.ok(
      begun.every((v) => v.order === 'Park'),
      'began while paused',
    );
}

function checkOrders(p: Plan, w: World): void {
  for (const v of p.verdicts) {
    if (v.order === 'Park') {
      assert.equal(v.node.shown.services.truth, 'True', 'parked without evidence');
      assert.equal(v.node.shown.apiServerDirect.truth, 'True', 'parked without a direct API server');
      assert.equal(w.kubeProxy, 'Managed', 'parked a kube-proxy that is not ours');
    }
    if (v.order === 'OrderStandard' && v.node.order?.mode === 'BPF') {
      const nothing = v.node.shown.fresh && v.node.shown.mode === 'Standard';
      assert.ok(nothing || v.node.shown.kubeProxy.truth === 'True', 'Standard without KubeProxyProgrammed');
    }
    if (v.standing !== 'Done') assert.ok(v.message.startsWith(`${v.node.name}: `), 'no name in the message');
  }
}

function checkServed(w: World): void {
  if (w.kubeProxy === 'Absent') return;
  for (const n of w.nodes) assert.ok(n.rules || n.attached, `${n.name} has no Services`);
}

type Chance = { kind: string; node: number };

const chaos = fc.record({
  kind: fc.constantFrom(
    'operator',
    'operator',
    'operator',
    'agent',
    'agent',
    'agent',
    'kubeProxy',
    'kubeProxy',
    'mode',
    'config',
    'service',
    'pause',
    'allowed',
    'reach',
    'crash',
    'old',
    'forget',
    'owner',
    'wait',
    'leaveOut',
    'relabel',
    'daemonSet',
  ),
  node: fc.nat({ max: 3 }),
});

/** Another tool takes kube-proxy over, or lets it go. */
const SWAPPED = { Managed: 'Refused', Refused: 'Managed', Absent: 'Absent', Disabled: 'Disabled' } as const;

const ACTS: Readonly<Record<string, (w: World, n: Real) => void>> = {
  operator: (w) => void operatorActs(w),
  agent: (w, n) => agentActs(n, w),
  kubeProxy: (w, n) => kubeProxyActs(n, w),
  mode: (w) => (w.wanted = w.wanted === 'BPF' ? 'Standard' : 'BPF'),
  config: (w) => (w.config += 1),
  service: (w) => (w.unsupportedService = !w.unsupportedService),
  pause: (w) => (w.paused = !w.paused),
  allowed: (w) => (w.allowed = 3 - w.allowed),
  reach: (_, n) => (n.reachable = !n.reachable),
  crash: (_, n) => (n.agentUp = !n.agentUp),
  old: (_, n) => (n.agentOld = true),
  forget: (w) => (w.since = new Map()),
  owner: (w) => (w.kubeProxy = SWAPPED[w.kubeProxy]),
  wait: (w) => (w.nowMs += 45_000),
  leaveOut: (_, n) => {
    n.leftOut = !n.leftOut;
    // Its labels are as they were: it is selected again at once.
    if (n.relabelled) n.narrowed = n.relabelled = false;
  },
  relabel: (_, n) => {
    n.leftOut = n.narrowed = n.relabelled = true;
  },
  daemonSet: (w, n) => daemonSetActs(n, w),
};

function world(kernels: readonly boolean[], kubeProxy: ClusterFacts['kubeProxy']): World {
  return {
    nodes: kernels.map((k, i) => fresh(`n${String(i)}`, k)),
    wanted: 'BPF',
    config: 0,
    unsupportedService: false,
    paused: false,
    allowed: 1,
    kubeProxy,
    nowMs: 0,
    since: new Map(),
  };
}

/** Everything works again and nobody changes his mind: the cluster settles. */
function settle(w: World): Plan {
  w.paused = false;
  w.unsupportedService = false;
  for (const n of w.nodes) n.reachable = true;
  let last = operatorActs(w);
  for (let round = 0; round < 60; round += 1) {
    for (const n of w.nodes) {
      n.agentUp = true;
      daemonSetActs(n, w);
      kubeProxyActs(n, w);
      kubeProxyActs(n, w);
      agentActs(n, w);
      checkServed(w);
    }
    w.nowMs += 1_000;
    last = operatorActs(w);
    checkServed(w);
  }
  return last;
}

/** A node that is left out ends on kube-proxy with nothing of ours, unless there is none or it is another's. */
function checkLeft(w: World): void {
  if (w.kubeProxy === 'Absent') return;
  for (const n of w.nodes.filter(({ leftOut }) => leftOut)) {
    assert.deepEqual([n.label, n.attached, n.agentUp, n.rules], [undefined, false, false, true], n.name);
  }
}

const kernels = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 });
const placement = fc.constantFrom<ClusterFacts['kubeProxy']>(
  'Managed',
  'Managed',
  'Disabled',
  'Absent',
  'Refused',
);

function run(able: readonly boolean[], kubeProxy: ClusterFacts['kubeProxy'], story: readonly Chance[]): void {
  const w = world(able, kubeProxy);
  for (const { kind, node } of story) {
    const n = w.nodes[node];
    if (n !== undefined) ACTS[kind]?.(w, n);
    checkServed(w);
  }
  w.kubeProxy = kubeProxy;
  const end = settle(w);
  checkLeft(w);
  for (const v of end.verdicts) {
    assert.equal(v.order, undefined, `${v.node.name} is not at rest`);
    if (v.standing === 'Done' || v.standing === 'Excluded') continue;
    assert.ok(
      v.standing === 'Unsupported' || kubeProxy === 'Refused' || kubeProxy === 'Absent',
      `${v.message} (${v.state})`,
    );
  }
}

test('O4: no story leaves a node without Services, over the limit, or waiting without a named reason', () => {
  fc.assert(fc.property(kernels, placement, fc.array(chaos, { maxLength: 200, size: 'max' }), run), {
    numRuns: 1500,
  });
});
