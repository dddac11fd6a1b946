/** Variants K1 and K2: the real kube-proxy on both nodes. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { binariesDir } from '../../lab/binaries/paths.ts';
import type { Daemon } from '../../lab/daemon.ts';
import { until } from '../../lab/process.ts';
import type { BenchCluster } from '../cluster/cluster.ts';
import type { NodeName } from './shell.ts';
import { cpuSeconds, type Variant } from './variant.ts';

/** How kube-proxy writes its rules. */
export type ProxyBackend = 'iptables-nft' | 'iptables-legacy' | 'nftables';

const families = ['iptables', 'ip6tables'];

/** A folder where `iptables` means the wanted backend. */
async function toolsFor(variant: Variant, backend: ProxyBackend): Promise<string> {
  const folder = join(variant.dir, 'bin');
  await mkdir(folder, { recursive: true });
  const suffix = backend === 'iptables-legacy' ? 'legacy' : 'nft';
  for (const family of families) {
    for (const tool of ['', '-save', '-restore'])
      await symlink(`/usr/sbin/${family}-${suffix}${tool}`, join(folder, `${family}${tool}`));
  }
  return folder;
}

async function configFile(
  variant: Variant,
  node: NodeName,
  of: { backend: ProxyBackend; kubeconfig: string },
): Promise<string> {
  const config = {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    clientConnection: { kubeconfig: of.kubeconfig },
    mode: of.backend === 'nftables' ? 'nftables' : 'iptables',
    hostnameOverride: node,
    clusterCIDR: '10.244.0.0/16',
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
  };
  const file = join(variant.dir, `kube-proxy-${node}.json`);
  await writeFile(file, JSON.stringify(config));
  return file;
}

/** Starts one on each node. */
export async function startKubeProxies(
  variant: Variant,
  cluster: BenchCluster,
  backend: ProxyBackend,
): Promise<readonly Daemon[]> {
  const tools = await toolsFor(variant, backend);
  const identity = { name: 'system:kube-proxy', groups: ['system:node-proxier'] };
  const kubeconfig = await cluster.controlPlane.kubeconfigFor(identity);
  const daemons: Daemon[] = [];
  for (const node of ['n1', 'n2'] as const) {
    const config = await configFile(variant, node, { backend, kubeconfig });
    daemons.push(
      await variant.start({
        name: 'kube-proxy',
        node,
        command: join(binariesDir(), 'kube-proxy'),
        args: [`--config=${config}`],
        env: { PATH: `${tools}:${process.env['PATH'] ?? ''}` },
      }),
    );
  }
  return daemons;
}

/** ClusterIPs for which a node's kernel has a rule or a map element of kube-proxy's. */
export async function servicesInRules(
  variant: Variant,
  node: NodeName,
  backend: ProxyBackend,
): Promise<number> {
  const count =
    backend === 'nftables'
      ? "nft list map ip kube-proxy service-ips 2>/dev/null | grep -o ' : ' | wc -l"
      : `${backend}-save -t nat 2>/dev/null | grep -c '^-A KUBE-SERVICES' || true`;
  return Number(await variant.shell(node, count));
}

/** Windows of two seconds, one after the other, in which there must be nothing to do. */
const QUIET_WINDOWS = 3;

/** Waits until processes that follow the cluster have nothing left to do: less than 3 % of a CPU for six seconds. */
export async function settled(name: string, daemons: readonly Daemon[]): Promise<void> {
  const total = async (): Promise<number> =>
    (await Promise.all(daemons.map(({ pid }) => cpuSeconds(pid)))).reduce((sum, one) => sum + one, 0);
  let quiet = 0;
  await until(`${name} to finish its sync`, 900_000, async () => {
    const before = await total();
    await sleep(2000);
    quiet = (await total()) - before < 0.06 * daemons.length ? quiet + 1 : 0;
    return quiet >= QUIET_WINDOWS ? true : undefined;
  });
}
