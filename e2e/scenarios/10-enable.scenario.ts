import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatherEvidence, isParked } from '../demo/evidence.ts';
import { SAMPLE } from '../demo/sample.ts';
import { until } from '../lab/process.ts';
import { OUTSIDE_PORTS } from '../lab/start.ts';
import { guarded, sharedLab } from './support/cluster.ts';
import { attached, pinnedLinks } from './support/kernel.ts';
import { createInstallation, deploy, ready, sample, saveView } from './support/margay.ts';
import {
  condition,
  dataplanes,
  get,
  installation,
  kubeProxyPods,
  type ObjectView,
  type PodView,
  type ServiceView,
} from './support/objects.ts';
import { ask, ASKERS, httpGet, REFUSED, udpAsk, webPods } from './support/reach.ts';
import { ChangeLog, type Change } from './support/watch.ts';

// A bare cluster with kube-proxy becomes one with Margay.

const lab = await sharedLab();
const SCTP = { namespace: 'default', name: 'sctp' };
const DAEMON_SET = ['daemonset', '-n', 'kube-system', 'kube-proxy'] as const;

let log: ChangeLog;

test(
  'O3: while a Service needs what this version does not serve, no node loses kube-proxy',
  guarded(lab, async () => {
    await deploy(lab);
    await lab.apply(JSON.stringify(sctpService()));
    log = ChangeLog.start(lab, [
      ['pods', '-n', 'kube-system', '-l', 'k8s-app=kube-proxy'],
      ['nodedataplanes'],
      ['nodes'],
      ['installations'],
    ]);
    await createInstallation(lab);
    const named = await until('a condition to name the Service', 60_000, async () => {
      const found = condition(await installation(lab), 'Ready');
      return found?.message?.includes('default/sctp') === true ? found : undefined;
    });
    await saveView(lab, 'enabling');
    assert.equal(named.status, 'False');
    assert.match(named.message ?? '', /default\/sctp \(an SCTP port\)/);
    await until('every node to carry programs beside kube-proxy', 60_000, async () => {
      const shown = [...(await dataplanes(lab)).values()].map((node) =>
        condition(node, 'ServicesProgrammed'),
      );
      const blocked = shown.filter((c) => c?.status === 'False' && c.reason === 'UnsupportedService');
      return blocked.length === lab.nodes.length ? true : undefined;
    });
    // The change of its template lets its DaemonSet exchange the pods, one after the other.
    await until('kube-proxy to run on every node', 60_000, async () => {
      const running = (await kubeProxyPods(lab)).filter((pod) => pod.status.phase === 'Running');
      return running.length === lab.nodes.length ? true : undefined;
    });
    const labelled = await lab.kubectl(['get', 'nodes', '-l', 'margay.io/kube-proxy', '-o', 'name']);
    assert.equal(labelled, '');
  }),
);

test(
  'O1: without it every node is taken over',
  guarded(lab, async () => {
    await lab.kubectl(['delete', 'service', '-n', SCTP.namespace, SCTP.name]);
    await ready(lab);
    await saveView(lab, 'enabled');
    for (const evidence of await gatherEvidence(lab)) {
      assert.ok(isParked(evidence), JSON.stringify(evidence));
      assert.ok(evidence.complete, JSON.stringify(evidence));
    }
  }),
);

test(
  "O3: no kube-proxy pod went before its own node's evidence",
  guarded(lab, async () => {
    await log.stop();
    for (const { name: node } of lab.nodes) {
      const evidence = ['ServicesProgrammed', 'ApiServerDirect'].map((type) => shownAt(node, type));
      const label = log.first(isLabelling(node));
      const last = lastDeletion(node);
      assert.ok(
        evidence.every((revision) => revision !== undefined),
        `${node}: ${String(evidence)}`,
      );
      assert.ok(
        label !== undefined && Math.max(...evidence) < label,
        `${node}: label at ${label}, evidence at ${String(evidence)}`,
      );
      assert.ok(last > label, `${node}: its last kube-proxy pod went at ${last}, its label came at ${label}`);
      assertReplaced(node, label);
    }
  }),
);

test('O7: Available was never False: kube-proxy served until eBPF did', () => {
  const said = log.changes.flatMap(({ object }) => {
    const found = object.kind === 'Installation' ? condition(object, 'Available') : undefined;
    return found === undefined ? [] : [found];
  });
  assert.ok(said.length > 0);
  assert.deepEqual(
    said.filter(({ status }) => status === 'False'),
    [],
  );
});

test(
  "O3: kube-proxy's DaemonSet has one more requirement, and a note of how it was",
  guarded(lab, async () => {
    const daemonSet = await get<DaemonSetView>(lab, DAEMON_SET);
    const required =
      daemonSet.spec.template.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    const requirement = { key: 'margay.io/kube-proxy', operator: 'NotIn', values: ['parked'] };
    assert.deepEqual(required, { nodeSelectorTerms: [{ matchExpressions: [requirement] }] });
    assert.equal(daemonSet.metadata.annotations?.['margay.io/original-affinity'], 'null');
  }),
);

test(
  'programs are attached by pinned links on NICs, pods and the cgroup',
  guarded(lab, async () => {
    await sample(lab);
    for (const node of lab.nodes) {
      const links = await pinnedLinks(node);
      assert.ok(
        links.every((link) => link.id > 0 && link.program > 0),
        JSON.stringify(links),
      );
      const types = new Set(links.map((link) => link.type));
      assert.deepEqual([...types].sort(), ['cgroup', 'tcx']);
      const lines = (await attached(node)).join('\n');
      for (const program of [
        'from_pod',
        'to_pod',
        'from_net',
        'to_net',
        'connect',
        'getpeername',
        'sendmsg',
        'recvmsg',
        'connect_mapped',
        'recvmsg_mapped',
        'getpeer_mapped',
      ]) {
        assert.match(lines, new RegExp(`\\b${program}\\b`), `${node.name}: ${program}`);
      }
    }
  }),
);

test(
  'S1: ClusterIP and NodePort, TCP and UDP, from a pod, a node and outside',
  guarded(lab, async () => {
    const { spec } = await get<ServiceView>(lab, ['service', '-n', SAMPLE.namespace, 'web']);
    const names = new Set((await webPods(lab)).map((pod) => pod.metadata.name));
    for (const from of ASKERS) {
      if (from !== 'outside') {
        assert.ok(
          names.has(await httpGet(lab, from, `http://${spec.clusterIP}:80/hostname`)),
          `${from} TCP ClusterIP`,
        );
        assert.ok(names.has(await udpAsk(lab, from, spec.clusterIP, 81)), `${from} UDP ClusterIP`);
      }
      for (const { name, site } of lab.nodes) {
        const address = site.address.v4;
        assert.ok(
          names.has(await httpGet(lab, from, `http://${address}:${SAMPLE.tcpNodePort}/hostname`)),
          `${from} TCP NodePort ${name}`,
        );
        assert.ok(
          names.has(await udpAsk(lab, from, address, SAMPLE.udpNodePort)),
          `${from} UDP NodePort ${name}`,
        );
      }
    }
  }),
);

test(
  "S4: a backend on the NodePort's own node sees the client's address",
  guarded(lab, async () => {
    const client = lab.plan.outside.v4;
    for (const { name, site } of lab.nodes) {
      const here = new Set(
        (await webPods(lab)).filter((pod) => pod.spec.nodeName === name).map((pod) => pod.metadata.name),
      );
      assert.ok(here.size > 0, `no backend on ${name}`);
      const url = `http://${site.address.v4}:${SAMPLE.tcpNodePort}`;
      const seen = await until(`a backend on ${name} to answer`, 30_000, async () => {
        // Two requests on one connection, so that both come from one pod.
        const { stdout } = await ask(lab, 'outside', [
          'curl',
          '-sS',
          '--max-time',
          '3',
          '-w',
          '\n',
          `${url}/hostname`,
          `${url}/clientip`,
        ]);
        const [pod = '', address = ''] = stdout.split('\n');
        return here.has(pod) ? address : undefined;
      });
      assert.equal(seen.split(':')[0], client);
    }
  }),
);

test(
  'S8: a Service without endpoints refuses at once, from everywhere',
  guarded(lab, async () => {
    await lab.apply(JSON.stringify(emptyService()));
    const { spec } = await get<ServiceView>(lab, ['service', '-n', 'default', 'empty']);
    const nodePort = spec.ports[0]?.nodePort ?? 0;
    const [node] = lab.nodes;
    assert.ok(node);
    await until('the Service to be programmed', 10_000, async () =>
      (await httpGet(lab, 'node', `http://${spec.clusterIP}:80/`)) === REFUSED ? true : undefined,
    );
    for (const from of ASKERS) {
      if (from !== 'outside')
        assert.equal(await httpGet(lab, from, `http://${spec.clusterIP}:80/`), REFUSED, `${from} ClusterIP`);
      assert.equal(
        await httpGet(lab, from, `http://${node.site.address.v4}:${nodePort}/`),
        REFUSED,
        `${from} NodePort`,
      );
    }
    await lab.kubectl(['delete', 'service', '-n', 'default', 'empty']);
  }),
);

test(
  'F1: pods reach each other on every node, and the world outside',
  guarded(lab, async () => {
    const pods = await webPods(lab);
    assert.equal(new Set(pods.map((pod) => pod.spec.nodeName)).size, lab.nodes.length);
    const names = pods.map((pod) => pod.metadata.name);
    for (const pod of pods) {
      const answer = await httpGet(lab, 'pod', `http://${pod.status.podIP ?? ''}:8080/hostname`);
      assert.ok(names.includes(answer), `${pod.metadata.name}: ${answer}`);
    }
    const seen = await httpGet(lab, 'pod', `http://${lab.plan.beyond.v4}:${OUTSIDE_PORTS.http}/clientip`);
    const addresses = lab.nodes.map(({ site }) => site.address.v4);
    assert.ok(addresses.includes(seen.split(':')[0] ?? ''), seen);
  }),
);

/** Revision at which the node's agent first showed the condition True for an order of mode BPF. */
function shownAt(node: string, type: string): number | undefined {
  return log.first(({ object }) => {
    if (object.kind !== 'NodeDataplane' || object.metadata.name !== node) return false;
    const order = object as ObjectView & { spec: { mode: string } };
    return order.spec.mode === 'BPF' && condition(order, type)?.status === 'True';
  });
}

function isLabelling(node: string): (change: Change) => boolean {
  return ({ object }) =>
    object.kind === 'Node' &&
    object.metadata.name === node &&
    object.metadata.labels?.['margay.io/kube-proxy'] === 'parked';
}

function podChanges(node: string): readonly Change[] {
  return log.changes.filter(
    ({ object }) => object.kind === 'Pod' && (object as PodView).spec.nodeName === node,
  );
}

/** When each pod of kube-proxy's on the node was told to go. */
function deletions(node: string): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const { type, object, revision } of podChanges(node)) {
    const going = type === 'DELETED' || object.metadata.deletionTimestamp !== undefined;
    if (going && !first.has(object.metadata.name)) first.set(object.metadata.name, revision);
  }
  return first;
}

function lastDeletion(node: string): number {
  return Math.max(0, ...deletions(node).values());
}

/** A pod that went before the label made way for one of the new template, and that one came. */
function assertReplaced(node: string, label: number): void {
  for (const [name, gone] of deletions(node)) {
    if (gone > label) continue;
    const successor = podChanges(node).find(
      ({ object, revision }) => revision > gone && revision < label && object.metadata.name !== name,
    );
    assert.ok(successor, `${name} on ${node} went at ${gone} and nothing came in its place before ${label}`);
  }
}

function sctpService(): object {
  const spec = { selector: { app: 'none' }, ports: [{ port: 80, protocol: 'SCTP' }] };
  return { apiVersion: 'v1', kind: 'Service', metadata: SCTP, spec };
}

function emptyService(): object {
  const spec = { type: 'NodePort', selector: { app: 'nobody' }, ports: [{ port: 80 }] };
  return { apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'default', name: 'empty' }, spec };
}

interface DaemonSetView extends ObjectView {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly affinity?: {
          readonly nodeAffinity?: { readonly requiredDuringSchedulingIgnoredDuringExecution?: unknown };
        };
      };
    };
  };
}
