import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { kubeProxyLabel } from '@margay/crds/resources';
import { originalAffinity } from '../names.ts';
import type { PatchOperation } from '@margay/lib/apply';
import type { Affinity, PlacedDaemonSet } from './kube-proxy.ts';
import { canPark, parkablePatch, restorePatch, withTerm, withoutTerm } from './kube-proxy.ts';

const OURS = { key: kubeProxyLabel, operator: 'NotIn', values: ['parked'] };
const LINUX = { key: 'kubernetes.io/os', operator: 'In', values: ['linux'] };

function daemonSet(affinity?: Affinity, annotations?: Record<string, string>): PlacedDaemonSet {
  const made = {
    metadata: { resourceVersion: '7', ...(annotations === undefined ? {} : { annotations }) },
    spec: { template: { spec: affinity === undefined ? {} : { affinity } } },
  };
  return JSON.parse(JSON.stringify(made)) as PlacedDaemonSet;
}

/** Applies a patch of these few paths, `test` operations included. */
function apply(ds: PlacedDaemonSet, patch: readonly PatchOperation[]): PlacedDaemonSet {
  const copy = JSON.parse(JSON.stringify(ds)) as Record<string, never>;
  for (const operation of patch) {
    const { op, path } = operation;
    const keys = path
      .split('/')
      .slice(1)
      .map((k) => k.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = keys.pop() ?? '';
    const parent = keys.reduce<Record<string, unknown>>((o, k) => o[k] as Record<string, unknown>, copy);
    if (op === 'test') assert.deepEqual(parent[last], operation.value, `test of ${path}`);
    else if (op === 'remove') Reflect.deleteProperty(parent, last);
    else parent[last] = structuredClone(operation.value);
  }
  return copy;
}

const required = (...terms: object[]): Affinity => ({
  nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
});

test('a DaemonSet without affinity gets one term, and none again', () => {
  const before = daemonSet();
  const after = apply(before, parkablePatch(before));
  assert.deepEqual(after.spec?.template?.spec?.affinity, required({ matchExpressions: [OURS] }));
  assert.equal(after.metadata?.annotations?.[originalAffinity], 'null');
  assert.ok(canPark(after));
  assert.deepEqual(parkablePatch(after), []);
  assert.deepEqual(apply(after, restorePatch(after)).spec, before.spec);
});

test('every alternative gets the requirement, for one without it would let kube-proxy in', () => {
  const affinity = required(
    { matchExpressions: [LINUX] },
    { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }] },
  );
  assert.ok(!canPark(daemonSet(required({ matchExpressions: [OURS] }, { matchExpressions: [LINUX] }))));
  const terms =
    withTerm(affinity).nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  assert.deepEqual(
    terms?.map((t) => t.matchExpressions),
    [[LINUX, OURS], [OURS]],
  );
});

test('an alternative that matches nothing stays as it is', () => {
  assert.deepEqual(withTerm(required({})), required({}));
});

test('what another writer changed meanwhile is kept, and only our requirement goes', () => {
  const before = daemonSet(required({ matchExpressions: [LINUX] }));
  const parked = apply(before, parkablePatch(before));
  const changed = {
    ...parked,
    spec: {
      template: {
        spec: { affinity: { ...parked.spec?.template?.spec?.affinity, podAntiAffinity: { a: 1 } } },
      },
    },
  };
  const restored = apply(changed, restorePatch(changed)).spec?.template?.spec?.affinity;
  assert.deepEqual(restored, { ...required({ matchExpressions: [LINUX] }), podAntiAffinity: { a: 1 } });
});

test('a damaged annotation is not trusted', () => {
  const ds = daemonSet(required({ matchExpressions: [LINUX, OURS] }), { [originalAffinity]: '{oops' });
  const after = apply(ds, restorePatch(ds));
  assert.deepEqual(after.spec?.template?.spec?.affinity, required({ matchExpressions: [LINUX] }));
  assert.deepEqual(after.metadata?.annotations, {});
});

test('nothing of ours: nothing to restore', () => {
  assert.deepEqual(restorePatch(daemonSet(required({ matchExpressions: [LINUX] }))), []);
});

const requirement = fc.record({
  key: fc.constantFrom('a', 'b', 'kubernetes.io/os'),
  operator: fc.constantFrom('Exists', 'DoesNotExist'),
});
const term = fc.record(
  {
    matchExpressions: fc.array(requirement, { maxLength: 2 }),
    matchFields: fc.array(requirement, { maxLength: 1 }),
  },
  { requiredKeys: [] },
);
const affinities = fc.option(
  fc.record(
    {
      nodeAffinity: fc.record(
        {
          requiredDuringSchedulingIgnoredDuringExecution: fc.record({
            nodeSelectorTerms: fc.array(term, { minLength: 1, maxLength: 3 }),
          }),
          preferredDuringSchedulingIgnoredDuringExecution: fc.constant([{ weight: 1 }]),
        },
        { requiredKeys: [] },
      ),
      podAffinity: fc.constant({ x: 1 }),
    },
    { requiredKeys: [] },
  ),
  { nil: undefined },
);
const notes = fc.constantFrom(undefined, {}, { other: 'kept' });

test('park and restore give back exactly what was there', () => {
  fc.assert(
    fc.property(affinities, notes, (affinity, annotations) => {
      const before = daemonSet(affinity, annotations);
      const parked = apply(before, parkablePatch(before));
      assert.ok(canPark(parked));
      const after = apply(parked, restorePatch(parked));
      assert.deepEqual(after.spec, before.spec);
      assert.deepEqual(after.metadata?.annotations ?? {}, before.metadata?.annotations ?? {});
    }),
  );
});

test('without an annotation our requirement still goes', () => {
  fc.assert(
    fc.property(affinities, (affinity) => {
      const left = withoutTerm(withTerm(affinity));
      assert.ok(!JSON.stringify(left ?? null).includes(kubeProxyLabel));
    }),
  );
});
