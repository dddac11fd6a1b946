import { clientFromKubeConfig } from '@margay/lib/kube-config';
import { ListWatch } from '@margay/lib/list-watch';
import { createLogger } from '@margay/lib/log';
import type { KubeObject } from '@margay/lib/objects';
import { nodes, pods, type ResourceType } from '@margay/lib/resources';
import { kubeProxyLabel, nodeDataplanes, parkedValue } from '@margay/crds/resources';
import type { Lab } from '../lab/lab.ts';
import type { Sample } from './placement.ts';

/** Writes down, with the time, every change of where kube-proxy is and of why it must stay. */
export class PlacementWatch {
  readonly samples: Sample[] = [];
  readonly #known = new Map<string, Omit<Sample, 'at' | 'node' | 'pod'>>();
  /** Names of kube-proxy's pods, with their nodes. */
  readonly #pods = new Map<string, string>();
  readonly #stop = new AbortController();
  #runs: Promise<unknown> = Promise.resolve();

  private constructor() {}

  /** Begins to watch; returns when it knows the present state. */
  static async start(lab: Lab): Promise<PlacementWatch> {
    const watch = new PlacementWatch();
    const client = clientFromKubeConfig('margay-conformance', lab.kubeconfig);
    const common = { client, log: createLogger({ level: 'warn' }) };
    const watches = [
      new ListWatch({ ...common, ...watch.#nodes() }),
      new ListWatch({ ...common, ...watch.#dataplanes() }),
      new ListWatch({ ...common, ...watch.#proxies() }),
    ];
    watch.#runs = Promise.all(watches.map((w) => w.run(watch.#stop.signal)));
    await Promise.race([Promise.all(watches.map((w) => w.synced)), watch.#runs]);
    return watch;
  }

  /** Ends the watch and returns what was seen. */
  async stop(): Promise<readonly Sample[]> {
    this.#stop.abort();
    await this.#runs;
    return this.samples;
  }

  #nodes(): Source<boolean> {
    return {
      resource: nodes,
      decode: ({ metadata }) => metadata?.labels?.[kubeProxyLabel] === parkedValue,
      handler: {
        onUpsert: (node, parked) => this.#note(node, { parked }),
        onDelete: () => undefined,
      },
    };
  }

  #dataplanes(): Source<string> {
    return {
      resource: nodeDataplanes,
      decode: unsupportedOf,
      handler: {
        onUpsert: (node, unsupported) => this.#note(node, { unsupported }),
        onDelete: () => undefined,
      },
    };
  }

  #proxies(): Source<string> & { namespace: string; labelSelector: string } {
    return {
      resource: pods,
      namespace: 'kube-system',
      labelSelector: 'k8s-app=kube-proxy',
      decode: (pod) => (pod as { spec?: { nodeName?: string } }).spec?.nodeName,
      handler: {
        onUpsert: (pod, node) => this.#place(pod, node),
        onDelete: (pod, node) => this.#remove(pod, node),
      },
    };
  }

  #place(pod: string, node: string): void {
    this.#pods.set(pod, node);
    this.#note(node, {});
  }

  #remove(pod: string, node: string): void {
    this.#pods.delete(pod);
    this.#note(node, {});
  }

  /** A sample when this changes what is known of the node. */
  #note(node: string, change: { parked?: boolean; unsupported?: string }): void {
    const before = this.#known.get(node) ?? { parked: false, unsupported: '' };
    const after = { ...before, ...change };
    this.#known.set(node, after);
    const sample = { node, ...after, pod: [...this.#pods.values()].includes(node) };
    const last = this.samples.findLast((s) => s.node === node);
    if (last && JSON.stringify({ ...last, at: 0 }) === JSON.stringify({ at: 0, ...sample })) return;
    this.samples.push({ at: Date.now(), ...sample });
  }
}

interface Source<T> {
  readonly resource: ResourceType;
  readonly decode: (object: KubeObject) => T | undefined;
  readonly handler: {
    onUpsert(key: string, record: T): void;
    onDelete(key: string, previous: T): void;
  };
}

interface DataplaneView {
  readonly status?: { readonly conditions?: readonly { type: string; reason?: string; message?: string }[] };
}

/** The message of an `UnsupportedService`; else empty. */
function unsupportedOf(object: KubeObject): string {
  const conditions = (object as DataplaneView).status?.conditions ?? [];
  const found = conditions.find((c) => c.type === 'ServicesProgrammed' && c.reason === 'UnsupportedService');
  return found?.message ?? '';
}
