/**
 * A node for an agent under test: a network namespace with real kube-proxy, both address families, pods made of namespaces,
 * a bpffs and a cgroup of its own, beside a control plane without kubelets. Needs root.
 */
import { mkdir, mkdtemp, readFile, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NodeDataplane } from '@margay/crds/nodedataplane.gen';
import type { ControlPlane } from '@margay/e2e/lab/control-plane';
import type { Daemon } from '@margay/e2e/lab/daemon';
import { isAlive, startDaemon, stopDaemon } from '@margay/e2e/lab/daemon';
import { createNetns, deleteNetns, netnsPath, shIn } from '@margay/e2e/lab/network';
import { sh, until } from '@margay/e2e/lab/process';
import { ProxyNode } from '../../kube-proxy/testing/real-kube-proxy.ts';

const repository = fileURLToPath(new URL('../../../..', import.meta.url));

/** First three numbers of the node's subnet; the node is .2. */
const SUBNET = '10.253.9';
/** The node's, as ProxyNode gives it. */
const ADDRESS6 = 'fd00:10:3::2';
/** The Node's name. */
export const nodeName = 'n1';

const POD_CIDRS = ['10.244.1.0/24', 'fd00:10:244:1::/64'];

/** See the file comment. */
export class AgentNode {
  readonly proxy: ProxyNode;
  readonly dir: string;
  readonly #cluster: ControlPlane;
  readonly #cgroupMount: string;
  readonly #pods: string[] = [];
  #agent: Daemon | undefined;

  private constructor(cluster: ControlPlane, proxy: ProxyNode, dir: string) {
    this.#cluster = cluster;
    this.proxy = proxy;
    this.dir = dir;
    this.#cgroupMount = join(dir, 'cgroup2');
  }

  /** Makes everything but the agent. */
  static async create(cluster: ControlPlane): Promise<AgentNode> {
    const proxy = await ProxyNode.create(cluster, 'mgagent', SUBNET);
    const node = new AgentNode(cluster, proxy, await mkdtemp(join(tmpdir(), 'margay-agent-')));
    await mkdir(node.bpffs);
    await mkdir(node.#cgroupMount);
    await sh(
      `mount -t bpf bpf "$1" && mount -t cgroup2 none "$2" && mkdir -p "$3" &&
       nsenter --net="$4" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1`,
      [node.bpffs, node.#cgroupMount, node.cgroup, netnsPath(proxy.netns)],
    );
    await node.#register();
    return node;
  }

  get address(): string {
    return `${SUBNET}.2`;
  }

  /** One a family. */
  get addresses(): readonly string[] {
    return [this.address, ADDRESS6];
  }

  get bpffs(): string {
    return join(this.dir, 'bpffs');
  }

  /** What the agent takes for the node's cgroup root. */
  get cgroup(): string {
    return join(this.#cgroupMount, `mgagent-${process.pid}`);
  }

  /** Starts an agent; it works by the ClusterRole that deploy/ gives it. */
  async startAgent(): Promise<void> {
    const user = 'system:serviceaccount:margay-system:margay-agent';
    const kubeconfig = await this.#cluster.kubeconfigFor({ name: user, groups: ['system:serviceaccounts'] });
    const flags = {
      'node-name': nodeName,
      'metrics-port': '9091',
      'state-dir': join(this.dir, 'state'),
      socket: join(this.dir, 'agent.sock'),
      bpffs: this.bpffs,
      cgroup: this.cgroup,
      'cni-conf-dir': join(this.dir, 'net.d'),
      'cni-bin-dir': join(this.dir, 'bin'),
      'cni-source-dir': join(this.dir, 'none'),
    };
    const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
    this.#agent = await startDaemon({
      name: 'agent',
      command: process.execPath,
      args: [
        '--import',
        import.meta.resolve('tsx'),
        join(repository, 'agent/src/core/testing/agent-process.ts'),
        kubeconfig,
        'run',
        ...args,
      ],
      logFile: join(this.dir, 'agent.log'),
      netns: netnsPath(this.proxy.netns),
      env: {},
      dieWithParent: true,
    });
  }

  /** Ends the agent: kindly, or as a crash would. */
  async stopAgent(how: 'term' | 'kill' = 'term'): Promise<void> {
    const agent = this.#agent;
    this.#agent = undefined;
    if (agent === undefined) return;
    if (how === 'kill') process.kill(agent.pid, 'SIGKILL');
    await stopDaemon(agent);
  }

  /** What the agent has logged. */
  async log(): Promise<string> {
    return readFile(join(this.dir, 'agent.log'), 'utf8').catch(() => '');
  }

  /** Waits until the evidence is as wanted; names the agent's last lines when it does not come. */
  async evidence(
    what: string,
    ready: (status: NonNullable<NodeDataplane['status']>, generation: number) => boolean,
  ): Promise<NodeDataplane> {
    try {
      return await until(what, 30_000, async () => {
        const object = JSON.parse(
          await this.#cluster.kubectl(['get', 'nodedataplane', nodeName, '-o', 'json']),
        ) as NodeDataplane;
        return object.status !== undefined && ready(object.status, object.metadata?.generation ?? 0)
          ? object
          : undefined;
      });
    } catch (cause) {
      const alive = this.#agent !== undefined && isAlive(this.#agent);
      const now = await this.#cluster.kubectl(['get', 'nodedataplane', nodeName, '-o', 'yaml']);
      const tail = (await this.log()).trimEnd().split('\n').slice(-25).join('\n');
      throw new Error(`${what} did not come; agent ${alive ? 'runs' : 'is dead'}\n${now}\n${tail}`, {
        cause,
      });
    }
  }

  /** A pod: a namespace behind a veth with a route, as the ptp plugin makes it. Resolves to a way to run scripts in it. */
  async pod(name: string, [v4, v6]: readonly [string, string]): Promise<(script: string) => Promise<string>> {
    const netns = `mgagent-${name}`;
    await deleteNetns(netns);
    await createNetns(netns);
    this.#pods.push(netns);
    await sh(
      `ip -n "$1" link add "mg-$3" type veth peer name eth0 netns "$2"
       ip -n "$1" address add 10.244.1.1/32 dev "mg-$3"
       ip -n "$1" link set "mg-$3" up
       ip -n "$1" route add "$4/32" dev "mg-$3" scope host
       ip -n "$2" address add "$4/32" dev eth0
       ip -n "$2" link set lo up
       ip -n "$2" link set eth0 up
       ip -n "$2" route add 10.244.1.1 dev eth0 scope link
       ip -n "$2" route add default via 10.244.1.1
       ip -n "$1" address add fd00:10:244:1::1/128 dev "mg-$3" nodad
       ip -n "$1" route add "$5/128" dev "mg-$3"
       ip -n "$2" address add "$5/128" dev eth0 nodad
       ip -n "$2" route add fd00:10:244:1::1 dev eth0
       ip -n "$2" route add default via fd00:10:244:1::1`,
      [this.proxy.netns, netns, name, v4, v6],
    );
    return async (script) => (await shIn(netns, script)).stdout;
  }

  /** Runs a script on the node, in its cgroup. */
  readonly host = async (script: string): Promise<string> =>
    (await shIn(this.proxy.netns, `echo $$ > ${this.cgroup}/cgroup.procs\n${script}`)).stdout;

  /** Removes every trace. */
  async remove(): Promise<void> {
    await this.stopAgent();
    for (const pod of this.#pods) await deleteNetns(pod);
    await this.proxy.remove();
    await rmdir(this.cgroup).catch(() => undefined);
    await sh('umount "$1"; umount "$2"', [this.bpffs, this.#cgroupMount]);
    await rm(this.dir, { recursive: true, force: true });
  }

  async #register(): Promise<void> {
    const metadata = { name: nodeName };
    const node = { apiVersion: 'v1', kind: 'Node', metadata, spec: { podCIDRs: POD_CIDRS } };
    const addresses = this.addresses.map((address) => ({ type: 'InternalIP', address }));
    const status = { status: { addresses } };
    await this.#cluster.kubectl(['apply', '-f', '-'], JSON.stringify(node));
    await this.#cluster.kubectl([
      'patch',
      'node',
      nodeName,
      '--subresource=status',
      '--type=merge',
      '-p',
      JSON.stringify(status),
    ]);
  }
}
