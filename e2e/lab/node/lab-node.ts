import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { basename, join } from 'node:path';
import { joined, type Address, type AddressPlan } from '../address-plan.ts';
import type { Cgroup } from '../cgroup.ts';
import { entering, recallDaemon, rememberDaemon, startDaemon, stopDaemon, type Daemon } from '../daemon.ts';
import { LabError } from '../errors.ts';
import { netnsPath } from '../network.ts';
import { run, until, type RunOptions, type RunResult } from '../process.ts';
import { copyImageStore } from './image-store.ts';
import { containerdConfig, kubeletArguments, kubeletConfig, NODE_BIN } from './config.ts';

/** Where a node lives and who it is. */
export interface NodeSite {
  name: string;
  address: Address;
  plan: AddressPlan;
  /** Name of its network namespace. */
  netns: string;
  cgroup: Cgroup;
  /** Its directory on the machine. */
  dir: string;
  logs: string;
  binaries: string;
}

/** Files a node gets before it starts: path below /etc -> contents. */
export type EtcFiles = Readonly<Record<string, string | Buffer>>;

const BOOT = fileURLToPath(new URL('./boot.sh', import.meta.url));
/** Environment of what runs on a node: its own binaries come first. */
export const NODE_ENV = { PATH: `${NODE_BIN}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin` };
const CNI_PLUGINS = ['ptp', 'bridge', 'loopback', 'host-local', 'portmap'];

/** One node: namespaces, cgroups and files of its own, with containerd and a kubelet. */
export class LabNode {
  readonly site: NodeSite;

  constructor(site: NodeSite) {
    this.site = site;
  }

  /** The node's name in the cluster. */
  get name(): string {
    return this.site.name;
  }

  /**
   * Makes namespaces and files, and starts containerd on a copy of `imageStore`. Its network namespace must exist.
   */
  async boot(etc: EtcFiles, imageStore: string): Promise<void> {
    await this.site.cgroup.create();
    await this.makeFiles(etc);
    await copyImageStore(imageStore, join(this.site.dir, 'var/lib/containerd'));
    const { name, dir, binaries, cgroup } = this.site;
    const hierarchies = cgroup.hierarchies.map((h) => `${h.path} ${h.version} ${h.options}`).join('\n');
    const unshare = ['--mount', '--uts', '--ipc', '--cgroup', '--propagation', 'private', '--'];
    const keeper = await startDaemon({
      name: 'keeper',
      command: 'unshare',
      args: [...unshare, 'sh', BOOT, name, dir, binaries, hierarchies],
      logFile: join(this.site.logs, 'boot.log'),
      netns: netnsPath(this.site.netns),
      cgroupProcs: cgroup.procsFiles(),
    });
    await rememberDaemon(this.runDir, keeper);
    await until(`node ${name} to have its namespaces (log: ${this.site.logs}/boot.log)`, 20_000, async () => {
      if (existsSync(`/proc/${keeper.pid}/root/run/lab/ready`)) return true;
      if (await recallDaemon(this.runDir, 'keeper')) return undefined;
      throw new LabError('CommandFailed', `node ${name} did not start: ${await this.tailOf('boot.log')}`);
    });
    await this.startContainerd();
  }

  /** Starts containerd and waits until it answers. */
  async startContainerd(): Promise<void> {
    await this.launch('containerd', ['--config=/etc/containerd/config.toml']);
    await until(`containerd of ${this.name} (log: ${this.site.logs}/containerd.log)`, 30_000, async () => {
      const version = await this.exec(['ctr', 'version'], { allowFailure: true });
      return version.status === 0 ? true : undefined;
    });
  }

  /** Starts the kubelet; it registers the node by itself. */
  async startKubelet(): Promise<void> {
    await this.launch('kubelet', kubeletArguments(this.name, joined(this.site.address)));
  }

  /** Ends the kubelet. Pods run on. */
  async stopKubelet(): Promise<void> {
    const kubelet = await recallDaemon(this.runDir, 'kubelet');
    if (kubelet) await stopDaemon(kubelet);
  }

  /** True while the kubelet's process runs. */
  async kubeletRuns(): Promise<boolean> {
    return (await recallDaemon(this.runDir, 'kubelet')) !== undefined;
  }

  /** Imports docker-archives from files of the machine. */
  async loadImages(archives: readonly string[]): Promise<void> {
    for (const archive of archives) {
      // The archive's path may be hidden inside the node: it comes as a file descriptor.
      const [command, ...args] = await this.entering([
        'ctr',
        '-n',
        'k8s.io',
        'images',
        'import',
        '--local',
        '-',
      ]);
      await run('sh', ['-ec', 'archive=$1; shift; exec "$@" <"$archive"', 'lab', archive, command, ...args], {
        env: { ...process.env, ...NODE_ENV },
      });
    }
  }

  /** Runs a command on the node, in all its namespaces and cgroups, as a login there would. */
  async exec(argv: readonly [string, ...string[]], options: RunOptions = {}): Promise<RunResult> {
    const [command, ...args] = await this.entering(argv);
    return run(command, args, {
      label: `${argv.join(' ')} (on ${this.name})`,
      ...options,
      env: { ...process.env, ...NODE_ENV, ...options.env },
    });
  }

  /** The command line, for the machine, that runs `argv` on the node. */
  async entering(argv: readonly [string, ...string[]]): Promise<[string, ...string[]]> {
    const [command, ...args] = argv;
    return entering({
      command,
      args,
      namespacesOf: (await this.keeper()).pid,
      cgroupProcs: this.site.cgroup.procsFiles(),
    });
  }

  /** Kills the processes of a container, by the id its pod's status shows; returns how many there were. */
  async killContainer(id: string): Promise<number> {
    const pids = await this.site.cgroup.pids((path) => path.includes(id));
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    return pids.length;
  }

  private get runDir(): string {
    return join(this.site.dir, 'run');
  }

  private async keeper(): Promise<Daemon> {
    const keeper = await recallDaemon(this.runDir, 'keeper');
    if (!keeper) throw new LabError('NotRunning', `node ${this.name} is not running`);
    return keeper;
  }

  private async launch(name: string, args: readonly string[]): Promise<void> {
    const daemon = await startDaemon({
      name,
      command: `${NODE_BIN}/${name}`,
      args,
      env: NODE_ENV,
      logFile: join(this.site.logs, `${name}.log`),
      namespacesOf: (await this.keeper()).pid,
      cgroupProcs: this.site.cgroup.procsFiles(),
    });
    await rememberDaemon(this.runDir, daemon);
  }

  private async makeFiles(etc: EtcFiles): Promise<void> {
    const { dir, name, plan, binaries } = this.site;
    const dirs = [
      'etc/cni/net.d',
      'etc.work',
      'opt/cni/bin',
      'opt/lab/bin',
      'var/lib',
      'var/log',
      'var/cache',
      'run',
    ];
    for (const path of dirs) await mkdir(join(dir, path), { recursive: true });
    await mkdir(join(dir, 'var/tmp'), { mode: 0o1777, recursive: true });
    await symlink('/run', join(dir, 'var/run'));
    await symlink('/run/lock', join(dir, 'var/lock'));
    for (const plugin of CNI_PLUGINS)
      await copyFile(join(binaries, plugin), join(dir, 'opt/cni/bin', plugin));
    const files: EtcFiles = {
      hostname: `${name}\n`,
      hosts: `127.0.0.1 localhost\n::1 localhost\n${this.site.address.v4} ${name}\n`,
      // Nobody listens there, so names outside the cluster fail at once.
      'resolv.conf': `nameserver ${plan.outside.v4}\n`,
      'machine-id': `${createHash('md5').update(`${dir}${Date.now()}`).digest('hex')}\n`,
      'containerd/config.toml': containerdConfig(),
      'kubernetes/kubelet.yaml': kubeletConfig(plan),
      ...etc,
    };
    for (const [path, contents] of Object.entries(files)) {
      const file = join(dir, 'etc', path);
      await mkdir(join(file, '..'), { recursive: true });
      await writeFile(file, contents, { mode: basename(file).endsWith('.key') ? 0o600 : 0o644 });
    }
  }

  private async tailOf(log: string): Promise<string> {
    const text = await readFile(join(this.site.logs, log), 'utf8').catch(() => '');
    return text.trimEnd().split('\n').slice(-5).join('\n');
  }
}
