import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureImages } from '../../tools/images/build.ts';
import { catalog } from '../../tools/images/catalog.ts';
import { clusterInfoManifests } from './addons/cluster-info.ts';
import { corednsManifests } from './addons/coredns.ts';
import { kubeProxyManifests } from './addons/kube-proxy.ts';
import { listOf, type Manifest } from './addons/manifest.ts';
import { ensureBinaries } from './binaries/build.ts';
import { masqueradeRules, ptpConfig, routesTo } from './cni.ts';
import { renderKubeconfig } from './control-plane/kubeconfig.ts';
import { serverUrl } from './control-plane/runner.ts';
import { rememberDaemon, startDaemon } from './daemon.ts';
import { LabError } from './errors.ts';
import { Lab } from './lab.ts';
import { checkSubnetFree, prepareMachine, requireRoot } from './machine.ts';
import { netnsPath, shIn } from './network.ts';
import { ensureImageStore } from './node/image-store.ts';
import type { EtcFiles, LabNode } from './node/lab-node.ts';
import { resolveOptions, zoneOf, type LabOptions, type ResolvedOptions } from './options.ts';
import { until } from './process.ts';
import { elapsed, type Progress } from './progress.ts';
import { labPaths, saveState, type LabState, type NodeState } from './state.ts';
import { labCgroup, removeRemains, runningState, withLabLock } from './teardown.ts';
import { createNetwork, createNodeNetwork } from './topology.ts';

/** Ports of the server on the network outside: HTTP (agnhost netexec) and its UDP twin. */
export const OUTSIDE_PORTS = { http: 8080, udp: 8081 } as const;

/**
 * Starts a cluster and returns when its nodes are registered, kube-proxy runs, and (with a CNI) every node is Ready.
 * Remains of a crashed lab of the same name are removed first. Refuses with `AlreadyRunning` or `SubnetInUse`.
 */
export async function startLab(given: LabOptions, progress: Progress): Promise<Lab> {
  requireRoot();
  const options = resolveOptions(given);
  return withLabLock(options.name, async () => {
    if (await runningState(options.name)) {
      throw new LabError(
        'AlreadyRunning',
        `a lab "${options.name}" is running; remove it with: make lab-down`,
      );
    }
    await removeRemains(options.name, progress);
    await checkSubnetFree(options.subnet);
    const binaries = await ensureBinaries(progress);
    const store = await ensureImageStore({ archives: await labImages(progress), binaries }, progress);
    try {
      return await bringUp(options, { binaries, store }, progress);
    } catch (error) {
      progress(
        `${options.name}: failed; logs are in ${labPaths(options.name).logs} until the next up or down`,
      );
      throw error;
    }
  });
}

/** Adds a node to a running lab and returns when it is registered (and Ready, where the lab has a CNI). */
export async function addNode(lab: Lab, zone: string | undefined, progress: Progress): Promise<LabNode> {
  const index = Math.max(0, ...lab.state.nodes.map((n) => n.index)) + 1;
  const state: NodeState = { name: `n${index}`, index, zone: zone ?? zoneOf(lab.state.options, index) };
  lab.state.nodes.push(state);
  await saveState(lab.state);
  const archives = await labImages(progress);
  const store = await ensureImageStore({ archives, binaries: lab.state.binaries }, progress);
  const node = await bootNode(lab, state, store, progress);
  await applyEventually(lab, [nodeManifest(lab, state)]);
  await connectPods(lab);
  await node.startKubelet();
  await waitForNodes(lab, progress);
  return node;
}

async function labImages(progress: Progress): Promise<string[]> {
  const images = catalog('0').filter((image) => image.group === 'lab');
  const root = new URL('../..', import.meta.url).pathname;
  return [...(await ensureImages(images, root, progress)).values()];
}

async function bringUp(
  options: ResolvedOptions,
  made: { binaries: string; store: string },
  progress: Progress,
): Promise<Lab> {
  const started = Date.now();
  const nodes = Array.from({ length: options.nodes }, (_, i): NodeState => {
    return { name: `n${i + 1}`, index: i + 1, zone: zoneOf(options, i + 1) };
  });
  const state: LabState = { options, phase: 'starting', binaries: made.binaries, nodes };
  await saveState(state);
  await prepareMachine(options.nodes);
  await (await labCgroup(options.name, 'infra')).create();
  const lab = await Lab.open(state);
  progress(
    `${lab.name}: network ${options.subnet}, ${options.nodes} nodes, CNI ${options.cni}, kube-proxy ${options.kubeProxy}`,
  );
  await createNetwork(lab.name, lab.plan, options.mtu);
  await Promise.all([
    startControlPlane(lab, progress),
    startOutside(lab),
    ...nodes.map((node) => bootNode(lab, node, made.store, progress)),
  ]);
  await connectPods(lab);
  for (const node of lab.nodes) await node.startKubelet();
  await waitForNodes(lab, progress);
  await startDns(lab, progress);
  await saveState({ ...state, phase: 'running' });
  state.phase = 'running';
  progress(`${lab.name}: up in ${elapsed(started)}; look around with: make lab-shell`);
  return lab;
}

async function startControlPlane(lab: Lab, progress: Progress): Promise<void> {
  const started = Date.now();
  await lab.controlPlane.start({ scheduler: true, controllerManager: true });
  progress(`${lab.name}: control plane at ${serverUrl(lab.plan.controlPlane)} ready in ${elapsed(started)}`);
  await applyEventually(lab, await clusterManifests(lab));
}

async function clusterManifests(lab: Lab): Promise<Manifest[]> {
  const { kubeProxy } = lab.state.options;
  const server = serverUrl(lab.plan.controlPlane);
  return [
    ...lab.state.nodes.map((node) => nodeManifest(lab, node)),
    ...clusterInfoManifests(server, await lab.ca()),
    ...(kubeProxy === 'none'
      ? []
      : kubeProxyManifests({ mode: kubeProxy, server, podCidrs: lab.plan.podCidrs })),
  ];
}

/** The Node exists before its kubelet, so that its pod ranges follow from its number. */
function nodeManifest(lab: Lab, node: NodeState): Manifest {
  const podCIDRs = lab.podCidrs(node);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: node.name, labels: { 'topology.kubernetes.io/zone': node.zone } },
    spec: { podCIDR: podCIDRs[0], podCIDRs },
  };
}

/** The first seconds of an API server: its own namespaces come a moment after it is ready. */
async function applyEventually(lab: Lab, manifests: readonly Manifest[]): Promise<void> {
  let last: unknown;
  await until('the API server to take the first objects', 30_000, async () => {
    try {
      await lab.apply(listOf(manifests));
      return true;
    } catch (error) {
      last = error;
      return undefined;
    }
  }).catch((cause: unknown) => {
    throw new LabError('Timeout', `cannot apply the lab's objects: ${String(last)}`, { cause });
  });
}

async function bootNode(lab: Lab, state: NodeState, store: string, progress: Progress): Promise<LabNode> {
  const started = Date.now();
  const node = await lab.member(state);
  await createNodeNetwork(
    lab.name,
    { name: node.name, address: node.site.address },
    lab.plan,
    lab.state.options.mtu,
  );
  await node.boot(await nodeFiles(lab, state, node), store);
  progress(`${lab.name}: ${node.name} booted in ${elapsed(started)}`);
  return node;
}

async function nodeFiles(lab: Lab, state: NodeState, node: LabNode): Promise<EtcFiles> {
  const { pki } = lab.controlPlane;
  const { v4, v6 } = node.site.address;
  const user = { name: `system:node:${state.name}`, groups: ['system:nodes'] };
  const names = [`DNS:${state.name}`, `IP:${v4}`, ...(v6 === undefined ? [] : [`IP:${v6}`])];
  const pair = await pki.issue(`kubelet-${state.name}`, { ...user, names });
  const { cni, mtu } = lab.state.options;
  return {
    'kubernetes/kubelet.conf': await renderKubeconfig(pki, serverUrl(lab.plan.controlPlane), {
      name: user.name,
      pair,
    }),
    'kubernetes/pki/ca.crt': await readFile(pki.ca.cert),
    'kubernetes/pki/kubelet.crt': await readFile(pair.cert),
    'kubernetes/pki/kubelet.key': await readFile(pair.key),
    ...(cni === 'ptp' ? { 'cni/net.d/10-lab.conflist': ptpConfig(lab.podCidrs(state), mtu) } : {}),
  };
}

/** With the reference CNI the lab is the one who gives nodes routes to each other's pods, and a way out. */
async function connectPods(lab: Lab): Promise<void> {
  if (lab.state.options.cni === 'none') return;
  const rules = masqueradeRules(lab.plan.podCidrs);
  for (const here of lab.state.nodes) {
    const others = lab.state.nodes.filter((node) => node !== here);
    const routes = others.map((node) => routesTo(lab.podCidrs(node), lab.node(node.name).site.address));
    await shIn(lab.networks.node(here.name), `${routes.join('\n')}\nprintf %s "$1" | nft -f -`, [rules]);
  }
}

async function startOutside(lab: Lab): Promise<void> {
  const daemon = await startDaemon({
    name: 'outside',
    command: lab.binary('agnhost'),
    args: ['netexec', `--http-port=${OUTSIDE_PORTS.http}`, `--udp-port=${OUTSIDE_PORTS.udp}`],
    logFile: join(lab.paths.logs, 'outside.log'),
    netns: netnsPath(lab.networks.outside),
    cgroupProcs: lab.infra.procsFiles(),
  });
  await rememberDaemon(lab.paths.run, daemon);
}

async function waitForNodes(lab: Lab, progress: Progress): Promise<void> {
  const started = Date.now();
  const { cni, kubeProxy } = lab.state.options;
  const registered = 'jsonpath={.status.nodeInfo.kubeletVersion}';
  const condition = cni === 'none' ? registered : 'condition=Ready';
  await lab.kubectl(['wait', 'node', '--all', `--for=${condition}`, '--timeout=120s']);
  progress(`${lab.name}: nodes ${cni === 'none' ? 'registered' : 'Ready'} after ${elapsed(started)}`);
  if (kubeProxy === 'none') return;
  await rolledOut(lab, 'daemonset/kube-proxy');
  progress(`${lab.name}: kube-proxy runs on every node after ${elapsed(started)}`);
}

/** After kube-proxy: a CoreDNS that first tries the API server's ClusterIP in vain waits half a minute. */
async function startDns(lab: Lab, progress: Progress): Promise<void> {
  const { cni, dns, families, kubeProxy } = lab.state.options;
  if (!dns) return;
  const started = Date.now();
  await applyEventually(lab, corednsManifests(lab.plan.dns, families));
  if (cni === 'none' || kubeProxy === 'none') return;
  await rolledOut(lab, 'deployment/coredns');
  progress(`${lab.name}: CoreDNS answers after ${elapsed(started)}`);
}

async function rolledOut(lab: Lab, workload: string): Promise<void> {
  await lab.kubectl(['rollout', 'status', '-n', 'kube-system', workload, '--timeout=120s']);
}
