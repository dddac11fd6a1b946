/**
 * Two nodes with pods, and a client outside, as network namespaces on a bridge: real devices, real
 * sockets, no Kubernetes. Both families at once.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Settings } from './dataplane.ts';
import type { NodeHandlers } from './rig-node.ts';
import type { PeerHandlers } from './rig-peer.ts';
import { Child } from './rpc.ts';

export type Family = 4 | 6;
export type NodeName = 'n1' | 'n2';
export type PodName = 'a1' | 'b1' | 'a2';
export type PeerName = NodeName | PodName | 'ext';

/** Two runs on one machine do not meet; what a dead one left is found by its number. */
const prefix = `mgrig${process.pid}`;
const netns = (name: string): string => `${prefix}-${name}`;

/** The machine's cgroup2 hierarchy. */
function cgroupRoot(): string {
  const line = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .find((mount) => mount.split(' ')[2] === 'cgroup2');
  if (line === undefined) throw new Error('no cgroup2 is mounted');
  return line.split(' ')[1] ?? '';
}

const nodes: Readonly<Record<NodeName, { readonly number: number; readonly pods: readonly PodName[] }>> = {
  n1: { number: 1, pods: ['a1', 'b1'] },
  n2: { number: 2, pods: ['a2'] },
};
const podNumbers: Readonly<Record<PodName, string>> = { a1: '1.5', b1: '1.6', a2: '2.5' };

/** The node of a pod. */
export function nodeOf(pod: PodName): NodeName {
  return pod.endsWith('1') ? 'n1' : 'n2';
}

/** Addresses of everything, by name. */
export function addressOf(name: PeerName, family: Family): string {
  if (name === 'ext') return family === 4 ? '10.99.0.100' : 'fd99::100';
  if (name === 'n1' || name === 'n2')
    return family === 4 ? `10.99.0.${nodes[name].number}` : `fd99::${nodes[name].number}`;
  const number = podNumbers[name];
  return family === 4 ? `10.98.${number}` : `fd98:${number.replace('.', '::')}`;
}

/** The prefix of a node's pods. */
export function podCidr(node: NodeName, family: Family): string {
  const { number } = nodes[node];
  return family === 4 ? `10.98.${number}.0/24` : `fd98:${number}::/64`;
}

/** Runs a script in a namespace; each line must succeed. */
export function inNetns(name: string, script: string): string {
  return execFileSync('nsenter', [`--net=/run/netns/${netns(name)}`, 'sh', '-ec', script], {
    encoding: 'utf8',
  });
}

function host(script: string): string {
  return execFileSync('sh', ['-ec', script], { encoding: 'utf8' });
}

function addPort(name: string, address: (family: Family) => string): void {
  host(`ip netns add ${netns(name)}
    ip link add ${name} netns ${netns('sw')} type veth peer name eth0 netns ${netns(name)}`);
  inNetns('sw', `ip link set ${name} master br0 up`);
  inNetns(
    name,
    `ip link set lo up; ip link set eth0 up
    ip addr add ${address(4)}/24 dev eth0; ip addr add ${address(6)}/64 dev eth0 nodad
    echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding`,
  );
}

function addPod(pod: PodName): void {
  const node = nodeOf(pod);
  const gateways = node === 'n1' ? ['10.98.1.1', 'fd98:1::1'] : ['10.98.2.1', 'fd98:2::1'];
  const [v4 = '', v6 = ''] = gateways;
  host(`ip netns add ${netns(pod)}
    ip link add ${pod} netns ${netns(node)} type veth peer name eth0 netns ${netns(pod)}`);
  inNetns(
    node,
    `ip link set ${pod} up; ip addr add ${v4}/32 dev ${pod}; ip addr add ${v6}/128 dev ${pod} nodad
    ip route add ${addressOf(pod, 4)}/32 dev ${pod}; ip route add ${addressOf(pod, 6)}/128 dev ${pod}`,
  );
  inNetns(
    pod,
    `ip link set lo up; ip link set eth0 up
    ip addr add ${addressOf(pod, 4)}/32 dev eth0; ip addr add ${addressOf(pod, 6)}/128 dev eth0 nodad
    ip route add ${v4} dev eth0; ip route add default via ${v4}
    ip route add ${v6} dev eth0; ip route add default via ${v6}`,
  );
}

function addRoutes(node: NodeName, other: NodeName): void {
  inNetns(
    node,
    `ip route add ${podCidr(other, 4)} via ${addressOf(other, 4)}
    ip route add ${podCidr(other, 6)} via ${addressOf(other, 6)}
    ip route add default via ${addressOf('ext', 4)}; ip route add default via ${addressOf('ext', 6)}`,
  );
}

/** True for this process's own things, and for those of a process that is gone. */
function isOurs(name: string): boolean {
  const pid = /^mgrig([0-9]+)(-|$)/.exec(name)?.[1];
  return pid !== undefined && (Number(pid) === process.pid || !existsSync(`/proc/${pid}`));
}

function removeAll(): void {
  for (const name of existsSync('/run/netns') ? readdirSync('/run/netns') : [])
    if (isOurs(name)) host(`ip netns del ${name}`);
  for (const group of readdirSync(cgroupRoot()).filter(isOurs)) {
    const path = join(cgroupRoot(), group);
    for (const child of readdirSync(path, { withFileTypes: true }))
      if (child.isDirectory()) rmdirSync(join(path, child.name));
    rmdirSync(path);
  }
}

/** Everything that the tests use; `close` removes it. */
export class Rig {
  readonly #peers = new Map<PeerName, Child<PeerHandlers>>();
  readonly #planes = new Map<NodeName, Child<NodeHandlers>>();
  readonly #cgroup = join(cgroupRoot(), prefix);

  constructor() {
    removeAll();
    host(`ip netns add ${netns('sw')}`);
    inNetns('sw', 'ip link add br0 type bridge; ip link set br0 up');
    for (const name of ['n1', 'n2', 'ext'] as const) addPort(name, (family) => addressOf(name, family));
    for (const pod of Object.keys(podNumbers) as PodName[]) addPod(pod);
    addRoutes('n1', 'n2');
    addRoutes('n2', 'n1');
    mkdirSync(this.#cgroup, { recursive: true });
    for (const name of ['n1', 'n2', 'ext']) mkdirSync(join(this.#cgroup, name), { recursive: true });
    for (const name of ['n1', 'n2'] as const)
      this.#planes.set(
        name,
        new Child<NodeHandlers>(join(import.meta.dirname, 'rig-node.ts'), {
          netns: netns(name),
          cgroup: this.#cgroup,
        }),
      );
    for (const name of ['n1', 'n2', 'a1', 'b1', 'a2', 'ext'] as const)
      this.#peers.set(name, this.#peer(name));
  }

  #peer(name: PeerName): Child<PeerHandlers> {
    const group = name === 'ext' || name === 'n1' || name === 'n2' ? name : nodeOf(name);
    return new Child<PeerHandlers>(join(import.meta.dirname, 'rig-peer.ts'), {
      netns: netns(name),
      cgroup: join(this.#cgroup, group),
    });
  }

  peer(name: PeerName): Child<PeerHandlers> {
    const peer = this.#peers.get(name);
    if (peer === undefined) throw new Error(`no peer ${name}`);
    return peer;
  }

  plane(name: NodeName): Child<NodeHandlers> {
    const plane = this.#planes.get(name);
    if (plane === undefined) throw new Error(`no node ${name}`);
    return plane;
  }

  /** Servers on the ports that every test uses: 8080, named after their place. */
  async listen(): Promise<void> {
    const names = [...this.#peers.keys()];
    await Promise.all(
      names.flatMap((name) => [
        this.peer(name).ask('listenTcp', { port: 8080, name }),
        this.peer(name).ask('listenUdp', { port: 8080, name, address: addressOf(name, 4) }),
        this.peer(name).ask('listenUdp', { port: 8080, name, address: addressOf(name, 6) }),
      ]),
    );
  }

  /** Loads a node's object of one family, fills in what is where, attaches everywhere. Mode PASS. */
  async install(node: NodeName, family: Family, settings: Partial<Settings> = {}): Promise<void> {
    const plane = this.plane(node);
    const other = node === 'n1' ? 'n2' : 'n1';
    await plane.ask('load', { ...settings, nodeAddr: addressOf(node, family) });
    await plane.ask('setState', { mode: 'Pass' });
    const bits = family === 4 ? 32 : 128;
    const at = ifindexes(node);
    const eth0 = at.get('eth0') ?? 0;
    await plane.ask('putRoute', { cidr: podCidr(node, family), kind: 'LocalPods' });
    await plane.ask('putRoute', {
      cidr: podCidr(other, family),
      kind: 'RemotePods',
      nextHop: addressOf(other, family),
      ifindex: eth0,
    });
    await plane.ask('putRoute', { cidr: `${addressOf(node, family)}/${bits}`, kind: 'LocalHost' });
    await plane.ask('putRoute', { cidr: `${addressOf(other, family)}/${bits}`, kind: 'RemoteHost' });
    for (const pod of nodes[node].pods) {
      const ifindex = at.get(pod) ?? 0;
      await plane.ask('putEndpoint', { address: addressOf(pod, family), ifindex });
      await plane.ask('attach', { ifindex, ingress: 'from_pod', egress: 'to_pod' });
    }
    await plane.ask('attach', { ifindex: eth0, ingress: 'from_net', egress: 'to_net' });
    await plane.ask('attachSockets', join(this.#cgroup, node));
  }

  /** Pins a node's links and kills the process that made them; the answer takes the pins away. */
  async orphan(node: NodeName): Promise<() => void> {
    const folder = mkdtempSync(join(tmpdir(), `${prefix}-`));
    host(`mount -t bpf bpf ${folder}`);
    await this.plane(node).ask('pinLinks', folder);
    await this.plane(node).end();
    return () => {
      host(`umount ${folder}; rmdir ${folder}`);
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#peers.values(), ...this.#planes.values()].map((child) => child.end()));
    removeAll();
  }
}

/** Interface numbers of a namespace, by name. */
export function ifindexes(name: string): ReadonlyMap<string, number> {
  const links = JSON.parse(inNetns(name, 'ip -j link')) as { ifindex: number; ifname: string }[];
  return new Map(links.map((link) => [link.ifname, link.ifindex]));
}
