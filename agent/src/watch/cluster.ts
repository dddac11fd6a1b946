/** Everything that the agent watches, as small records, and whether the first lists are complete. */
import { nodeDataplanes, servicesEndpointName, systemNamespace } from '@margay/crds/resources';
import type { KubeClient } from '@margay/lib/kube-client';
import { ListWatch } from '@margay/lib/list-watch';
import type { ListWatchOptions, ListWatchStats } from '@margay/lib/list-watch';
import type { Logger } from '@margay/lib/log';
import type { KubeObject } from '@margay/lib/objects';
import { configMaps, endpointSlices, nodes, pods, services } from '@margay/lib/resources';
import type { HostPort, NodeRecord, PodRecord, ServiceRecord, SliceRecord } from '../calc/records.ts';
import { decodeNode } from './decode-node.ts';
import type { OrderRecord } from './decode-order.ts';
import { decodeData, decodeOrder } from './decode-order.ts';
import { decodePod } from './decode-pod.ts';
import { decodeService } from './decode-service.ts';
import { decodeSlice } from './decode-slice.ts';

/** Told of each change; records are undefined when the object is gone. */
export interface ClusterListener {
  service(key: string, record: ServiceRecord | undefined): void;
  slice(key: string, record: SliceRecord | undefined): void;
  node(name: string, record: NodeRecord | undefined): void;
  pod(key: string, record: PodRecord | undefined): void;
  order(record: OrderRecord | undefined): void;
  /** The `data` of ConfigMap kubernetes-services-endpoint. */
  endpoints(data: Readonly<Record<string, string>> | undefined): void;
  /** One of the first lists became complete. */
  listed(): void;
}

/** What {@link ClusterWatch} needs. */
export interface ClusterWatchOptions {
  readonly client: KubeClient;
  readonly nodeName: string;
  readonly listener: ClusterListener;
  readonly log: Logger;
}

type Watched<T> = Pick<
  ListWatchOptions<T>,
  'resource' | 'namespace' | 'fieldSelector' | 'labelSelector' | 'decode'
> & {
  /** A change that leaves the record as it was is told to nobody: kubelets write their Nodes all the time. */
  readonly skipSame?: boolean;
};

/** Headless Services' slices and those of other proxies matter to nobody here. */
const SERVED = '!service.kubernetes.io/service-proxy-name,!service.kubernetes.io/headless';

/** See the file comment. */
export class ClusterWatch {
  readonly services: ListWatch<ServiceRecord>;
  readonly slices: ListWatch<SliceRecord>;
  readonly nodes: ListWatch<NodeRecord>;
  readonly pods: ListWatch<PodRecord>;
  readonly orders: ListWatch<OrderRecord>;
  readonly #endpoints: ListWatch<Readonly<Record<string, string>>>;
  readonly #options: ClusterWatchOptions;
  #complete = 0;
  #ordersListed = false;

  constructor(options: ClusterWatchOptions) {
    this.#options = options;
    const { nodeName, listener } = options;
    const counted = (): void => {
      this.#complete++;
      listener.listed();
    };
    this.services = this.#watch(
      { resource: services, labelSelector: SERVED, decode: decodeService },
      listener.service.bind(listener),
      counted,
    );
    const slice = (object: KubeObject): SliceRecord | undefined => decodeSlice(object, nodeName);
    this.slices = this.#watch(
      { resource: endpointSlices, labelSelector: SERVED, decode: slice },
      listener.slice.bind(listener),
      counted,
    );
    this.nodes = this.#watch(
      { resource: nodes, decode: decodeNode, skipSame: true },
      listener.node.bind(listener),
      counted,
    );
    this.pods = this.#watch(
      { resource: pods, fieldSelector: `spec.nodeName=${nodeName}`, decode: decodePod, skipSame: true },
      listener.pod.bind(listener),
      counted,
    );
    this.orders = this.#watch(
      { resource: nodeDataplanes, fieldSelector: `metadata.name=${nodeName}`, decode: decodeOrder },
      (_, record) => listener.order(record),
      () => {
        this.#ordersListed = true;
        listener.listed();
      },
    );
    this.#endpoints = this.#watch(
      {
        resource: configMaps,
        namespace: systemNamespace,
        fieldSelector: `metadata.name=${servicesEndpointName}`,
        decode: decodeData,
      },
      (_, record) => listener.endpoints(record),
      () => listener.listed(),
    );
  }

  /** Services, EndpointSlices, Nodes and pods are known. */
  get complete(): boolean {
    return this.#complete >= 4;
  }

  /** It is known whether there is an order. */
  get orderKnown(): boolean {
    return this.#ordersListed;
  }

  /** Runs until the signal aborts. Rejects with what a listener threw. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#all().map(([, watch]) => watch.run(signal)));
  }

  /** Ports that pods of this node ask for. */
  hostPorts(): readonly HostPort[] {
    return [...this.pods.entries()].flatMap(([, { hostPorts }]) => hostPorts);
  }

  /** Counters by resource; for metrics. */
  stats(): readonly (readonly [string, ListWatchStats, number])[] {
    return this.#all().map(([name, watch]) => [name, watch.stats, watch.size]);
  }

  #all(): [string, { stats: ListWatchStats; size: number; run(signal: AbortSignal): Promise<void> }][] {
    return [
      ['services', this.services],
      ['endpointslices', this.slices],
      ['nodes', this.nodes],
      ['pods', this.pods],
      ['nodedataplanes', this.orders],
      ['configmaps', this.#endpoints],
    ];
  }

  #watch<T>(
    { skipSame = false, ...what }: Watched<T>,
    tell: (key: string, record: T | undefined) => void,
    onFirst: () => void,
  ): ListWatch<T> {
    const watch = new ListWatch<T>({
      ...what,
      client: this.#options.client,
      log: this.#options.log,
      handler: {
        onUpsert: (key, record, previous) => {
          if (skipSame && JSON.stringify(record) === JSON.stringify(previous)) return;
          tell(key, record);
        },
        onDelete: (key) => tell(key, undefined),
      },
    });
    // Rejected only when the watch is stopped before its first list.
    void watch.synced.then(onFirst, () => undefined);
    return watch;
  }
}
