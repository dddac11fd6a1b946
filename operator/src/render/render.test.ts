import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentConfigOf } from '@margay/crds/agent-config';
import type { EffectiveSpec } from '@margay/crds/defaults';
import { effectiveSpec } from '@margay/crds/defaults';
import type { InstallationSpec } from '@margay/crds/installation.gen';
import { configMapOf, outdatedConfigs, stableJson } from './agent-config.ts';
import { agentDaemonSet } from './agent-daemonset.ts';
import { agentImage } from './image.ts';

const OWN = { image: 'margay/operator:1', version: '0.1.0' };

function effective(spec: InstallationSpec): EffectiveSpec {
  return effectiveSpec(spec, {
    operatorVersion: OWN.version,
    operatorImage: { registry: '', path: 'margay' },
    cni: 'Margay',
  });
}

const spec = effective({});

test('a configuration is named by its content alone', () => {
  const a = configMapOf(agentConfigOf(spec));
  assert.match(a.metadata.name, /^margay-config-[0-9a-f]{10}$/);
  assert.equal(configMapOf(agentConfigOf(effective({}))).metadata.name, a.metadata.name);
  const other = configMapOf(agentConfigOf(effective({ bpfLogLevel: 'Debug' })));
  assert.notEqual(other.metadata.name, a.metadata.name);
});

test('JSON does not depend on the order of keys', () => {
  assert.equal(stableJson({ b: [{ d: 1, c: 2 }], a: null }), '{"a":null,"b":[{"c":2,"d":1}]}');
});

test('three configurations are kept, and those that nodes use', () => {
  const known = [1, 2, 3, 4, 5].map((n) => ({
    name: `c${String(n)}`,
    created: `2026-01-0${String(n)}T00:00:00Z`,
  }));
  assert.deepEqual(outdatedConfigs(known, 'c5', new Set(['c1'])), ['c2']);
});

const IMAGES: readonly [
  string,
  string,
  { registry?: string; path?: string; digest?: string; version?: string },
][] = [
  ['margay/operator:0.1.0', 'margay/agent:0.1.0', {}],
  ['r.example.com:5000/x/operator:1', 'r.example.com:5000/x/agent:1', {}],
  ['localhost/margay-operator:1', 'localhost/margay-agent:1', {}],
  ['r.io/a/operator@sha256:abc', 'r.io/a/agent', {}],
  ['margay/operator:1', 'm.io/margay/agent:1', { registry: 'm.io' }],
  ['r.io/operator-x/operator:1', 'r.io/mirror/m/agent:1', { path: 'mirror/m' }],
  ['r.io/a/operator:1', 'r.io/a/agent@sha256:d', { digest: 'sha256:d' }],
  ['r.io/a/operator:1', 'r.io/a/agent:0.9.0', { version: '0.9.0' }],
];

for (const [own, expected, { registry = '', path = '', digest, version = '' }] of IMAGES) {
  test(`O12: agent image of ${own} is ${expected}`, () => {
    const digests = digest === undefined ? {} : { agent: digest };
    assert.equal(agentImage(own, { registry, path, digests }, version), expected);
  });
}

interface Template {
  spec: {
    updateStrategy: object;
    template: { metadata: { annotations: object }; spec: Record<string, unknown> };
  };
}

test('the DaemonSet leaves pace to the engine and tells its template by a hash', () => {
  const { manifest, hash } = agentDaemonSet({ spec, operator: OWN });
  const { updateStrategy, template } = (manifest as unknown as Template).spec;
  assert.deepEqual(updateStrategy, { type: 'OnDelete' });
  assert.deepEqual(template.metadata.annotations, { 'margay.io/template-hash': hash });
  assert.deepEqual(template.spec['tolerations'], [{ operator: 'Exists' }]);
  const changed = agentDaemonSet({
    spec: effective({ agent: { metricsPort: 9191 } }),
    operator: OWN,
  });
  assert.notEqual(changed.hash, hash);
});

const pool = { matchExpressions: [{ key: 'pool', operator: 'In', values: ['a'] }] };
const kept = { matchExpressions: [{ key: 'margay.io/kube-proxy', operator: 'Exists' }] };
const requiring = (...nodeSelectorTerms: readonly object[]): Record<string, unknown> => ({
  nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
});
const preferring = {
  nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: pool }] },
};

/** spec.agent.affinity, and that of the agents' pods. */
const AFFINITIES: readonly [string, Record<string, unknown>, Record<string, unknown>][] = [
  ['requirements also allow a labelled node', requiring(pool), requiring(pool, kept)],
  [
    'requirements keep what is beside them',
    { ...requiring(pool), podAffinity: {} },
    { ...requiring(pool, kept), podAffinity: {} },
  ],
  ['preferences exclude nobody, and stay so', preferring, preferring],
];

for (const [title, affinity, expected] of AFFINITIES) {
  test(`O12: the agents' affinity: ${title}`, () => {
    const { manifest } = agentDaemonSet({ spec: effective({ agent: { affinity } }), operator: OWN });
    const { template } = (manifest as unknown as { spec: { template: { spec: { affinity: unknown } } } })
      .spec;
    assert.deepEqual(template.spec.affinity, expected);
  });
}
