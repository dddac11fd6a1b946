import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { API_PORT, planAddresses, type AddressPlan, type Families } from './address-plan.ts';
import { ensureBinaries } from './binaries/build.ts';
import { renderKubeconfig, writeKubeconfig } from './control-plane/kubeconfig.ts';
import type { Identity } from './control-plane/pki.ts';
import { ControlPlaneRunner, serverUrl } from './control-plane/runner.ts';
import { startTimeOf } from './daemon.ts';
import { LabError } from './errors.ts';
import { takeLock } from './lock.ts';
import { addAddresses, createNetns, deleteNetns, shIn, withPrefix } from './network.ts';
import { run, sh } from './process.ts';
import { stderrProgress } from './progress.ts';

/** What a control plane without nodes consists of. */
export interface ControlPlaneOptions {
  /** Default 1. Two share one etcd and have an address each. */
  apiServers?: 1 | 2;
  /** Default IPv4. `dual` gives Services and nodes both families; the API servers stay on IPv4. */
  families?: Families;
  /** Default true: without it there is no garbage collection, no EndpointSlice and no default service account. */
  controllerManager?: boolean;
  /** Default false. */
  scheduler?: boolean;
}

const ROOT = '/var/lib/margay-lab/control-planes';
const PREFIX = 'mgcp';

/**
 * Starts etcd, API server(s) and kube-controller-manager in a network namespace of their own; real addresses,
 * no kubelets. Up in about four seconds; several may run at a time. It dies with this process, and what a killed
 * process left is removed by the next start. Needs root.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const binaries = await ensureBinaries(stderrProgress('control-plane'));
  const place = await claimPlace(options);
  const controlPlane = await ControlPlane.create(place, binaries);
  try {
    await controlPlane.runner.start({
      controllerManager: options.controllerManager ?? true,
      scheduler: options.scheduler ?? false,
    });
    return controlPlane;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const logs = await controlPlane.logTails();
    await controlPlane.stop();
    throw new LabError('CommandFailed', `the control plane did not start: ${why}\n${logs}`, {
      cause: error,
      retryable: true,
    });
  }
}

/** A running control plane. */
export class ControlPlane {
  /** Addresses of the API servers, `host:port`. */
  readonly endpoints: readonly string[];
  /** Name of its network namespace. */
  readonly netns: string;
  /** Its addresses and ranges. */
  readonly plan: AddressPlan;
  /** @internal */
  readonly runner: ControlPlaneRunner;
  private readonly dir: string;
  private readonly binaries: string;

  private constructor(place: Place, binaries: string, runner: ControlPlaneRunner) {
    this.plan = place.plan;
    this.netns = place.name;
    this.dir = place.dir;
    this.binaries = binaries;
    this.runner = runner;
    this.endpoints = place.plan.servers.map((a) => `${a.v4}:${API_PORT}`);
  }

  /** @internal */
  static async create(place: Place, binaries: string): Promise<ControlPlane> {
    const runner = await ControlPlaneRunner.open({
      dir: place.dir,
      plan: place.plan,
      binaries,
      netns: place.name,
      placement: { dieWithParent: true },
    });
    return new ControlPlane(place, binaries, runner);
  }

  /** Path of the administrator's kubeconfig; its server is the first API server. */
  get kubeconfig(): string {
    return this.runner.adminKubeconfig;
  }

  /** Directory with one log a process. */
  get logs(): string {
    return this.runner.logs;
  }

  /** The cluster's certificate authority, PEM. */
  async ca(): Promise<string> {
    return readFile(this.runner.pki.ca.cert, 'utf8');
  }

  /** A client-node configuration of the administrator for API server number `server` (from 0). */
  kubeConfig(server = 0): KubeConfig {
    const config = new KubeConfig();
    config.loadFromString(
      readFileSync(this.kubeconfig, 'utf8').replace(
        serverUrl(this.server(0)),
        serverUrl(this.server(server)),
      ),
    );
    return config;
  }

  /** Writes a kubeconfig with a certificate for this user, and returns its path. RBAC decides what it may do. */
  async kubeconfigFor(identity: Pick<Identity, 'name' | 'groups'>, server = 0): Promise<string> {
    const file = `user-${encodeURIComponent([identity.name, ...(identity.groups ?? [])].join('+'))}`;
    const pair = await this.runner.pki.issue(file, identity);
    const text = await renderKubeconfig(this.runner.pki, serverUrl(this.server(server)), {
      name: identity.name,
      pair,
    });
    return writeKubeconfig(join(this.dir, `${file}-${server}.kubeconfig`), text);
  }

  /** Runs kubectl as the administrator and returns what it printed. */
  async kubectl(args: readonly string[], input?: string): Promise<string> {
    const result = await run(join(this.binaries, 'kubectl'), [`--kubeconfig=${this.kubeconfig}`, ...args], {
      ...(input === undefined ? {} : { input }),
    });
    return result.stdout;
  }

  /** Ends API server number `index`, kindly or not; its address refuses connections then. */
  async stopServer(index: number, how: 'term' | 'kill' = 'term'): Promise<void> {
    await this.runner.stopServer(index, how);
  }

  /** Starts a stopped API server again and waits until it is ready. */
  async startServer(index: number): Promise<void> {
    await this.runner.startServer(index);
  }

  /** Takes an API server's address away (packets vanish, connections hang) or gives it back. */
  async cutServer(index: number, cut: boolean): Promise<void> {
    const verb = cut ? 'add' : 'del';
    await shIn(this.netns, `ip rule ${verb} from ${this.server(index).v4} blackhole pref 1`);
  }

  /** Ends everything and removes every trace. */
  async stop(): Promise<void> {
    await this.runner.stop();
    await removePlace({ name: this.netns, dir: this.dir });
  }

  /** @internal */
  async logTails(lines = 8): Promise<string> {
    if (!existsSync(this.logs)) return '';
    const tails = (await readdir(this.logs)).map(async (file) => {
      const text = await readFile(join(this.logs, file), 'utf8');
      return `--- ${file}\n${text.trimEnd().split('\n').slice(-lines).join('\n')}`;
    });
    return (await Promise.all(tails)).join('\n');
  }

  private server(index: number): { v4: string } {
    const server = this.plan.servers[index];
    if (!server) throw new LabError('BadOption', `there is no API server number ${index}`);
    return server;
  }
}

interface Place {
  /** Of the network namespace and of the machine's interface towards it. */
  name: string;
  dir: string;
  plan: AddressPlan;
}

/** Finds a free subnet 10.241.<n>.0/24, having removed what dead owners left, and wires it to the machine. */
async function claimPlace(options: ControlPlaneOptions): Promise<Place> {
  const lock = await takeLock(join(ROOT, '.lock'), { wait: true });
  try {
    await sweep();
    const taken = new Set(await readdir(ROOT));
    const index = Array.from({ length: 256 }, (_, i) => i).find((i) => !taken.has(`${PREFIX}${i}`));
    if (index === undefined)
      throw new LabError('SubnetInUse', '256 control planes are running; stop some of them');
    const name = `${PREFIX}${index}`;
    const place: Place = {
      name,
      dir: join(ROOT, name),
      plan: planAddresses(`10.241.${index}.0/24`, options.families ?? 'IPv4', options.apiServers ?? 1),
    };
    await mkdir(place.dir, { recursive: true });
    await writeFile(join(place.dir, 'owner'), `${process.pid} ${startTimeOf(process.pid) ?? ''}`);
    await wire(place);
    return place;
  } finally {
    await lock.release();
  }
}

async function wire({ name, plan }: Place): Promise<void> {
  const own = [...new Set([...plan.servers, plan.controlPlane])];
  const servers = [...new Set(own.flatMap((address) => withPrefix(plan, address)))];
  await createNetns(name);
  await sh('ip link add "$1" type veth peer name eth0 netns "$1"', [name]);
  await sh(`${addAddresses(name, withPrefix(plan, plan.host))}\nip link set ${name} up`);
  await shIn(
    name,
    `${addAddresses('eth0', servers)}\nip link set eth0 up\nip route add default via ${plan.host.v4}`,
  );
}

async function sweep(): Promise<void> {
  for (const name of await readdir(ROOT)) {
    if (!name.startsWith(PREFIX)) continue;
    const dir = join(ROOT, name);
    const owner = await readFile(join(dir, 'owner'), 'utf8').catch(() => '');
    const [pid = '0', startTime] = owner.split(' ');
    if (startTimeOf(Number(pid)) !== startTime) await removePlace({ name, dir });
  }
}

async function removePlace(place: Pick<Place, 'name' | 'dir'>): Promise<void> {
  await sh('ip link del "$1" 2>/dev/null || true', [place.name]);
  await deleteNetns(place.name);
  await rm(place.dir, { recursive: true, force: true });
}
