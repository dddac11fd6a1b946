/** Whether kube-proxy's rules for every frontend are in the kernel, and since its present start. */
import { type Run, run as runCommand } from '../fabric/command.ts';
import { Nft } from '../fabric/nft.ts';
import type { FrontendRef, KubeProxyProbe, KubeProxyProgrammed } from '../ports.ts';
import { readChains, ruleSets } from './iptables.ts';
import { type LastSync, lastSyncFromHealth, lastSyncFromMetrics, oldest } from './last-sync.ts';
import { type FetchLocal, fetchLocal } from './local-http.ts';
import {
  frontendRules,
  indexIptables,
  indexNftables,
  isProgrammed,
  nftMaps,
  type RuleIndex,
} from './rule-index.ts';

/** Ports of kube-proxy's defaults (metricsBindAddress, healthzBindAddress). */
const metricsPort = 10249;
const healthPort = 10256;

/** What {@link NodeKubeProxyProbe} needs. */
export interface NodeKubeProxyProbeOptions {
  readonly run?: Run;
  readonly fetch?: FetchLocal;
  /** Milliseconds, from any start. */
  readonly now?: () => number;
  /** While kube-proxy does not say that it wrote anything, the kernel is read again after this long. */
  readonly rereadMs?: number;
}

type Mode = 'iptables' | 'nftables';
type Indexes = ReadonlyMap<4 | 6, readonly RuleIndex[]>;

interface Reading {
  readonly at: number;
  readonly sync: string;
  readonly modes: ReadonlyMap<Mode, Indexes>;
}

/** Implements {@link KubeProxyProbe}: a call reads the kernel only when kube-proxy has written since the last. */
export class NodeKubeProxyProbe implements KubeProxyProbe {
  readonly #run: Run;
  readonly #nft: Nft;
  readonly #fetch: FetchLocal;
  readonly #now: () => number;
  readonly #rereadMs: number;
  #reading: Reading | undefined;

  constructor(options: NodeKubeProxyProbeOptions = {}) {
    this.#run = options.run ?? runCommand;
    this.#nft = new Nft(this.#run);
    this.#fetch = options.fetch ?? fetchLocal;
    this.#now = options.now ?? (() => performance.now());
    this.#rereadMs = options.rereadMs ?? 10_000;
  }

  async programmed(frontends: readonly FrontendRef[], podStart: number): Promise<KubeProxyProgrammed> {
    const sync = await this.#lastSync();
    const modes = await this.#read(sync);
    const { mode, missing } = this.#best(frontends, modes);
    const lastSync = oldest(sync, new Set(frontends.map((f) => f.family)));
    const synced = lastSync !== undefined && lastSync > podStart;
    return {
      ok: synced && mode !== 'none' && missing.length === 0,
      mode,
      ...(lastSync === undefined ? {} : { lastSync }),
      missing: missing.slice(0, 10).map((f) => f.name),
      missingCount: missing.length,
    };
  }

  /** Both modes' rules may be there; those that serve more are the ones that kube-proxy keeps. */
  #best(
    frontends: readonly FrontendRef[],
    modes: ReadonlyMap<Mode, Indexes>,
  ): { mode: Mode | 'none'; missing: readonly FrontendRef[] } {
    let best: { mode: Mode | 'none'; missing: readonly FrontendRef[] } = { mode: 'none', missing: frontends };
    for (const [mode, indexes] of modes) {
      const missing = frontends.filter((f) => !indexes.get(f.family)?.some((i) => isProgrammed(f, i)));
      const found = [...indexes.values()].some((list) => list.some((index) => index.hooked));
      if (found && (best.mode === 'none' || missing.length < best.missing.length)) best = { mode, missing };
    }
    return best;
  }

  async #lastSync(): Promise<LastSync> {
    const metrics = await this.#fetch(metricsPort, '/metrics');
    const sync = metrics === undefined ? {} : lastSyncFromMetrics(metrics);
    if (sync[4] !== undefined || sync[6] !== undefined) return sync;
    const health = await this.#fetch(healthPort, '/livez');
    return health === undefined ? {} : lastSyncFromHealth(health);
  }

  async #read(sync: LastSync): Promise<ReadonlyMap<Mode, Indexes>> {
    const key = JSON.stringify(sync);
    const fresh = this.#reading?.sync === key && this.#now() - this.#reading.at < this.#rereadMs;
    if (this.#reading !== undefined && fresh) return this.#reading.modes;
    const modes = new Map<Mode, Indexes>([
      ['nftables', await this.#readNftables()],
      ['iptables', await this.#readIptables()],
    ]);
    this.#reading = { at: this.#now(), sync: key, modes };
    return modes;
  }

  async #readIptables(): Promise<Indexes> {
    const indexes = new Map<4 | 6, RuleIndex[]>();
    for (const set of await ruleSets(this.#run)) {
      const index = indexIptables(await readChains(this.#run, set, frontendRules));
      indexes.set(set.family, [...(indexes.get(set.family) ?? []), index]);
    }
    return indexes;
  }

  async #readNftables(): Promise<Indexes> {
    const indexes = new Map<4 | 6, RuleIndex[]>();
    for (const [family, nftFamily] of [
      [4, 'ip'],
      [6, 'ip6'],
    ] as const) {
      const outputs: string[] = [];
      for (const map of nftMaps) {
        const output = await this.#nft.listMap({ family: nftFamily, name: 'kube-proxy' }, map);
        if (output !== undefined) outputs.push(output);
      }
      indexes.set(family, [indexNftables(outputs)]);
    }
    return indexes;
  }
}
