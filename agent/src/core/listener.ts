/** Takes each change of the cluster to those whom it concerns. */
import type { Logger } from '@margay/lib/log';
import type { NodeRecord, PodRecord, ServiceRecord, SliceRecord } from '../calc/records.ts';
import type { UnsupportedTracker } from '../calc/unsupported-tracker.ts';
import type { Dataplane } from '../dataplane/dataplane.ts';
import type { StatusWriter } from '../status/writer.ts';
import type { ClusterListener } from '../watch/cluster.ts';
import type { OrderRecord } from '../watch/decode-order.ts';
import type { ApiAccess } from './api.ts';
import type { FabricKeeper } from './fabric-keeper.ts';
import type { HealthPorts } from './health-ports.ts';
import type { KubeProxyView } from './kube-proxy-view.ts';
import type { NodeWorld } from './node-world.ts';
import type { OrderKeeper } from './order-keeper.ts';

/** Whom changes concern. */
export interface Concerned {
  readonly nodeName: string;
  readonly log: Logger;
  readonly dataplane: Dataplane;
  readonly tracker: UnsupportedTracker;
  readonly kubeProxy: KubeProxyView;
  readonly healthPorts: HealthPorts;
  readonly fabric: FabricKeeper;
  readonly orders: OrderKeeper;
  readonly status: StatusWriter;
  readonly api: ApiAccess;
  readonly world: () => NodeWorld;
  /** Addresses of pods and nodes bear on what an interface is for. */
  readonly refreshInterfaces: () => void;
  /** The own Node says which address families there are. */
  readonly familiesChanged: () => void;
  /** Something that the state machine decides from may have changed. */
  readonly ask: () => void;
}

/** See the file comment. */
export class Listener implements ClusterListener {
  readonly #to: Concerned;
  #uid = '';
  #generation = 0;

  constructor(to: Concerned) {
    this.#to = to;
  }

  service(key: string, record: ServiceRecord | undefined): void {
    this.#report(`Service ${key}`, record);
    if (this.#to.tracker.setService(key, record)) this.#to.ask();
    this.#to.healthPorts.setService(key, record?.traits.healthCheckNodePort);
    this.#to.dataplane.changed(({ services }) => services.setService(key, record));
  }

  slice(key: string, record: SliceRecord | undefined): void {
    this.#report(`EndpointSlice ${key}`, record);
    this.#to.dataplane.changed(({ services }) => services.setSlice(key, record));
  }

  node(name: string, record: NodeRecord | undefined): void {
    this.#report(`Node ${name}`, record);
    this.#to.fabric.setNode(name, record);
    this.#to.dataplane.changed(({ routes }) => routes.setNode(name, record));
    if (name === this.#to.nodeName) this.#ownNode(record);
  }

  pod(key: string, record: PodRecord | undefined): void {
    this.#to.tracker.setPod(key, record);
    this.#to.kubeProxy.setPod(key, record);
    this.#to.dataplane.changed(({ services }) => services.setHostPorts(this.#to.world().hostPorts()));
    this.#to.ask();
  }

  order(record: OrderRecord | undefined): void {
    this.#to.status.observed(record?.status, { changed: record?.uid !== this.#uid });
    this.#uid = record?.uid ?? '';
    if (record !== undefined && record.order.generation !== this.#generation) {
      this.#generation = record.order.generation;
      this.#to.kubeProxy.newOrder();
      this.#to.log.info('order', { ...record.order });
      this.#to.orders.set(record.order);
    }
    this.#to.ask();
  }

  endpoints(data: Readonly<Record<string, string>> | undefined): void {
    this.#to.api.told(data);
    this.#to.ask();
  }

  listed(): void {
    this.#to.ask();
  }

  #ownNode(record: NodeRecord | undefined): void {
    this.#to.kubeProxy.setNode(record);
    this.#to.dataplane.changed(({ services }) => services.setNode(this.#to.world().nodeFacts()));
    this.#to.familiesChanged();
    this.#to.refreshInterfaces();
    this.#to.ask();
  }

  #report(object: string, record: { readonly problems: readonly string[] } | undefined): void {
    for (const reason of record?.problems ?? []) this.#to.log.warn('left out', { object, reason });
  }
}
