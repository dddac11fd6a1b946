import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Action, Decision, ModeInputs, Order } from './facts.ts';
import { decide } from './machine.ts';

const bpf: Order = { generation: 3, mode: 'BPF', configName: 'margay-config-1' };
const standard: Order = { ...bpf, mode: 'Standard' };

const ready = {
  state: 'Ready',
  name: 'margay-config-1',
  kubeProxyManaged: true,
  removeLeftovers: true,
} as const;
const absent = { mode: 'Absent', verified: false, frontends: 0 } as const;
const active = {
  mode: 'Active',
  loadedFor: 'margay-config-1',
  families: [4],
  verified: true,
  frontends: 9,
} as const;
const complete = { ok: true, missingCount: 0, missing: [], age: 0 } as const;
const cilium = { reason: 'ForeignDataplane', message: 'Cilium is on this node' } as const;
const none = { count: 0, first: [] } as const;
const one = { count: 1, first: [{ name: 'default/a', why: 'sessionAffinity ClientIP' }] } as const;
const running = { labelled: false, pod: true, leftoversRemoved: false } as const;
const parked = { labelled: true, pod: false, leftoversRemoved: false } as const;

/** Everything in place for eBPF, kube-proxy running beside. */
const fine: ModeInputs = {
  order: bpf,
  config: ready,
  drainTimeoutMs: 600_000,
  listsComplete: true,
  features: { state: 'Known', missing: [] },
  families: [4],
  api: { endpoint: '10.0.0.10:6443', direct: true },
  kernel: active,
  unsupported: none,
  kubeProxy: { ...running, rules: complete },
};

/** `True Reason` of a condition. */
function condition({ status }: Decision, type: string): string {
  const found = status?.findings.find((finding) => finding.type === type);
  return `${found?.status ?? '-'} ${found?.reason ?? '-'}`;
}

interface Row {
  readonly what: string;
  readonly inputs: Partial<ModeInputs>;
  readonly action?: Action;
  readonly again?: number;
  readonly mode: string;
  readonly reason?: string;
  readonly services?: string;
  readonly kubeProxy?: string;
  readonly state?: string;
}

const enabling: readonly Row[] = [
  {
    what: 'nothing probed',
    inputs: { features: { state: 'Unknown' }, kernel: absent },
    action: 'Probe',
    mode: 'Enabling',
    reason: 'NotProbed',
  },
  {
    what: 'a kernel that cannot',
    inputs: { features: { state: 'Known', missing: ['no cgroup2 is mounted'] }, kernel: absent },
    mode: 'Standard',
    reason: 'MissingKernelFeature',
    services: 'False NotSupported',
  },
  {
    what: 'another eBPF dataplane',
    inputs: { features: { state: 'Known', missing: [], foreign: cilium }, kernel: absent },
    mode: 'Standard',
    reason: 'ForeignDataplane',
    services: 'False NotSupported',
  },
  {
    what: 'a probe that failed',
    inputs: { features: { state: 'Failed', message: 'EPERM' }, kernel: absent },
    mode: 'Standard',
    reason: 'ProbeFailed',
  },
  {
    what: 'no configuration yet',
    inputs: { config: { state: 'Loading' }, kernel: absent },
    mode: 'Enabling',
    reason: 'NoConfiguration',
    services: 'Unknown NoConfiguration',
  },
  {
    what: 'a configuration that cannot be used',
    inputs: { config: { state: 'Unusable', message: 'bpf.markBit: 99' }, kernel: absent },
    mode: 'Enabling',
    reason: 'BadConfiguration',
  },
  {
    what: 'lists not complete',
    inputs: { listsComplete: false, kernel: absent },
    mode: 'Enabling',
    reason: 'WaitingForLists',
  },
  {
    what: 'ready to load',
    inputs: { kernel: absent },
    action: 'Load',
    mode: 'Enabling',
    reason: 'Programming',
  },
  {
    what: 'a load that failed is tried again, and named',
    inputs: { kernel: { ...absent, problem: { reason: 'LoadFailed', message: 'from_pod: verifier' } } },
    action: 'Load',
    mode: 'Enabling',
    reason: 'LoadFailed',
    services: 'False LoadFailed',
  },
  {
    what: 'loaded, not verified',
    inputs: { kernel: { ...active, mode: 'Pass', verified: false } },
    mode: 'Enabling',
    reason: 'Programming',
  },
  {
    what: 'loaded and verified',
    inputs: { kernel: { ...active, mode: 'Pass' } },
    action: 'Activate',
    mode: 'Enabling',
    services: 'Unknown Programming',
  },
  {
    what: 'active beside kube-proxy',
    inputs: {},
    again: 30_000,
    mode: 'BPF',
    services: 'True Programmed',
    kubeProxy: 'Running',
    state: 'True Programmed',
  },
  {
    what: 'an agent that restarted on active programs',
    inputs: { kernel: { mode: 'Active', verified: false, frontends: 0 } },
    action: 'Load',
    mode: 'BPF',
    services: 'Unknown Programming',
  },
  {
    what: 'the same before its lists are complete',
    inputs: { listsComplete: false, kernel: { mode: 'Active', verified: false, frontends: 0 } },
    mode: 'BPF',
    reason: 'WaitingForLists',
  },
  {
    what: 'another configuration',
    inputs: { config: { ...ready, name: 'margay-config-2' } },
    action: 'Load',
    mode: 'BPF',
  },
  {
    what: 'what runs is of the configuration before: no evidence for this order',
    inputs: { kernel: { ...active, loadedFor: 'margay-config-0' } },
    action: 'Load',
    mode: 'BPF',
    services: 'Unknown Programming',
  },
  {
    what: 'a drain that is called off',
    inputs: { kernel: { ...active, mode: 'Draining' } },
    action: 'Activate',
    mode: 'Enabling',
  },
];

const parking: readonly Row[] = [
  {
    what: 'labelled, its pod not gone yet',
    inputs: { kubeProxy: { ...running, labelled: true, rules: complete } },
    again: 30_000,
    mode: 'BPF',
    kubeProxy: 'Running',
  },
  {
    what: 'its pod gone',
    inputs: { kubeProxy: parked },
    action: 'RemoveLeftovers',
    mode: 'BPF',
    kubeProxy: 'Running',
    state: 'False Parked',
  },
  {
    what: 'leftovers gone',
    inputs: { kubeProxy: { ...parked, leftoversRemoved: true } },
    mode: 'BPF',
    kubeProxy: 'Parked',
  },
  {
    what: 'its pod gone without a label',
    inputs: { kubeProxy: { ...parked, labelled: false } },
    mode: 'BPF',
    kubeProxy: 'Absent',
    state: 'False NotRunning',
  },
  {
    what: 'leftovers are to stay',
    inputs: { config: { ...ready, removeLeftovers: false }, kubeProxy: parked },
    mode: 'BPF',
    kubeProxy: 'Parked',
  },
  {
    what: 'a Service that needs kube-proxy: leftovers stay',
    inputs: { unsupported: one, kubeProxy: parked },
    mode: 'BPF',
    reason: 'UnsupportedService',
    services: 'False UnsupportedService',
  },
  {
    what: 'a map that is full: leftovers stay',
    inputs: { kernel: { ...active, shortage: 'map services4 is full' }, kubeProxy: parked },
    mode: 'BPF',
    reason: 'MapFull',
    services: 'False MapFull',
  },
  {
    what: 'hands off kube-proxy',
    inputs: { config: { ...ready, kubeProxyManaged: false }, kubeProxy: parked },
    action: 'LookAtKubeProxy',
    mode: 'BPF',
    kubeProxy: 'Unmanaged',
  },
  {
    what: 'kube-proxy is back, not looked at yet',
    inputs: { kubeProxy: running },
    action: 'LookAtKubeProxy',
    mode: 'BPF',
    state: 'Unknown NotLooked',
  },
  {
    what: 'kube-proxy is back, without all its rules',
    inputs: {
      kubeProxy: { ...running, rules: { ok: false, missingCount: 2, missing: ['default/a:'], age: 400 } },
    },
    again: 600,
    mode: 'BPF',
    state: 'False RulesMissing',
  },
  {
    what: 'the look failed',
    inputs: {
      kubeProxy: {
        ...running,
        rules: { ok: false, missingCount: 0, missing: [], age: 1000, error: 'iptables-save: exit 4' },
      },
    },
    action: 'LookAtKubeProxy',
    mode: 'BPF',
    state: 'Unknown LookFailed',
  },
];

const disabling: readonly Row[] = [
  {
    what: 'kube-proxy serves',
    inputs: {},
    action: 'Drain',
    mode: 'BPF',
    reason: 'Draining',
    services: 'False StandardMode',
  },
  {
    what: 'the last look is old',
    inputs: { kubeProxy: { ...running, rules: { ...complete, age: 5000 } } },
    action: 'LookAtKubeProxy',
    mode: 'BPF',
  },
  { what: 'kube-proxy is not there', inputs: { kubeProxy: parked }, mode: 'BPF', reason: 'Parked' },
  {
    what: 'rules are missing',
    inputs: { kubeProxy: { ...running, rules: { ok: false, missingCount: 1, missing: ['x'], age: 0 } } },
    again: 1000,
    mode: 'BPF',
    reason: 'RulesMissing',
  },
  {
    what: 'not counted yet',
    inputs: { kernel: { ...active, mode: 'Draining' } },
    again: 1000,
    mode: 'Draining',
    reason: 'Draining',
  },
  {
    what: 'flows left',
    inputs: { kernel: { ...active, mode: 'Draining', drain: { flows: 2, sinceMs: 5000 } } },
    again: 1000,
    mode: 'Draining',
  },
  {
    what: 'no flow left',
    inputs: { kernel: { ...active, mode: 'Draining', drain: { flows: 0, sinceMs: 5000 } } },
    action: 'Detach',
    mode: 'Draining',
  },
  {
    what: 'time is up',
    inputs: { kernel: { ...active, mode: 'Draining', drain: { flows: 2, sinceMs: 600_000 } } },
    action: 'Detach',
    mode: 'Draining',
  },
  {
    what: 'never active',
    inputs: { kernel: { ...active, mode: 'Pass' } },
    action: 'Detach',
    mode: 'Draining',
  },
  {
    what: 'nothing of ours',
    inputs: { kernel: absent },
    mode: 'Standard',
    reason: '',
    services: 'False StandardMode',
  },
  {
    what: 'O4: settings that cannot be read at the moment do not end a drain',
    inputs: {
      config: { state: 'Loading' },
      kernel: { ...active, mode: 'Draining', drain: { flows: 2, sinceMs: 5000 } },
    },
    again: 1000,
    mode: 'Draining',
    reason: 'Draining',
  },
  {
    what: 'an agent that restarted while draining',
    inputs: { kernel: { mode: 'Draining', verified: false, frontends: 0 } },
    action: 'Load',
    mode: 'Draining',
  },
  {
    what: 'an agent that restarted on active programs',
    inputs: { kernel: { mode: 'Active', verified: false, frontends: 0 } },
    action: 'Load',
    mode: 'BPF',
  },
  {
    what: 'a new configuration does not matter any more',
    inputs: { config: { ...ready, name: 'margay-config-2' } },
    action: 'Drain',
    mode: 'BPF',
  },
  {
    what: 'kube-proxy is not ours to know',
    inputs: { config: { ...ready, kubeProxyManaged: false }, kubeProxy: { ...parked, rules: complete } },
    action: 'Drain',
    mode: 'BPF',
  },
];

function check(order: Order, rows: readonly Row[]): void {
  for (const row of rows) {
    test(row.what, () => {
      const decision = decide({ ...fine, order, ...row.inputs });
      assert.equal(decision.action, row.action);
      assert.equal(decision.again, row.again);
      assert.equal(decision.status?.mode, row.mode);
      if (row.reason !== undefined) assert.equal(decision.status.reason, row.reason);
      if (row.services !== undefined) assert.equal(condition(decision, 'ServicesProgrammed'), row.services);
      if (row.state !== undefined) assert.equal(condition(decision, 'KubeProxyProgrammed'), row.state);
      if (row.kubeProxy !== undefined) assert.equal(decision.status.kubeProxy, row.kubeProxy);
    });
  }
}

describe('enabling', () => check(bpf, enabling));
describe('parking', () => check(bpf, parking));
describe('disabling', () => check(standard, disabling));

test('without any order nothing is done and nothing is said', () => {
  const rest: Partial<ModeInputs> = { ...fine };
  delete (rest as { order?: Order }).order;
  assert.deepEqual(decide(rest as ModeInputs), {});
});

test('the connection to the API server', () => {
  const of = (api: ModeInputs['api']): string => condition(decide({ ...fine, api }), 'ApiServerDirect');
  assert.equal(of({ endpoint: '10.0.0.10:6443', direct: true }), 'True Direct');
  assert.equal(of({ endpoint: '10.96.0.1:443', direct: false }), 'False ThroughService');
  assert.equal(of({ direct: true }), 'Unknown NotConnected');
});

test('the first five unsupported objects are named, the others counted', () => {
  const { status } = decide({
    ...fine,
    unsupported: { count: 7, first: [...one.first, { name: 'pod x/y', why: 'hostPort 80' }] },
  });
  assert.match(
    status?.message ?? '',
    /default\/a \(sessionAffinity ClientIP\), pod x\/y \(hostPort 80\) and 5 more/,
  );
});
