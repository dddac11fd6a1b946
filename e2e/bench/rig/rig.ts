/** All variants of a run, side by side on one machine and one API server. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Daemon, isAlive } from '../../lab/daemon.ts';
import { type HeldLock, takeLock } from '../../lab/lock.ts';
import { until } from '../../lab/process.ts';
import type { Progress } from '../../lab/progress.ts';
import { BenchCluster } from '../cluster/cluster.ts';
import { installL0 } from './l0.ts';
import { type ProxyBackend, servicesInRules, settled, startKubeProxies } from './kube-proxy.ts';
import { frontendsInMap, startAgents } from './margay.ts';
import { removeLeftovers, Variant } from './variant.ts';

/** In the order in which a block runs them. */
export const VARIANTS = ['L0', 'L1', 'K1', 'K1 legacy', 'K2', 'Margay'] as const;
export type VariantName = (typeof VARIANTS)[number];

/** What the names stand for. */
export const VARIANT_TEXT: Readonly<Record<VariantName | 'direct', string>> = {
  L0: 'a bare TC program: redirect with written-down MAC addresses, redirect_peer into the pod',
  L1: 'plain routed veth, no netfilter',
  K1: 'kube-proxy, iptables mode, nft backend',
  'K1 legacy': 'kube-proxy, iptables mode, legacy backend',
  K2: 'kube-proxy, nftables mode',
  Margay: 'Margay',
  direct: 'the same pods without a Service, on a Margay node',
};

const proxies: Readonly<Partial<Record<VariantName, ProxyBackend>>> = {
  K1: 'iptables-nft',
  'K1 legacy': 'iptables-legacy',
  K2: 'nftables',
};

/** See the file comment; `close` removes everything. */
export class Rig {
  readonly cluster: BenchCluster;
  readonly dir: string;
  readonly #variants = new Map<string, Variant>();
  readonly #daemons = new Map<string, readonly Daemon[]>();
  readonly #lock: HeldLock;
  #links = 1;
  readonly #progress: Progress;

  private constructor(cluster: BenchCluster, dir: string, of: { lock: HeldLock; progress: Progress }) {
    this.cluster = cluster;
    this.dir = dir;
    this.#lock = of.lock;
    this.#progress = of.progress;
  }

  /** One at a time on a machine; clears what a killed run has left. */
  static async open(progress: Progress): Promise<Rig> {
    const lock = await takeLock('/var/lib/margay-lab/bench.lock', { wait: false });
    try {
      await removeLeftovers();
      const dir = await mkdtemp(join(tmpdir(), 'margay-bench-'));
      progress('starting an API server');
      return new Rig(await BenchCluster.start(), dir, { lock, progress });
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Makes a network that nothing runs in yet but the servers. */
  async bare(name: string): Promise<Variant> {
    const { cluster } = this;
    const link = this.#links;
    this.#links += 2;
    const place = { controlPlane: cluster.controlPlane.netns, server: cluster.server.host, link };
    const variant = await Variant.create(name, place, this.dir);
    this.#variants.set(name, variant);
    return variant;
  }

  /** Removes a network that {@link bare} made, and what runs in it. */
  async drop(name: string): Promise<void> {
    await this.variant(name).remove();
    this.#variants.delete(name);
  }

  /** Makes a variant with everything that serves in it. */
  async add(name: VariantName): Promise<void> {
    this.#progress(`variant ${name}: ${VARIANT_TEXT[name]}`);
    const variant = await this.bare(name);
    const backend = proxies[name];
    if (name === 'L0') await installL0(variant);
    if (backend !== undefined)
      this.#daemons.set(name, await startKubeProxies(variant, this.cluster, backend));
    if (name === 'Margay') this.#daemons.set(name, await startAgents(variant, this.cluster));
  }

  /** A variant that was added. */
  variant(name: string): Variant {
    const variant = this.#variants.get(name);
    if (variant === undefined) throw new RangeError(`there is no variant ${name}`);
    return variant;
  }

  /** What serves in a variant, one a node. */
  daemons(name: VariantName): readonly Daemon[] {
    return this.#daemons.get(name) ?? [];
  }

  /** Waits until everybody's kernel tables hold that many Services and nobody is busy any more. */
  async settle(services: number): Promise<void> {
    for (const [name, daemons] of this.#daemons) {
      this.#progress(`${name}: waiting until its sync of ${services} Services is done`);
      await this.#programmedBy(name as VariantName, services);
      await settled(name, daemons);
    }
  }

  /** Waits until everybody's kernel tables hold that many Services. */
  async programmed(services: number): Promise<void> {
    for (const name of this.#daemons.keys()) await this.#programmedBy(name as VariantName, services);
  }

  async #programmedBy(name: VariantName, services: number): Promise<void> {
    const variant = this.variant(name);
    const backend = proxies[name];
    for (const node of ['n1', 'n2'] as const) {
      await until(
        `${services} Services in the kernel of ${name} ${node}`,
        900_000,
        async () => {
          const found = await (backend === undefined
            ? frontendsInMap(variant, node)
            : servicesInRules(variant, node, backend));
          return found >= services ? true : undefined;
        },
        2000,
      );
    }
  }

  /**
   * Does something while every kube-proxy stands still: six of them would make rules of each intermediate
   * state, which is not what is measured.
   */
  async withoutProxies<T>(task: () => Promise<T>): Promise<T> {
    return this.#stopped((name) => name !== 'Margay', task);
  }

  /** Does something while one variant follows the cluster and every other stands still. */
  async onlyRunning<T>(running: VariantName, task: () => Promise<T>): Promise<T> {
    return this.#stopped((name) => name !== running, task);
  }

  /** Does something while nothing that follows the cluster runs. */
  async allStopped<T>(task: () => Promise<T>): Promise<T> {
    return this.#stopped(() => true, task);
  }

  /** Waits until what serves in a variant has nothing left to do. */
  async quiet(name: VariantName): Promise<void> {
    await settled(name, this.daemons(name));
  }

  async #stopped<T>(which: (name: string) => boolean, task: () => Promise<T>): Promise<T> {
    const all = [...this.#daemons].filter(([name]) => which(name)).flatMap(([, daemons]) => daemons);
    const signal = (name: 'SIGSTOP' | 'SIGCONT'): void => {
      for (const daemon of all) if (isAlive(daemon)) process.kill(daemon.pid, name);
    };
    signal('SIGSTOP');
    try {
      return await task();
    } finally {
      signal('SIGCONT');
    }
  }

  /** Removes every trace. */
  async close(): Promise<void> {
    for (const variant of this.#variants.values()) await variant.remove();
    await this.cluster.stop();
    await rm(this.dir, { recursive: true, force: true });
    await this.#lock.release();
  }
}
