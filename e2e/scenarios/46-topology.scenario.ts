import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { SAMPLE } from '../demo/sample.ts';
import { until } from '../lab/process.ts';
import { guarded, sharedLab } from './support/cluster.ts';
import { installed } from './support/margay.ts';
import { get, kubeProxyPods, type ObjectView } from './support/objects.ts';
import { answers, manyRequests, namesIn, ServiceMaker, WEB_PORT } from './support/services.ts';

// Clients and backends in one zone, and on one node (trafficDistribution, KEP-2433, KEP-3015). kube-proxy is parked.

const lab = await sharedLab();
const [first, second, third] = lab.nodes;
assert.ok(first && second && third);
type LabNode = typeof first;
const SELECTOR = { app: 'placed' };
const make = new ServiceMaker(lab, 'topology');

after(() => make.removeAll());

/** Who answers a process of the node's own. */
async function answering(node: LabNode, address: string): Promise<string> {
  const { stdout } = await node.exec(manyRequests(`http://${address}/hostname`), { allowFailure: true });
  return [...namesIn(stdout)].sort().join(' ');
}

async function untilAnswered(node: LabNode, address: string, names: string): Promise<void> {
  let last = '';
  await until(`${node.name} to be answered by ${names}`, 20_000, async () => {
    last = await answering(node, address);
    return last === names ? true : undefined;
  }).catch((error: unknown) => {
    throw new Error(`${node.name} was answered by "${last}"`, { cause: error });
  });
}

async function zoneOf(node: LabNode): Promise<string> {
  const { metadata } = await get<ObjectView>(lab, ['node', node.name]);
  return metadata.labels?.['topology.kubernetes.io/zone'] ?? '';
}

test(
  'S9: PreferSameZone: a client is answered in its zone, one without a backend there by all',
  guarded(lab, async () => {
    await installed(lab);
    const zones = await Promise.all([first, second, third].map(zoneOf));
    assert.equal(new Set(zones).size, 3, `three zones: ${zones.join(' ')}`);
    await make.pod('placed-1', SELECTOR.app, first.name);
    await make.pod('placed-2', SELECTOR.app, second.name);
    const spec = { type: 'NodePort', selector: SELECTOR, ports: [WEB_PORT] };
    const address = await make.service('zonal', { ...spec, trafficDistribution: 'PreferSameZone' });
    await untilAnswered(first, address, 'placed-1');
    await untilAnswered(second, address, 'placed-2');
    await untilAnswered(third, address, 'placed-1 placed-2');
    const outside = `http://${first.site.address.v4}:${await make.nodePort('zonal')}/hostname`;
    assert.deepEqual([...(await answers(lab, 'outside', outside))], ['placed-1'], 'the node chooses');
  }),
);

test(
  'S9: PreferSameNode: a client is answered on its node, else in its zone',
  guarded(lab, async () => {
    const spec = { selector: SELECTOR, ports: [WEB_PORT] };
    const address = await make.service('nodal', { ...spec, trafficDistribution: 'PreferSameNode' });
    await untilAnswered(first, address, 'placed-1');
    await untilAnswered(second, address, 'placed-2');
  }),
);

test(
  'S9: a zone that loses its only backend is answered by the others, and again by its own',
  guarded(lab, async () => {
    const { spec } = await get<{ spec: { clusterIP: string } }>(lab, [
      'service',
      '-n',
      SAMPLE.namespace,
      'zonal',
    ]);
    await lab.kubectl(['delete', 'pod', '-n', SAMPLE.namespace, 'placed-1']);
    await untilAnswered(first, spec.clusterIP, 'placed-2');
    await make.pod('placed-1', SELECTOR.app, first.name);
    await untilAnswered(first, spec.clusterIP, 'placed-1');
    assert.deepEqual(await kubeProxyPods(lab), [], 'none of this needed kube-proxy');
  }),
);
