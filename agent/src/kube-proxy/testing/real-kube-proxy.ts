/** The real kube-proxy, in a network namespace of its own beside a control plane without nodes. Needs root. */
import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binariesDir } from '@margay/e2e/lab/binaries/paths';
import type { ControlPlane } from '@margay/e2e/lab/control-plane';
import { type Daemon, startDaemon, stopDaemon } from '@margay/e2e/lab/daemon';
import { createNetns, deleteNetns, netnsPath, shIn } from '@margay/e2e/lab/network';
import { sh } from '@margay/e2e/lab/process';
import { type Run, run } from '../../fabric/command.ts';
import { nodeName } from './services.ts';

/** How kube-proxy writes its rules. */
export type ProxyMode = 'iptables-nft' | 'iptables-legacy' | 'nftables';

const tools = [
  'iptables',
  'iptables-save',
  'iptables-restore',
  'ip6tables',
  'ip6tables-save',
  'ip6tables-restore',
];

/** Rules as a kubelet leaves them (pkg/kubelet/kubelet_network_linux.go): none of them is kube-proxy's. */
const kubeletRules = `for x in iptables ip6tables; do
  $x -t mangle -N KUBE-IPTABLES-HINT
  for t in mangle nat filter; do $x -t $t -N KUBE-KUBELET-CANARY; done
  $x -N KUBE-FIREWALL
  $x -I OUTPUT -j KUBE-FIREWALL
  $x -I INPUT -j KUBE-FIREWALL
done
iptables -A KUBE-FIREWALL -m comment --comment "block incoming localnet connections" -d 127.0.0.0/8 ! -s 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP`;

/** A network namespace with a way to the API server, where kube-proxy runs and leaves its rules. */
export class ProxyNode {
  readonly netns: string;
  readonly #cluster: ControlPlane;
  readonly #dir: string;
  #daemon: Daemon | undefined;

  private constructor(netns: string, cluster: ControlPlane, dir: string) {
    this.netns = netns;
    this.#cluster = cluster;
    this.#dir = dir;
  }

  /** Makes the namespace; `subnet` is the first three numbers of a /24 that nobody uses. */
  static async create(cluster: ControlPlane, netns: string, subnet: string): Promise<ProxyNode> {
    const node = new ProxyNode(netns, cluster, await mkdtemp(join(tmpdir(), 'margay-kube-proxy-')));
    await deleteNetns(netns);
    await createNetns(netns);
    await sh(
      `ip -n "$2" link del "$1" 2>/dev/null || true
       ip -n "$1" link add eth0 type veth peer name "$1" netns "$2"
       ip -n "$1" address add "$3.2/24" dev eth0
       ip -n "$1" address add fd00:10:3::2/64 dev eth0 nodad
       ip -n "$1" link set eth0 up
       ip -n "$2" address add "$3.1/24" dev "$1"
       ip -n "$2" link set "$1" up
       ip -n "$1" route add default via "$3.1"
       ip -n "$1" route add default via fd00:10:3::1`,
      [netns, cluster.netns, subnet],
    );
    return node;
  }

  /** Runs a program inside. */
  readonly run: Run = (command, options) =>
    run(['nsenter', `--net=${netnsPath(this.netns)}`, '--', ...command], options);

  /** Runs a shell script inside; resolves to what it printed. */
  async shell(script: string): Promise<string> {
    return (await shIn(this.netns, script)).stdout;
  }

  /** Starts kube-proxy; the kubelet's own rules are there before it. */
  async start(mode: ProxyMode): Promise<void> {
    const backend = mode === 'iptables-legacy' ? 'legacy' : 'nft';
    const path = join(this.#dir, 'bin');
    await rm(path, { recursive: true, force: true });
    await mkdir(path);
    for (const tool of tools) {
      await symlink(`/usr/sbin/${tool.replace('tables', `tables-${backend}`)}`, join(path, tool));
    }
    const environment = { PATH: `${path}:${process.env['PATH'] ?? ''}` };
    await this.shell(
      `PATH=${path}:$PATH; if ! iptables -t mangle -nL KUBE-IPTABLES-HINT >/dev/null 2>&1; then ${kubeletRules}; fi`,
    );
    this.#daemon = await startDaemon({
      name: 'kube-proxy',
      command: join(binariesDir(), 'kube-proxy'),
      args: [`--config=${await this.#config(mode)}`],
      logFile: join(this.#dir, 'kube-proxy.log'),
      netns: netnsPath(this.netns),
      env: environment,
      dieWithParent: true,
    });
  }

  /** Ends kube-proxy; its rules stay, as they do when its pod goes. */
  async stop(): Promise<void> {
    if (this.#daemon !== undefined) await stopDaemon(this.#daemon);
    this.#daemon = undefined;
  }

  /** Removes every trace. */
  async remove(): Promise<void> {
    await this.stop();
    await deleteNetns(this.netns);
    await rm(this.#dir, { recursive: true, force: true });
  }

  async #config(mode: ProxyMode): Promise<string> {
    const kubeconfig = await this.#cluster.kubeconfigFor({
      name: `system:kube-proxy`,
      groups: ['system:node-proxier'],
    });
    const file = join(this.#dir, 'config.conf');
    const config = {
      apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
      kind: 'KubeProxyConfiguration',
      clientConnection: { kubeconfig },
      mode: mode === 'nftables' ? 'nftables' : 'iptables',
      hostnameOverride: nodeName,
      clusterCIDR: '10.244.0.0/16,fd00:10:244::/48',
      conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
    };
    await writeFile(file, JSON.stringify(config));
    return file;
  }
}
