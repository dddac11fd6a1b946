import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatherEvidence, isParked } from '../demo/evidence.ts';
import { until } from '../lab/process.ts';
import { addNode } from '../lab/start.ts';
import { guarded, progress, sharedLab } from './support/cluster.ts';
import { attached } from './support/kernel.ts';
import { installed, productImages, ready, saveView } from './support/margay.ts';
import { condition, dataplanes, installation, kubeProxyPods } from './support/objects.ts';
import { ASKERS, httpGet, webPods } from './support/reach.ts';
import { SAMPLE } from '../demo/sample.ts';

// One node lacks what the dataplane needs: its cgroup v2 mount is really gone.

const lab = await sharedLab();
const CGROUP2 = '/sys/fs/cgroup/unified';
let stuck = '';

test(
  'O5: a node without a cgroup v2 mount is named, and keeps kube-proxy',
  guarded(lab, async () => {
    await installed(lab);
    const others = lab.nodes.map((node) => node.name);
    // No agent can start there before its image is loaded: time to take the mount away.
    const node = await addNode(lab, undefined, progress);
    stuck = node.name;
    await node.exec(['umount', CGROUP2]);
    await lab.loadImages(await productImages(), [stuck]);
    const found = await until(`${stuck} to say why it cannot`, 90_000, async () => {
      const supported = condition((await dataplanes(lab)).get(stuck) ?? {}, 'Supported');
      return supported?.status === 'False' ? supported : undefined;
    });
    assert.match(found.message ?? '', /cgroup2/);
    await ready(lab);
    const text = await saveView(lab, 'stuck');
    const view = await installation(lab);
    assert.match(condition(view, 'Ready')?.message ?? '', new RegExp(`${stuck}.*cgroup2`));
    assert.equal(condition(view, 'Available')?.status, 'True');
    assert.equal(view.status?.nodes?.unsupported, 1);
    assert.match(text, new RegExp(`nodedataplane.margay.io/${stuck} +BPF +Standard`));
    const proxies = await kubeProxyPods(lab);
    assert.deepEqual(
      proxies.map((pod) => [pod.spec.nodeName, pod.status.phase]),
      [[stuck, 'Running']],
    );
    assert.deepEqual(await attached(node), []);
    const evidence = await gatherEvidence(lab);
    for (const each of evidence.filter(({ node: name }) => others.includes(name))) {
      assert.ok(isParked(each) && each.complete, JSON.stringify(each));
    }
    const events = await lab.kubectl([
      'get',
      'events',
      '-A',
      '--field-selector',
      `involvedObject.kind=Node,involvedObject.name=${stuck}`,
    ]);
    assert.match(events, /cgroup2/);
  }),
);

test(
  "F8: its NodePort is served by kube-proxy, the others' by eBPF",
  guarded(lab, async () => {
    const names = (await webPods(lab)).map((pod) => pod.metadata.name);
    for (const { site } of lab.nodes) {
      for (const from of ASKERS) {
        const answer = await httpGet(lab, from, `http://${site.address.v4}:${SAMPLE.tcpNodePort}/hostname`);
        assert.ok(names.includes(answer), `${from} to ${site.name}: ${answer}`);
      }
    }
  }),
);

test(
  'O5: with the mount back and its agent restarted, it is taken over',
  guarded(lab, async () => {
    const node = lab.node(stuck);
    await node.exec(['mount', '-t', 'cgroup2', 'cgroup2', CGROUP2]);
    const at = [
      '-n',
      'margay-system',
      '-l',
      'app.kubernetes.io/name=margay-agent',
      `--field-selector=spec.nodeName=${stuck}`,
    ];
    await lab.kubectl(['delete', 'pod', ...at]);
    await until(`kube-proxy to be parked on ${stuck}`, 90_000, async () => {
      return (await kubeProxyPods(lab)).length === 0 ? true : undefined;
    });
    await ready(lab);
  }),
);
