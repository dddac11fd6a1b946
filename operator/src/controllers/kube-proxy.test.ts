import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '@margay/lib/objects';
import { withTerm } from '../render/kube-proxy.ts';
import type { DaemonSetRecord, InstallationRecord } from '../watch/records.ts';
import { decodeDaemonSet } from '../watch/records.ts';
import type { Deps } from './deps.ts';
import { KubeProxyController } from './kube-proxy.ts';

/** kube-proxy's DaemonSet at a generation, with our requirement or without. */
function daemonSet(generation: number, parkable: boolean): KubeObject {
  const metadata = {
    name: 'kube-proxy',
    namespace: 'kube-system',
    uid: 'u',
    resourceVersion: '1',
    generation,
  };
  const affinity = parkable ? { affinity: withTerm(undefined) } : {};
  return { metadata, spec: { template: { spec: affinity } } } as KubeObject;
}

/** A controller before a server that carries out what it is asked. `see` is what a watch brings, and what follows. */
function controller() {
  let record: DaemonSetRecord | undefined;
  let generation = 0;
  const deps = {
    client: { request: () => Promise.resolve(daemonSet(++generation, true)) },
    world: {
      kubeProxy: {
        get values() {
          return record === undefined ? [] : [record];
        },
        put: (_: string, now: DaemonSetRecord) => (record = now),
      },
    },
    events: { record: () => undefined },
    log: { info: () => undefined },
    now: () => 0,
  } as unknown as Deps;
  const proxy = new KubeProxyController(deps);
  const wish = {
    installation: { generation: 1, name: 'default', uid: 'i' } as InstallationRecord,
    place: { namespace: 'kube-system', name: 'kube-proxy' },
    management: 'Enabled',
    placement: 'Parkable',
  } as const;
  const see = async (seen: number): Promise<boolean> => {
    record = decodeDaemonSet(daemonSet(seen, false));
    generation = Math.max(generation, seen);
    return (await proxy.ensure(wish)).contested;
  };
  return see;
}

test('O3: three changes back are a contest', async () => {
  const see = controller();
  assert.deepEqual([await see(1), await see(3), await see(5), await see(7)], [false, false, false, true]);
});

test('O3: a change back that is seen again, by a late event, is the same one', async () => {
  const see = controller();
  assert.deepEqual([await see(1), await see(3), await see(3), await see(3)], [false, false, false, false]);
  assert.deepEqual([await see(7), await see(9)], [false, true]);
});

test('O3: what was there before us undid nothing, however late it is seen', async () => {
  const see = controller();
  for (let i = 0; i < 4; i++) assert.equal(await see(1), false);
});
