import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VERSIONS } from '../lab/binaries/recipe.ts';
import { SAMPLE } from '../demo/sample.ts';
import { until } from '../lab/process.ts';
import { guarded, sharedLab } from './support/cluster.ts';
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

test(
  'O3: an unsupported Service brings kube-proxy back to every node, and is served',
  guarded(lab, async () => {
    await installed(lab);
    assert.equal((await kubeProxyPods(lab)).length, 0);
    await lab.apply(JSON.stringify(sctpService()));
    await nodesHaveKubeProxy(
      lab.nodes.map((node) => node.name),
      'sample/sctp',
    );
    const { spec } = await get<ServiceView>(lab, ['service', '-n', SAMPLE.namespace, 'sctp']);
    const names = (await webPods(lab)).map((pod) => pod.metadata.name);
    const url = `http://${spec.clusterIP}:80/hostname`;
    const [first] = lab.nodes;
    assert.ok(first);
    for (const node of lab.nodes) {
      await until(`the Service to answer on ${node.name}`, 30_000, async () => {
        const { stdout } = await node.exec(['curl', '-sS', '--max-time', '3', url], { allowFailure: true });
        return names.includes(stdout) ? true : undefined;
      });
    }
    assert.ok(names.includes(await httpGet(lab, 'pod', url)));
  }),
);

test(
  'O3: without it kube-proxy is parked again',
  guarded(lab, async () => {
    await lab.kubectl(['delete', 'service', '-n', SAMPLE.namespace, 'sctp']);
    await everyNodeParked();
  }),
);

test(
  'O3: a pod with a hostPort over SCTP brings it back to its own node alone',
  guarded(lab, async () => {
    const [node] = lab.nodes;
    assert.ok(node);
    await lab.apply(JSON.stringify(hostPortPod(node.name)));
    try {
      // The pod itself may never run: this machine's kernel need not have SCTP.
      await nodesHaveKubeProxy([node.name], 'pod sample/host-port');
    } finally {
      await lab.kubectl(['delete', 'pod', '-n', SAMPLE.namespace, 'host-port', '--wait=false']);
    }
    await everyNodeParked();
  }),
);

/** Named by these nodes and by the Installation, and kube-proxy there and nowhere else. */
async function nodesHaveKubeProxy(nodes: readonly string[], name: string): Promise<void> {
  await until(`kube-proxy on ${nodes.join(', ')} because of ${name}`, 60_000, async () => {
    const running = (await kubeProxyPods(lab)).filter((pod) => pod.status.phase === 'Running');
    return running.length >= nodes.length ? true : undefined;
  });
  const places = (await kubeProxyPods(lab)).map((pod) => pod.spec.nodeName);
  assert.deepEqual(places.sort(), [...nodes]);
  const shown = await dataplanes(lab);
  for (const node of nodes) {
    const found = condition(shown.get(node) ?? {}, 'ServicesProgrammed');
    assert.equal(found?.reason, 'UnsupportedService', node);
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

function sctpService(): object {
  const spec = {
    selector: { app: 'web' },
    ports: [
      { name: 'web', port: 80, targetPort: 8080 },
      { name: 'signal', port: 81, targetPort: 8081, protocol: 'SCTP' },
    ],
  };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: SAMPLE.namespace, name: 'sctp' },
    spec,
  };
}

function hostPortPod(nodeName: string): object {
  const image = `registry.k8s.io/e2e-test-images/agnhost:${VERSIONS.agnhost}`;
  const ports = [{ containerPort: 8080, hostPort: HOST_PORT, protocol: 'SCTP' }];
  const container = { name: 'web', image, args: ['netexec', '--http-port=8080'], ports };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: SAMPLE.namespace, name: 'host-port' },
    spec: { nodeName, terminationGracePeriodSeconds: 0, containers: [container] },
  };
}
