/** Two nodes with pods as network namespaces on a bridge: the same for every variant, and what runs in them. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rmdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findCgroupRoot, readMounts } from '@margay/agent/dataplane/paths';
import { type Daemon, entering, startDaemon, stopDaemon } from '../../lab/daemon.ts';
import { deleteNetns, netnsNames, netnsPath, shIn } from '../../lab/network.ts';
import { run, sh } from '../../lab/process.ts';
import { BenchError } from '../errors.ts';
import {
  linkScript,
  type LinkSettings,
  namespacesOf,
  networkScript,
  type NodeName,
  PODS,
  type PodName,
  type VariantPlace,
} from './shell.ts';

/** Every namespace of a benchmark begins so. */
export const PREFIX = 'mgb';
/** Port of the servers in pods. */
export const SERVER_PORT = 8080;
/** Where they read streams to the end. */
export const SINK_PORT = SERVER_PORT + 1;

const flow = fileURLToPath(new URL('../../../build/bench/flow', import.meta.url));
/** Client, servers and their softirqs share this CPU. */
const CPU = String(availableParallelism() - 1);

/** A process of a variant. */
export interface Start {
  readonly name: string;
  readonly node: NodeName;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

async function cgroupFolder(): Promise<string> {
  const root = findCgroupRoot(await readMounts());
  if (root === undefined) throw new BenchError('no cgroup2 is mounted', { code: 'NoCgroup2' });
  return join(root, PREFIX);
}

/** See the file comment. */
export class Variant {
  readonly name: string;
  readonly dir: string;
  readonly #place: VariantPlace;
  readonly #cgroups: string;
  readonly #daemons: Daemon[] = [];

  private constructor(name: string, place: VariantPlace, of: { dir: string; cgroups: string }) {
    this.name = name;
    this.#place = place;
    this.dir = of.dir;
    this.#cgroups = of.cgroups;
  }

  /** Makes the network and starts the servers; `place.prefix` is given by the variant's name. */
  static async create(name: string, place: Omit<VariantPlace, 'prefix'>, dir: string): Promise<Variant> {
    const id = name.toLowerCase().replaceAll(' ', '');
    const cgroups = join(await cgroupFolder(), id);
    const full = { ...place, prefix: `${PREFIX}-${id}` };
    const variant = new Variant(name, full, { dir: join(dir, id), cgroups });
    await mkdir(variant.dir, { recursive: true });
    for (const node of ['n1', 'n2'] as const) await mkdir(variant.cgroup(node), { recursive: true });
    await sh(networkScript(full));
    for (const pod of ['near', 'far'] as const) await variant.#serve(pod);
    return variant;
  }

  /** The network namespace of a node. */
  netns(node: NodeName): string {
    return `${this.#place.prefix}-${node}`;
  }

  /** What an agent takes for a node's cgroup root. */
  cgroup(node: NodeName): string {
    return join(this.#cgroups, node);
  }

  /** Runs the client in its pod and parses what it prints. */
  async client<T>(args: readonly string[]): Promise<T> {
    const [command, ...rest] = entering(this.#pinned('client', args));
    const { stdout } = await run(command, rest, { timeout: 120_000 });
    return JSON.parse(stdout) as T;
  }

  /** Runs a script on a node. */
  async shell(node: NodeName, script: string): Promise<string> {
    return (await shIn(this.netns(node), script)).stdout;
  }

  /** Starts a process on a node; it ends with the variant. */
  async start({ name, node, command, args, env }: Start): Promise<Daemon> {
    const daemon = await startDaemon({
      name,
      command,
      args,
      logFile: this.logFile(name, node),
      netns: netnsPath(this.netns(node)),
      dieWithParent: true,
      ...(env === undefined ? {} : { env }),
    });
    this.#daemons.push(daemon);
    return daemon;
  }

  /** Where a process of {@link start} writes. */
  logFile(name: string, node: NodeName): string {
    return join(this.dir, `${name}-${node}.log`);
  }

  /** Sets every link of the network, both ends. */
  async setLinks(settings: LinkSettings): Promise<void> {
    await sh(linkScript(this.#place.prefix, settings));
  }

  /** Interfaces of a namespace by name. */
  async links(node: NodeName): Promise<ReadonlyMap<string, { ifindex: number; address: string }>> {
    const links = JSON.parse(await this.shell(node, 'ip -j link')) as {
      ifname: string;
      ifindex: number;
      address: string;
    }[];
    return new Map(links.map(({ ifname, ifindex, address }) => [ifname, { ifindex, address }]));
  }

  /** IPv4 packets that a node's own stack has forwarded (RFC 4293, ipForwDatagrams). */
  async forwarded(node: NodeName): Promise<number> {
    const text = await this.shell(node, 'grep ^Ip: /proc/self/net/snmp');
    const [names = [], figures = []] = text.split('\n').map((line) => line.split(' '));
    return Number(figures[names.indexOf('ForwDatagrams')]);
  }

  /** Bytes that a node has received from the API server. */
  async apiBytes(node: NodeName): Promise<number> {
    const stats = JSON.parse(await this.shell(node, 'ip -j -s link show api')) as {
      stats64: { rx: { bytes: number } };
    }[];
    return stats[0]?.stats64.rx.bytes ?? NaN;
  }

  /** Ends everything and removes every trace. */
  async remove(): Promise<void> {
    await Promise.all(this.#daemons.map((daemon) => stopDaemon(daemon)));
    for (const name of namespacesOf(this.#place.prefix)) await deleteNetns(name);
    await removeCgroups(this.#cgroups);
    await rmdir(dirname(this.#cgroups)).catch(() => undefined);
  }

  async #serve(pod: Exclude<PodName, 'client'>): Promise<void> {
    const spec = this.#pinned(pod, ['server', String(SERVER_PORT)]);
    const logFile = join(this.dir, `server-${pod}.log`);
    this.#daemons.push(await startDaemon({ name: `server-${pod}`, logFile, dieWithParent: true, ...spec }));
  }

  #pinned(pod: PodName, args: readonly string[]): Parameters<typeof entering>[0] {
    return {
      command: 'taskset',
      // Real-time priority: whatever else the machine does takes less of this CPU.
      args: ['-c', CPU, 'chrt', '--fifo', '10', flow, ...args],
      netns: netnsPath(`${this.#place.prefix}-${pod}`),
      cgroupProcs: [join(this.cgroup(PODS[pod].node), 'cgroup.procs')],
    };
  }
}

async function removeCgroups(folder: string): Promise<void> {
  for (const name of ['n1', 'n2', '']) await rmdir(join(folder, name)).catch(() => undefined);
}

/** Removes what a benchmark that was killed has left; its processes have died with it. */
export async function removeLeftovers(): Promise<void> {
  for (const name of await netnsNames(`${PREFIX}-`)) await deleteNetns(name);
  const folder = await cgroupFolder();
  if (!existsSync(folder)) return;
  const { stdout } = await run('ls', [folder]);
  for (const name of stdout.split('\n').filter((one) => one !== '')) await removeCgroups(join(folder, name));
  await rmdir(folder).catch(() => undefined);
}

/** CPU time of a process and of its children that have ended, so far, seconds (proc(5), stat). */
export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).map(Number);
  return ticks.reduce((sum, one) => sum + one, 0) / 100;
}

/** Resident memory of a process, bytes. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
}
