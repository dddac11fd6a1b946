/** What happened on the cluster, in the order in which the API server stored it. */
import { nodeDataplanes } from '@margay/crds/resources';
import type { KubeClient } from '@margay/lib/kube-client';
import { ListWatch } from '@margay/lib/list-watch';
import { createLogger } from '@margay/lib/log';
import type { KubeObject } from '@margay/lib/objects';
import type { ResourceType } from '@margay/lib/resources';
import { nodes, pods } from '@margay/lib/resources';
import { decodeDataplane, decodeNode, decodePodOf } from '../../src/watch/records.ts';
import type { DataplaneRecord, NodeRecord, PodRecord } from '../../src/watch/records.ts';

/** One thing that happened to a node. */
export interface Happened {
  readonly version: number;
  readonly node: string;
  /** Such as `label parked`, `order BPF`, `evidence ServicesProgrammed=True`, `kube-proxy pod gone`, `agent pod gone`. */
  readonly what: string;
}

const log = createLogger({ level: 'error', fields: { component: 'history' } });

function labelOf(node: NodeRecord | undefined): string {
  return node?.labels['margay.io/kube-proxy'] ?? 'none';
}

/** Evidence that counts, as `Type=Status`. */
function evidenceOf(record: DataplaneRecord | undefined): readonly string[] {
  const current = (record?.conditions ?? []).filter((c) => c.observedGeneration === record?.generation);
  return current.map((c) => `${c.type}=${c.status}`);
}

/** Records labels, orders, evidence, and pods of kube-proxy and of the agent of every node. */
export class History {
  readonly #entries: Happened[] = [];
  readonly #stop = new AbortController();
  readonly #watches: ListWatch<never>[] = [];

  constructor(client: KubeClient) {
    this.#watch(client, nodes, decodeNode, (now, before) => this.#node(now, before));
    this.#watch(client, nodeDataplanes, decodeDataplane, (now, before) => this.#dataplane(now, before));
    for (const [name, daemonSet] of [
      ['kube-proxy', 'kube-proxy'],
      ['agent', 'margay-agent'],
    ] as const)
      this.#watch(client, pods, decodePodOf(daemonSet), (now, before) => this.#pod(name, now, before));
  }

  /** Everything so far, in order. */
  get all(): readonly Happened[] {
    return this.#entries.toSorted((a, b) => a.version - b.version);
  }

  /** What happened to one node after a moment, in order. */
  of(node: string, after = 0): readonly string[] {
    return this.all.filter((e) => e.node === node && e.version > after).map((e) => e.what);
  }

  /** The moment of the newest entry. */
  get now(): number {
    return this.all.at(-1)?.version ?? 0;
  }

  /** Resolves when everything present is known. */
  async ready(): Promise<void> {
    await Promise.all(this.#watches.map((watch) => watch.synced));
  }

  /** Ends the watches. */
  close(): void {
    this.#stop.abort();
  }

  #watch<T extends { readonly version: string }>(
    client: KubeClient,
    resource: ResourceType,
    decode: (object: KubeObject) => T | undefined,
    changed: (now: T | undefined, before: T | undefined) => void,
  ): void {
    const handler = {
      onUpsert: (_key: string, now: T, before: T | undefined) => changed(now, before),
      onDelete: (_key: string, before: T) => changed(undefined, before),
    };
    const watch = new ListWatch<T>({ client, resource, decode, handler, log });
    this.#watches.push(watch as unknown as ListWatch<never>);
    watch.run(this.#stop.signal).catch((error: unknown) => {
      throw error;
    });
  }

  #add(version: string, node: string, what: string): void {
    this.#entries.push({ version: Number(version), node, what });
  }

  #node(now: NodeRecord | undefined, before: NodeRecord | undefined): void {
    if (now === undefined || labelOf(now) === labelOf(before)) return;
    this.#add(now.version, now.name, `label ${labelOf(now)}`);
  }

  #dataplane(now: DataplaneRecord | undefined, before: DataplaneRecord | undefined): void {
    if (now === undefined) return;
    if (now.spec.mode !== before?.spec.mode) this.#add(now.version, now.name, `order ${now.spec.mode}`);
    const known = evidenceOf(before);
    const fresh = evidenceOf(now).filter((e) => !known.includes(e));
    for (const evidence of fresh) this.#add(now.version, now.name, `evidence ${evidence}`);
    if (now.mode !== before?.mode) this.#add(now.version, now.name, `mode ${now.mode ?? 'none'}`);
  }

  #pod(name: string, now: PodRecord | undefined, before: PodRecord | undefined): void {
    if (now?.ready === true && before?.ready !== true) this.#add(now.version, now.node, `${name} pod ready`);
    // A deletion's event carries no version of its own here: it comes after the last one that was seen.
    if (now === undefined && before !== undefined) {
      this.#add(String(Number(before.version) + 0.5), before.node, `${name} pod gone`);
    }
  }
}
