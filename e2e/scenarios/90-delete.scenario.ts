import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTSIDE_PORTS } from '../lab/start.ts';
import { guarded, sharedLab } from './support/cluster.ts';
import { attached, existing, pinnedLinks, pins } from './support/kernel.ts';
import { underLoad } from './support/load.ts';
import { installed } from './support/margay.ts';
import { get, kubeProxyPods, list, type ObjectView } from './support/objects.ts';
import { httpGet, webPods } from './support/reach.ts';
import { ChangeLog } from './support/watch.ts';

// The Installation is deleted, in the way Argo CD does it.

const lab = await sharedLab();

test(
  'O9: deletion brings kube-proxy back first, and leaves nothing of ours',
  guarded(lab, async () => {
    await installed(lab);
    const programs = (await Promise.all(lab.nodes.map(pinnedLinks))).flat().map((link) => link.program);
    assert.ok(programs.length > 0);
    const log = ChangeLog.start(lab, [
      ['pods', '-n', 'kube-system', '-l', 'k8s-app=kube-proxy'],
      ['pods', '-n', 'margay-system'],
      ['nodedataplanes'],
    ]);
    // Nodes drain for seconds, each by itself: three at a time.
    const pace = JSON.stringify({ spec: { nodeUpdateStrategy: { maxUnavailable: 3 } } });
    await lab.kubectl(['patch', 'installation', 'default', '--type=merge', '-p', pace]);
    await underLoad(lab, async () => {
      await lab.kubectl(['delete', 'installation', 'default', '--cascade=foreground', '--timeout=300s']);
      await log.stop();
      for (const { name } of lab.nodes) {
        const served = log.first(({ object }) => isPodOn(object, name, 'kube-proxy') && isReady(object));
        const agent = log.first(
          ({ object }) =>
            isPodOn(object, name, 'margay-agent') && object.metadata.deletionTimestamp !== undefined,
        );
        assert.ok(
          served !== undefined && agent !== undefined && served < agent,
          `${name}: kube-proxy Ready at ${served ?? 0}, agent told to go at ${agent ?? 0}`,
        );
      }
      assert.equal((await kubeProxyPods(lab)).length, lab.nodes.length);
      for (const node of lab.nodes) {
        assert.deepEqual(await pins(node), [], node.name);
        assert.deepEqual(await attached(node), [], node.name);
      }
      const [node] = lab.nodes;
      assert.ok(node);
      assert.deepEqual(await existing(node, programs), []);
    });
  }),
);

test(
  'O9: no agent, order, configuration, label, annotation or requirement is left',
  guarded(lab, async () => {
    for (const kind of ['nodedataplanes', 'daemonsets -n margay-system', 'pods -n margay-system']) {
      assert.equal(await lab.kubectl(['get', ...kind.split(' '), '-o', 'name']), '', kind);
    }
    const maps = await lab.kubectl(['get', 'configmaps', '-n', 'margay-system', '-o', 'name']);
    assert.doesNotMatch(maps, /margay|kubernetes-services-endpoint/);
    const ours = (object: ObjectView): string[] =>
      [
        ...Object.keys(object.metadata.labels ?? {}),
        ...Object.keys(object.metadata.annotations ?? {}),
        ...(object.metadata.finalizers ?? []),
      ].filter((key) => key.includes('margay.io'));
    for (const node of await list<ObjectView>(lab, ['nodes']))
      assert.deepEqual(ours(node), [], node.metadata.name);
    const daemonSet = await get<ObjectView & { spec: { template: { spec: { affinity?: unknown } } } }>(lab, [
      'daemonset',
      '-n',
      'kube-system',
      'kube-proxy',
    ]);
    assert.deepEqual(ours(daemonSet), []);
    assert.equal(daemonSet.spec.template.spec.affinity, undefined);
  }),
);

test(
  'O9: pods keep their network (onDelete.fabric Keep)',
  guarded(lab, async () => {
    const pods = await webPods(lab);
    const names = pods.map((pod) => pod.metadata.name);
    for (const pod of pods) {
      const answer = await httpGet(lab, 'pod', `http://${pod.status.podIP ?? ''}:8080/hostname`);
      assert.ok(names.includes(answer), `${pod.metadata.name}: ${answer}`);
    }
    const seen = await httpGet(lab, 'pod', `http://${lab.plan.beyond.v4}:${OUTSIDE_PORTS.http}/clientip`);
    assert.ok(
      lab.nodes.some(({ site }) => site.address.v4 === seen.split(':')[0]),
      seen,
    );
    await lab.kubectl(['delete', 'pod', '-n', 'sample', names[0] ?? '']);
    await lab.kubectl(['rollout', 'status', '-n', 'sample', 'deployment/web', '--timeout=60s']);
  }),
);

function isPodOn(object: ObjectView, node: string, prefix: string): boolean {
  const pod = object as ObjectView & { spec?: { nodeName?: string } };
  return object.kind === 'Pod' && object.metadata.name.startsWith(prefix) && pod.spec?.nodeName === node;
}

function isReady(object: ObjectView): boolean {
  const { status } = object as ObjectView & { status?: { conditions?: { type: string; status: string }[] } };
  return status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true;
}
