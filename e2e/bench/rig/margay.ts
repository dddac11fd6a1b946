/** Variant Margay: the bundled agent on both nodes, by the service account that deploy/ gives it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NodeDataplane } from '@margay/crds/nodedataplane.gen';
import type { Daemon } from '../../lab/daemon.ts';
import { until } from '../../lab/process.ts';
import type { BenchCluster } from '../cluster/cluster.ts';
import { BenchError } from '../errors.ts';
import type { NodeName } from './shell.ts';
import type { Variant } from './variant.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** A mount namespace with a bpffs and a service account of its own; it is gone when the agent is. */
const enterMounts = `account=$1; shift
mount -t tmpfs tmpfs /run
mkdir -p /run/secrets/kubernetes.io
cp -r "$account" /run/secrets/kubernetes.io/serviceaccount
mount -t bpf bpf /sys/fs/bpf
exec "$@"`;

/** The command line that runs something in mounts as an agent's pod has them. */
export function inMounts(account: string, command: readonly string[]): [string, ...string[]] {
  const unshare = ['--mount', '--propagation', 'private', 'sh', '-euc', enterMounts, 'bench'];
  return ['unshare', ...unshare, account, ...command];
}

/** The options of Node.js that the image gives the agent: its memory is what they make it. */
async function imageNodeOptions(): Promise<string> {
  const text = await readFile(join(repository, 'deploy/images/agent/Dockerfile'), 'utf8');
  const found = /^ENV NODE_OPTIONS=(.*)$/m.exec(text)?.[1];
  if (found === undefined)
    throw new BenchError("the agent's Dockerfile sets no NODE_OPTIONS", { code: 'NoNodeOptions' });
  return found;
}

/** Starts an agent on one node. */
export async function startAgent(variant: Variant, node: NodeName, cluster: BenchCluster): Promise<Daemon> {
  const account = await cluster.serviceAccount(variant.dir);
  const state = join(variant.dir, node);
  const flags = {
    'node-name': node,
    'state-dir': join(state, 'state'),
    socket: join(state, 'agent.sock'),
    cgroup: variant.cgroup(node),
    objects: join(repository, 'build/bpf'),
    'endpoint-dir': join(state, 'none'),
    'cni-conf-dir': join(state, 'net.d'),
    'cni-bin-dir': join(state, 'bin'),
    'cni-source-dir': join(state, 'none'),
  };
  const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  const agent = join(repository, 'dist/margay-agent.mjs');
  const [command, ...rest] = inMounts(account, [process.execPath, agent, 'run', ...args]);
  const { host, port } = cluster.server;
  const env = {
    MARGAY_ADDON: join(repository, 'build/addon/margay.node'),
    KUBERNETES_SERVICE_HOST: host,
    KUBERNETES_SERVICE_PORT: port,
    NODE_OPTIONS: await imageNodeOptions(),
  };
  return variant.start({ name: 'agent', node, command, args: rest, env });
}

async function evidence(cluster: BenchCluster, node: NodeName): Promise<true | undefined> {
  const text = await cluster.controlPlane.kubectl(['get', 'nodedataplane', node, '-o', 'json']);
  const { status } = JSON.parse(text) as NodeDataplane;
  const programmed = status?.conditions?.find(({ type }) => type === 'ServicesProgrammed');
  return status?.mode === 'BPF' && programmed?.status === 'True' ? true : undefined;
}

/** Starts an agent on each node, and waits for its evidence. */
export async function startAgents(variant: Variant, cluster: BenchCluster): Promise<readonly Daemon[]> {
  const daemons: Daemon[] = [];
  for (const node of ['n1', 'n2'] as const) daemons.push(await startAgent(variant, node, cluster));
  for (const node of ['n1', 'n2'] as const) {
    await until(`ServicesProgrammed on ${node}`, 120_000, () => evidence(cluster, node), 500).catch(
      async (cause: unknown) => {
        const log = await readFile(variant.logFile('agent', node), 'utf8');
        const tail = log.trimEnd().split('\n').slice(-15).join('\n');
        throw new BenchError(`the agent of ${node} does not get ready:\n${tail}`, {
          code: 'AgentNotReady',
          cause,
        });
      },
    );
  }
  return daemons;
}

/** Counters of one node's programs by reason, as its agent tells them. */
export async function counters(variant: Variant, node: NodeName): Promise<ReadonlyMap<string, number>> {
  const text = await variant.shell(node, 'curl -s http://127.0.0.1:9091/metrics');
  const found = text.matchAll(/^margay_bpf_packets_total\{[^}]*reason="([^"]+)"[^}]*\} (\d+)/gm);
  return new Map([...found].map(([, reason = '', count]) => [reason, Number(count)]));
}

/** Frontends that a node's agent has in the kernel's map. */
export async function frontendsInMap(variant: Variant, node: NodeName): Promise<number> {
  const text = await variant.shell(node, 'curl -s http://127.0.0.1:9091/metrics');
  return Number(/^margay_bpf_map_entries\{[^}]*map="services4"[^}]*\} (\d+)/m.exec(text)?.[1] ?? 0);
}
