import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatherEvidence, isParked } from '../demo/evidence.ts';
import { SAMPLE } from '../demo/sample.ts';
import { VERSIONS } from '../lab/binaries/recipe.ts';
import { until } from '../lab/process.ts';
import { addNode } from '../lab/start.ts';
import { guarded, progress, sharedLab } from './support/cluster.ts';
import { attached } from './support/kernel.ts';
import { installed, productImages, ready } from './support/margay.ts';
import { get, kubeProxyPods, type ServiceView } from './support/objects.ts';

// A node comes while nobody operates.

const lab = await sharedLab();
const OPERATOR = ['deployment', '-n', 'margay-operator', 'margay-operator'] as const;

test(
  'O3: a node that joins while the operator is at zero replicas has its Services',
  guarded(lab, async () => {
    await installed(lab);
    await scaleOperator(0);
    try {
      const node = await addNode(lab, undefined, progress);
      await lab.loadImages(await productImages(), [node.name]);
      await until(`kube-proxy on ${node.name}`, 60_000, async () => {
        const pods = await kubeProxyPods(lab);
        return pods.some((p) => p.spec.nodeName === node.name && p.status.phase === 'Running')
          ? true
          : undefined;
      });
      // Nobody has given it an order: it has its network by the configuration of the other nodes.
      await lab.kubectl(['wait', '--for=condition=Ready', `node/${node.name}`, '--timeout=60s']);
      await lab.apply(JSON.stringify(newcomer(node.name)));
      await lab.kubectl(['wait', '-n', SAMPLE.namespace, '--for=condition=Ready', NEWCOMER, '--timeout=60s']);
      const { spec } = await get<ServiceView>(lab, ['service', '-n', SAMPLE.namespace, 'web']);
      const request = ['curl', '-sS', '--max-time', '2', `http://${spec.clusterIP}/hostname`] as const;
      const fromPod = ['exec', '-n', SAMPLE.namespace, NEWCOMER, '--', ...request];
      const served = new Set<string>();
      for (let i = 0; i < 12; i++) {
        served.add((await node.exec([...request])).stdout.trim());
        served.add((await lab.kubectl(fromPod)).trim());
      }
      assert.ok(served.size > 1, `only ${[...served].join()} answered, and every backend is on another node`);
      assert.deepEqual(await attached(node), []);
    } finally {
      await scaleOperator(2);
    }
  }),
);

test(
  'O4: when the operator is back, the node is taken over',
  guarded(lab, async () => {
    const node = lab.nodes.at(-1);
    assert.ok(node);
    // The kernel's evidence, not Ready: that is still the condition of before the operator was gone.
    await until(`${node.name} to be taken over`, 90_000, async () => {
      const evidence = (await gatherEvidence(lab)).find((e) => e.node === node.name);
      return evidence && isParked(evidence) && evidence.complete ? true : undefined;
    });
    await ready(lab);
  }),
);

const NEWCOMER = 'pod/newcomer';

function newcomer(nodeName: string): object {
  const image = `registry.k8s.io/e2e-test-images/agnhost:${VERSIONS.agnhost}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'newcomer', namespace: SAMPLE.namespace },
    spec: {
      nodeName,
      terminationGracePeriodSeconds: 0,
      containers: [{ name: 'agnhost', image, args: ['pause'] }],
    },
  };
}

async function scaleOperator(replicas: number): Promise<void> {
  await lab.kubectl([
    'scale',
    ...OPERATOR.slice(1, 3),
    `deployment/${OPERATOR[3]}`,
    `--replicas=${replicas}`,
  ]);
  if (replicas > 0) return;
  await until('the operator to be gone', 30_000, async () => {
    const pods = await lab.kubectl(['get', 'pods', '-n', 'margay-operator', '-o', 'name']);
    return pods === '' ? true : undefined;
  });
}
