import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Installation } from '@margay/crds/installation.gen';
import type { NodeDataplane } from '@margay/crds/nodedataplane.gen';
import { statusText } from './status-text.ts';

const common = { observedGeneration: 2, lastTransitionTime: '2026-01-01T00:00:00Z' };

const installation: Installation = {
  metadata: { name: 'default', generation: 2 },
  spec: {},
  status: {
    conditions: [
      { ...common, type: 'Ready', status: 'False', reason: 'Rolling', message: 'n2 is changing' },
      {
        ...common,
        observedGeneration: 1,
        type: 'Degraded',
        status: 'True',
        reason: 'Old',
        message: 'of another generation',
      },
    ],
    nodes: { total: 3, bpf: 1, changing: 1, unsupported: 1, failed: 0 },
    rollout: {
      target: 'BPF',
      phase: 'Rolling',
      changing: ['n2'],
      waiting: { count: 2, first: ['n4'] },
      failed: [],
    },
    kubeProxy: { state: 'PartlyParked', message: 'parked on 1 of 3 nodes' },
    apiServer: { endpoints: ['10.0.0.10:6443'], source: 'ConfigMap' },
  },
};

const configRef = { name: 'margay-config-1' };
const nodes: NodeDataplane[] = [
  { metadata: { name: 'n2' }, spec: { mode: 'BPF', configRef } },
  {
    metadata: { name: 'n1', generation: 2 },
    spec: { mode: 'BPF', configRef },
    status: {
      mode: 'BPF',
      reason: 'UnsupportedService',
      message: 'default/web: SCTP',
      kernel: '6.18.44',
      kubeProxy: { state: 'Parked' },
      versions: { agent: '0.1.0' },
      conditions: [{ ...common, type: 'ServicesProgrammed', status: 'True', reason: 'InSync', message: 'm' }],
    },
  },
];

test('facts, conditions of this generation only, nodes in order, and their complaints', () => {
  assert.equal(
    statusText(installation, nodes),
    `nodes:       1 of 3 on eBPF, 1 changing, 1 unsupported
rollout:     Rolling to BPF; changing n2; 2 waiting
kube-proxy:  PartlyParked, parked on 1 of 3 nodes
API servers: 10.0.0.10:6443 (from ConfigMap)

CONDITION     STATUS    REASON        MESSAGE
Ready         False     Rolling       n2 is changing
Available     Unknown   NotObserved   the operator has not looked at this generation yet: is it running?
Progressing   Unknown   NotObserved   the operator has not looked at this generation yet: is it running?
Degraded      Unknown   NotObserved   the operator has not looked at this generation yet: is it running?

NODE   WANTED   MODE   SUPPORTED   API-DIRECT   SERVICES   KUBE-PROXY   AGENT   KERNEL    REASON
n1     BPF      BPF    Unknown     Unknown      True       Parked       0.1.0   6.18.44   UnsupportedService
n2     BPF      -      Unknown     Unknown      Unknown    -            -       -         -

n1: default/web: SCTP
`,
  );
});

test('an Installation that nobody has looked at', () => {
  const text = statusText({ metadata: { generation: 1, deletionTimestamp: 'x' }, spec: {} }, []);
  assert.match(text, /^it is being deleted\n\nCONDITION/);
  assert.match(text, /no node has an order yet\n$/);
});
