import { spawn } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { nodeAddress, planAddresses, type AddressPlan } from './address-plan.ts';
import type { Cgroup } from './cgroup.ts';
import { nodePodCidrs } from './cni.ts';
import { ControlPlaneRunner, serverUrl } from './control-plane/runner.ts';
import { entering } from './daemon.ts';
import { LabError } from './errors.ts';
import { LabNode, NODE_ENV } from './node/lab-node.ts';
import { netnsPath } from './network.ts';
import { run, type RunOptions, type RunResult } from './process.ts';
import { labPaths, type LabPaths, type LabState, type NodeState } from './state.ts';
import { labCgroup, runningState } from './teardown.ts';
import { networkNames, setNodeLink, type NetworkNames } from './topology.ts';

/** Opens a lab that runs; `NotRunning` when there is none of this name. */
export async function openLab(name: string): Promise<Lab> {
  const state = await runningState(name);
  if (!state) throw new LabError('NotRunning', `no lab "${name}" is running; start one with: make lab-up`);
  return Lab.open(state);
}

/** A place beside the nodes where commands can be run: the control plane's network, or the one outside. */
export type Place = 'control-plane' | 'outside';

/** A cluster on this machine. */
export class Lab {
  readonly state: LabState;
  readonly plan: AddressPlan;
  readonly paths: LabPaths;
  readonly networks: NetworkNames;
  readonly controlPlane: ControlPlaneRunner;
  /** Cgroup of everything that is not on a node. */
  readonly infra: Cgroup;
  private readonly members = new Map<string, LabNode>();

  private constructor(state: LabState, infra: Cgroup, plan: AddressPlan, controlPlane: ControlPlaneRunner) {
    this.state = state;
    this.infra = infra;
    this.plan = plan;
    this.paths = labPaths(state.options.name);
    this.networks = networkNames(state.options.name);
    this.controlPlane = controlPlane;
  }

  /** The lab of this state; starts nothing. */
  static async open(state: LabState): Promise<Lab> {
    const { name, subnet, families, apiServers } = state.options;
    const plan = planAddresses(subnet, families, apiServers);
    const infra = await labCgroup(name, 'infra');
    const controlPlane = await ControlPlaneRunner.open({
      dir: labPaths(name).controlPlane,
      plan,
      binaries: state.binaries,
      netns: networkNames(name).controlPlane,
      placement: { cgroupProcs: infra.procsFiles() },
    });
    const lab = new Lab(state, infra, plan, controlPlane);
    for (const node of state.nodes) await lab.member(node);
    return lab;
  }

  /** The lab's name. */
  get name(): string {
    return this.state.options.name;
  }

  /** Path of the administrator's kubeconfig; it works from the machine itself. */
  get kubeconfig(): string {
    return this.controlPlane.adminKubeconfig;
  }

  /** The nodes in the order they came. */
  get nodes(): readonly LabNode[] {
    return [...this.members.values()];
  }

  /** The node of this name. */
  node(name: string): LabNode {
    const node = this.members.get(name);
    if (node) return node;
    throw new LabError(
      'BadOption',
      `there is no node "${name}"; there are ${[...this.members.keys()].join(', ')}`,
    );
  }

  /** A client-node configuration of the administrator for API server number `server` (from 0). */
  kubeConfig(server = 0): KubeConfig {
    const target = this.plan.servers[server];
    if (!target) throw new LabError('BadOption', `there is no API server number ${server}`);
    const text = readFileSync(this.kubeconfig, 'utf8');
    const config = new KubeConfig();
    config.loadFromString(text.replace(serverUrl(this.plan.controlPlane), serverUrl(target)));
    return config;
  }

  /** Runs kubectl as the administrator and returns what it printed. */
  async kubectl(args: readonly string[], options: RunOptions = {}): Promise<string> {
    // In the lab's cgroup, so that a waiting kubectl of a killed caller goes with the lab.
    const [command, ...rest] = entering({
      command: this.binary('kubectl'),
      args: [`--kubeconfig=${this.kubeconfig}`, ...args],
      cgroupProcs: this.infra.procsFiles(),
    });
    return (await run(command, rest, { label: `kubectl ${args.join(' ')}`, ...options })).stdout;
  }

  /** Applies objects (JSON or YAML text), server-side. */
  async apply(text: string): Promise<void> {
    await this.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], { input: text });
  }

  /** Runs a command in the control plane's network or in the one outside the cluster. */
  async exec(
    place: Place,
    argv: readonly [string, ...string[]],
    options: RunOptions = {},
  ): Promise<RunResult> {
    const [command, ...args] = this.enteringPlace(place, argv);
    return run(command, args, { label: `${argv.join(' ')} (${place})`, ...options });
  }

  /** The command line, for the machine, that runs `argv` there. */
  enteringPlace(place: Place, argv: readonly [string, ...string[]]): [string, ...string[]] {
    const netns = place === 'outside' ? this.networks.outside : this.networks.controlPlane;
    const [command, ...args] = argv;
    return entering({ command, args, netns: netnsPath(netns), cgroupProcs: this.infra.procsFiles() });
  }

  /** Runs a command with this terminal on a node or in a place, and returns its exit status. */
  async interactive(where: string, argv: readonly [string, ...string[]]): Promise<number> {
    const [command, ...args] = isPlace(where)
      ? this.enteringPlace(where, argv)
      : await this.node(where).entering(argv);
    const env = { ...process.env, ...(isPlace(where) ? { KUBECONFIG: this.kubeconfig } : NODE_ENV) };
    const child = spawn(command, args, { stdio: 'inherit', env });
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code ?? 128));
    });
  }

  /** Pulls a node's cable, or plugs it in again. */
  async setConnected(node: string, connected: boolean): Promise<void> {
    await setNodeLink(this.name, this.node(node).name, connected);
  }

  /** Kills the processes of a pod's containers (not its sandbox) as a crash would; returns how many there were. */
  async killPod(namespace: string, name: string): Promise<number> {
    const text = await this.kubectl(['get', 'pod', '-n', namespace, name, '-o', 'json']);
    const pod = JSON.parse(text) as PodStatus;
    const node = this.node(pod.spec.nodeName);
    let killed = 0;
    for (const status of pod.status.containerStatuses ?? []) {
      const id = status.containerID?.replace(/^containerd:\/\//, '');
      if (id !== undefined && id !== '') killed += await node.killContainer(id);
    }
    if (killed === 0) throw new LabError('NotRunning', `pod ${namespace}/${name} has no running container`);
    return killed;
  }

  /** Imports docker-archives on every node, or on those named. */
  async loadImages(archives: readonly string[], nodes?: readonly string[]): Promise<void> {
    const targets = nodes ? nodes.map((name) => this.node(name)) : this.nodes;
    await Promise.all(targets.map((node) => node.loadImages(archives)));
  }

  /** Copies logs of all processes and pods, and the cluster's objects, into a directory. */
  async collectLogs(dir: string): Promise<void> {
    await mkdir(dir, { recursive: true });
    await cp(this.paths.logs, join(dir, 'processes'), { recursive: true });
    await cp(this.controlPlane.logs, join(dir, 'control-plane'), { recursive: true });
    for (const node of this.nodes) {
      const pods = join(node.site.dir, 'var/log/pods');
      await cp(pods, join(dir, 'pods', node.name), { recursive: true }).catch(() => undefined);
    }
    const views = {
      objects: ['nodes,pods,services,endpointslices,daemonsets,deployments', '-o', 'wide'],
      events: ['events'],
    };
    for (const [file, what] of Object.entries(views)) {
      const text = await this.kubectl(['get', '-A', ...what]).catch((error: unknown) => String(error));
      await writeFile(join(dir, `${file}.txt`), text);
    }
  }

  /** Path of one of the lab's binaries. */
  binary(name: string): string {
    return join(this.state.binaries, name);
  }

  /** Pod ranges of a node. */
  podCidrs(node: NodeState): string[] {
    return nodePodCidrs(this.plan.podCidrs, node.index);
  }

  /** PEM of the cluster's certificate authority. */
  async ca(): Promise<string> {
    return readFile(this.controlPlane.pki.ca.cert, 'utf8');
  }

  /** @internal The node object of a state entry, remembered. */
  async member(node: NodeState): Promise<LabNode> {
    const { name, subnet, families } = this.state.options;
    const member = new LabNode({
      name: node.name,
      address: nodeAddress(subnet, families, node.index),
      plan: this.plan,
      netns: this.networks.node(node.name),
      cgroup: await labCgroup(name, node.name),
      dir: this.paths.node(node.name),
      logs: join(this.paths.logs, node.name),
      binaries: this.state.binaries,
    });
    this.members.set(node.name, member);
    return member;
  }
}

/** True for the names of places that are no nodes. */
export function isPlace(name: string): name is Place {
  return name === 'control-plane' || name === 'outside';
}

interface PodStatus {
  spec: { nodeName: string };
  status: { containerStatuses?: { containerID?: string }[] };
}
