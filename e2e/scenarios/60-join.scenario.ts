import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatherEvidence, isParked } from '../demo/evidence.ts';
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
      // The fabric to other nodes' pods comes with the operator's order; this Service's backend is no pod.
      const { spec } = await get<ServiceView>(lab, ['service', 'kubernetes']);
      const version = ['curl', '-sSk', '--max-time', '2', `https://${spec.clusterIP}:443/version`] as const;
      await until(`the Service kubernetes to answer on ${node.name}`, 30_000, async () => {
        const { stdout } = await node.exec([...version], { allowFailure: true });
        return stdout.includes('"gitVersion"') ? true : undefined;
      });
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
