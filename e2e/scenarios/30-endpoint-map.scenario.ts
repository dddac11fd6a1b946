import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SAMPLE } from '../demo/sample.ts';
import { API_PORT } from '../lab/address-plan.ts';
import { until } from '../lab/process.ts';
import { guarded, sharedLab } from './support/cluster.ts';
import { underLoad } from './support/load.ts';
import { installed, ready } from './support/margay.ts';
import { condition, get, installation, type ObjectView } from './support/objects.ts';
import { httpGet, webPods } from './support/reach.ts';

// The address of the API server, in the user's hands.

const lab = await sharedLab();
const MAP = 'kubernetes-services-endpoint';
const OPERATOR = 'margay-operator';
const SYSTEM = 'margay-system';

test(
  "O2: the API server's address was found and written, and is no Service's",
  guarded(lab, async () => {
    await installed(lab);
    const map = await get<MapView>(lab, ['configmap', '-n', OPERATOR, MAP]);
    assert.equal(map.metadata.labels?.['margay.io/managed'], 'true');
    assert.equal(map.data?.['KUBERNETES_SERVICE_HOST'], lab.plan.controlPlane.v4);
    assert.equal(map.data['KUBERNETES_SERVICE_PORT'], String(API_PORT));
  }),
);

test(
  "O11: a user's malformed map is named in a condition, and harms nothing",
  guarded(lab, async () => {
    await underLoad(lab, async () => {
      await writeMap({ KUBERNETES_SERVICE_HOST: 'not an address', KUBERNETES_SERVICE_PORT: 'many' });
      const found = await until('a condition about the map', 60_000, async () => {
        const degraded = condition(await installation(lab), 'Degraded');
        return degraded?.status === 'True' ? degraded : undefined;
      });
      assert.equal(found.reason, 'EndpointMapMalformed');
      assert.ok(found.message?.includes(`${OPERATOR}/${MAP}`), found.message);
      const status = (await installation(lab)).status;
      assert.deepEqual(status?.apiServer?.endpoints, [`${lab.plan.controlPlane.v4}:${API_PORT}`]);
      assert.equal(condition(await installation(lab), 'Available')?.status, 'True');
      const copy = await get<MapView>(lab, ['configmap', '-n', SYSTEM, MAP]);
      assert.equal(copy.data?.['KUBERNETES_SERVICE_HOST'], lab.plan.controlPlane.v4);
      // A change after it still reaches the kernel.
      await lab.kubectl([
        'expose',
        'deployment',
        'web',
        '-n',
        SAMPLE.namespace,
        '--name=later',
        '--port=80',
        '--target-port=8080',
      ]);
      const { spec } = await get<{ spec: { clusterIP: string } }>(lab, [
        'service',
        '-n',
        SAMPLE.namespace,
        'later',
      ]);
      const names = (await webPods(lab)).map((pod) => pod.metadata.name);
      await until('a new Service to answer', 15_000, async () =>
        names.includes(await httpGet(lab, 'node', `http://${spec.clusterIP}:80/hostname`)) ? true : undefined,
      );
      await lab.kubectl(['delete', 'service', '-n', SAMPLE.namespace, 'later']);
    });
  }),
);

test(
  "O2: a user's correct map is obeyed and never written",
  guarded(lab, async () => {
    const data = {
      KUBERNETES_SERVICE_HOST: lab.plan.controlPlane.v4,
      KUBERNETES_SERVICE_PORT: String(API_PORT),
    };
    await writeMap(data);
    await ready(lab, 60_000);
    await until('the source to be the map', 30_000, async () =>
      (await installation(lab)).status?.apiServer?.source === 'ConfigMap' ? true : undefined,
    );
    const map = await get<MapView>(lab, ['configmap', '-n', OPERATOR, MAP]);
    assert.deepEqual(map.data, data);
    assert.equal(map.metadata.labels?.['margay.io/managed'], undefined);
  }),
);

test(
  'O2: a deleted map is found and written again',
  guarded(lab, async () => {
    await lab.kubectl(['delete', 'configmap', '-n', OPERATOR, MAP]);
    await until('our own map', 30_000, async () => {
      const text = await lab.kubectl([
        'get',
        'configmap',
        '-n',
        OPERATOR,
        MAP,
        '--ignore-not-found',
        '-o',
        'json',
      ]);
      if (text === '') return undefined;
      return (JSON.parse(text) as MapView).metadata.labels?.['margay.io/managed'] === 'true'
        ? true
        : undefined;
    });
    await ready(lab, 60_000);
  }),
);

/** As a user does it: the whole map is his. */
async function writeMap(data: Readonly<Record<string, string>>): Promise<void> {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: OPERATOR, name: MAP }, data };
  await lab.apply(JSON.stringify(object));
}

interface MapView extends ObjectView {
  readonly data?: Readonly<Record<string, string>>;
}
