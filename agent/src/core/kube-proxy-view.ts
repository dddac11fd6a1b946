/** kube-proxy on this node: its pod, its label, its rules, and what it leaves behind. */
import { messageOf } from '@margay/lib/errors';
import type { Logger } from '@margay/lib/log';
import type { NodeRecord, PodRecord } from '../calc/records.ts';
import type { KubeProxyFacts } from '../node-mode/facts.ts';
import type { Fabric, FrontendRef, KubeProxyProbe, Leftovers } from '../ports.ts';

/** What {@link KubeProxyView} needs. */
export interface KubeProxyViewOptions {
  readonly probe: KubeProxyProbe;
  readonly leftovers: Leftovers;
  readonly fabric: Fabric;
  readonly log: Logger;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

interface Look {
  readonly at: number;
  readonly ok: boolean;
  readonly missingCount: number;
  readonly missing: readonly string[];
  readonly error?: string;
}

/** See the file comment. */
export class KubeProxyView {
  readonly #options: KubeProxyViewOptions;
  readonly #pods = new Map<string, PodRecord>();
  #daemonSet = '';
  #labelled = false;
  #look: Look | undefined;
  #removed = false;
  #kept: readonly string[] = [];
  /** The handover table may be there: also from an earlier agent. */
  #handover = true;

  constructor(options: KubeProxyViewOptions) {
    this.#options = options;
  }

  /** kube-proxy's chains that stayed because others refer to them. */
  get kept(): readonly string[] {
    return this.#kept;
  }

  /** Whose pods are kube-proxy's: `namespace/name` of its DaemonSet. */
  setDaemonSet(name: string): void {
    this.#daemonSet = name;
  }

  setPod(key: string, record: PodRecord | undefined): void {
    if (record === undefined) this.#pods.delete(key);
    else this.#pods.set(key, record);
    const ours = record?.daemonSet === this.#daemonSet || record === undefined;
    if (ours) this.#forgetLook();
    if (this.#proxies().length > 0) this.#removed = false;
  }

  setNode(record: NodeRecord | undefined): void {
    this.#labelled = record?.kubeProxyParked === true;
  }

  /** A new order: evidence must be gathered anew. */
  newOrder(): void {
    this.#forgetLook();
  }

  facts(): KubeProxyFacts {
    const look = this.#look;
    return {
      labelled: this.#labelled,
      pod: this.#proxies().length > 0,
      leftoversRemoved: this.#removed,
      ...(look === undefined ? {} : { rules: { ...look, age: this.#options.now() - look.at } }),
    };
  }

  /** Looks at the kernel's rules. Never rejects: a failure is part of what is seen. */
  async look(frontends: readonly FrontendRef[]): Promise<void> {
    const at = this.#options.now();
    const started = Math.max(0, ...this.#proxies().map((pod) => pod.started));
    const running = this.#proxies().every((pod) => pod.started > 0);
    if (!running) {
      this.#look = { at, ok: false, missingCount: 0, missing: [] };
      return;
    }
    try {
      const { ok, missing, missingCount } = await this.#options.probe.programmed(frontends, started / 1000);
      this.#look = { at, ok, missing, missingCount };
    } catch (error) {
      this.#look = { at, ok: false, missingCount: 0, missing: [], error: messageOf(error) };
    }
  }

  /** Its rules go; flows that netfilter translates live on. */
  async removeLeftovers(): Promise<void> {
    const { fabric, leftovers, log } = this.#options;
    await fabric.installHandover();
    this.#handover = true;
    const report = await leftovers.remove();
    this.#removed = true;
    this.#kept = report.kept;
    log.info("kube-proxy's leftovers are gone", {
      chains: report.removedChains,
      tables: report.removedTables.join(' '),
      kept: report.kept.join(' '),
    });
  }

  /** Drops the handover table when it is no longer needed. */
  async finishHandover(): Promise<void> {
    if (!this.#handover || !(await this.#options.fabric.finishHandover())) return;
    this.#handover = false;
  }

  #proxies(): readonly PodRecord[] {
    return [...this.#pods.values()].filter(
      ({ daemonSet }) => daemonSet !== '' && daemonSet === this.#daemonSet,
    );
  }

  #forgetLook(): void {
    this.#look = undefined;
  }
}
