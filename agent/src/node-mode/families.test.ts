import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Action, KernelFacts, ModeInputs } from './facts.ts';
import { decide } from './machine.ts';

const active: KernelFacts = {
  mode: 'Active',
  loadedFor: 'margay-config-1',
  families: [4],
  verified: true,
  frontends: 9,
};

/** An IPv4 node that eBPF serves, kube-proxy running beside. */
const fine: ModeInputs = {
  order: { generation: 3, mode: 'BPF', configName: 'margay-config-1' },
  config: {
    state: 'Ready',
    name: 'margay-config-1',
    kubeProxyManaged: true,
    removeLeftovers: true,
  },
  drainTimeoutMs: 600_000,
  listsComplete: true,
  features: { state: 'Known', missing: [] },
  families: [4],
  api: { endpoint: '10.0.0.10:6443', direct: true },
  kernel: active,
  unsupported: { count: 0, first: [] },
  kubeProxy: {
    labelled: false,
    pod: true,
    leftoversRemoved: false,
    rules: { ok: true, missingCount: 0, missing: [], age: 0 },
  },
};

interface Row {
  readonly what: string;
  readonly inputs: Partial<ModeInputs>;
  readonly action: Action | undefined;
  /** Status and reason of ServicesProgrammed. */
  readonly services: string;
}

const rows: readonly Row[] = [
  {
    what: 'all that the node has are loaded',
    inputs: { families: [4, 6], kernel: { ...active, families: [4, 6] } },
    action: undefined,
    services: 'True Programmed',
  },
  {
    what: 'one that the node has got since: no evidence before all are served as one',
    inputs: { families: [4, 6] },
    action: 'Load',
    services: 'Unknown Programming',
  },
  {
    what: 'one that the node has lost',
    inputs: { kernel: { ...active, families: [4, 6] } },
    action: 'Load',
    services: 'Unknown Programming',
  },
  {
    what: 'another address of the node than was loaded',
    inputs: { nodeAddress: '10.0.0.12', kernel: { ...active, nodeAddress: '10.0.0.11' } },
    action: 'Load',
    services: 'Unknown Programming',
  },
  {
    what: 'a Node that shows no address for a moment',
    inputs: { families: [] },
    action: undefined,
    services: 'True Programmed',
  },
  {
    what: 'a Node without an address of a family that its pods have',
    inputs: { families: [], kernel: { mode: 'Absent', verified: false, frontends: 0 } },
    action: undefined,
    services: 'False NoNodeAddress',
  },
];

for (const { what, inputs, action, services } of rows) {
  test(`F2: families: ${what}`, () => {
    const decision = decide({ ...fine, ...inputs });
    const shown = decision.status?.findings.find(({ type }) => type === 'ServicesProgrammed');
    assert.equal(decision.action, action);
    assert.equal(`${shown?.status} ${shown?.reason}`, services);
  });
}
