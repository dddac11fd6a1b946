import assert from 'node:assert/strict';
import { VERSIONS } from '../lab/binaries/recipe.ts';
import { SAMPLE } from '../demo/sample.ts';
import { until } from '../lab/process.ts';
import { scenario, sharedLab } from './support/cluster.ts';
import { installed, ready } from './support/margay.ts';
import {
  condition,
  dataplanes,
  get,
  installation,
  kubeProxyPods,
  type ServiceView,
} from './support/objects.ts';
import { httpGet, webPods } from './support/reach.ts';

// Something comes that this version does not serve exactly, after kube-proxy is parked.

const lab = await sharedLab();
const HOST_PORT = 30999;

scenario(lab, 'O3: an unsupported Service brings kube-proxy back to every node, and is served', async () => {
  await installed(lab);
  assert.equal((await kubeProxyPods(lab)).length, 0);
  await lab.apply(JSON.stringify(stickyService()));
  await everyNodeHasKubeProxy('sample/sticky');
  const { spec } = await get<ServiceView>(lab, ['service', '-n', SAMPLE.namespace, 'sticky']);
  const names = (await webPods(lab)).map((pod) => pod.metadata.name);
  const url = `http://${spec.clusterIP}:80/hostname`;
  const [first] = lab.nodes;
  assert.ok(first);
  for (const node of lab.nodes) {
    const answers = new Set<string>();
    await until(`the Service to answer on ${node.name}`, 30_000, async () => {
      const { stdout } = await node.exec(['curl', '-sS', '--max-time', '3', url], { allowFailure: true });
      return names.includes(stdout) ? true : undefined;
    });
    for (let i = 0; i < 8; i++)
      answers.add((await node.exec(['curl', '-sS', '--max-time', '3', url])).stdout);
    assert.equal(answers.size, 1, `${node.name} has no affinity: ${[...answers].join(', ')}`);
  }
  assert.ok(names.includes(await httpGet(lab, 'pod', url)));
});

scenario(lab, 'O3: without it kube-proxy is parked again', async () => {
  await lab.kubectl(['delete', 'service', '-n', SAMPLE.namespace, 'sticky']);
  await everyNodeParked();
});

scenario(lab, 'O3: the same for a pod with a hostPort', async () => {
  await lab.apply(JSON.stringify(hostPortPod()));
  await everyNodeHasKubeProxy('pod sample/host-port');
  await lab.kubectl(['delete', 'pod', '-n', SAMPLE.namespace, 'host-port', '--wait=false']);
  await everyNodeParked();
});

/** Named by every node, by the Installation, and kube-proxy everywhere. */
async function everyNodeHasKubeProxy(name: string): Promise<void> {
  await until(`kube-proxy on every node because of ${name}`, 60_000, async () => {
    const running = (await kubeProxyPods(lab)).filter((pod) => pod.status.phase === 'Running');
    return running.length === lab.nodes.length ? true : undefined;
  });
  const shown = await dataplanes(lab);
  for (const node of lab.nodes) {
    const found = condition(shown.get(node.name) ?? {}, 'ServicesProgrammed');
    assert.equal(found?.reason, 'UnsupportedService', node.name);
    assert.ok(found.message?.includes(name), found.message);
  }
  const whole = condition(await installation(lab), 'Ready');
  assert.ok(whole?.message?.includes(name), whole?.message);
  assert.equal(condition(await installation(lab), 'Available')?.status, 'True');
}

async function everyNodeParked(): Promise<void> {
  await until('kube-proxy to be parked again', 90_000, async () => {
    return (await kubeProxyPods(lab)).length === 0 ? true : undefined;
  });
  await ready(lab);
}

function stickyService(): object {
  const spec = {
    selector: { app: 'web' },
    sessionAffinity: 'ClientIP',
    ports: [{ port: 80, targetPort: 8080 }],
  };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: SAMPLE.namespace, name: 'sticky' },
    spec,
  };
}

function hostPortPod(): object {
  const image = `registry.k8s.io/e2e-test-images/agnhost:${VERSIONS.agnhost}`;
  const ports = [{ containerPort: 8080, hostPort: HOST_PORT }];
  const container = { name: 'web', image, args: ['netexec', '--http-port=8080'], ports };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: SAMPLE.namespace, name: 'host-port' },
    spec: { terminationGracePeriodSeconds: 0, containers: [container] },
  };
}
