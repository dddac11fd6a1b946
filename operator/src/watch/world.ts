import { nodeDataplanes, operatorNamespace, systemNamespace } from '@margay/crds/resources';
import type { KubeObject } from '@margay/lib/objects';
import type { ResourceType } from '@margay/lib/resources';
import { configMaps, daemonSets, endpointSlices, nodes, pods } from '@margay/lib/resources';
import { agentName } from '../names.ts';
import type {
  ApiSliceRecord,
  ConfigMapRecord,
  DaemonSetRecord,
  DataplaneRecord,
  InstallationRecord,
  NodeRecord,
  PodRecord,
} from './records.ts';
import {
  decodeAgentPod,
  decodeApiSlice,
  decodeConfigMap,
  decodeDaemonSet,
  decodeDataplane,
  decodeNode,
  decodePodOf,
} from './records.ts';
import type { Versioned } from './table.ts';
import { Table } from './table.ts';

/** One watch: what to ask for, how to read it, and where the records go. */
export interface Feed {
  readonly resource: ResourceType;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly decode: (object: KubeObject) => Versioned | undefined;
  readonly table: Pick<Table<Versioned>, 'put' | 'remove'>;
}

/** Where kube-proxy's DaemonSet is. */
export interface KubeProxyPlace {
  readonly namespace: string;
  readonly name: string;
}

type FeedOf<T extends Versioned> = Omit<Feed, 'decode' | 'table'> & {
  readonly decode: (object: KubeObject) => T | undefined;
  readonly table: Table<T>;
};

function feed<T extends Versioned>(of: FeedOf<T>): Feed {
  const { table, ...rest } = of;
  // The decoder beside it makes records of this table only.
  const put = (key: string, record: Versioned): void => table.put(key, record as T);
  return { ...rest, table: { put, remove: (key) => table.remove(key) } };
}

/** Everything that the operator knows of the cluster. */
export class World {
  readonly installations: Table<InstallationRecord>;
  readonly nodes: Table<NodeRecord>;
  readonly dataplanes: Table<DataplaneRecord>;
  readonly agentPods: Table<PodRecord>;
  readonly kubeProxyPods: Table<PodRecord>;
  /** kube-proxy's DaemonSet alone. */
  readonly kubeProxy: Table<DaemonSetRecord>;
  /** The agents' DaemonSet alone. */
  readonly agents: Table<DaemonSetRecord>;
  /** ConfigMaps of both of Margay's namespaces, by `namespace/name`. */
  readonly configMaps: Table<ConfigMapRecord>;
  readonly apiSlices: Table<ApiSliceRecord>;

  /** @param changed called with kind and key of each record that came, changed or went */
  constructor(changed: (kind: keyof World, key: string) => void) {
    const tell = (kind: keyof World) => (key: string) => changed(kind, key);
    this.installations = new Table(tell('installations'));
    this.nodes = new Table(tell('nodes'));
    this.dataplanes = new Table(tell('dataplanes'));
    this.agentPods = new Table(tell('agentPods'));
    this.kubeProxyPods = new Table(tell('kubeProxyPods'));
    this.kubeProxy = new Table(tell('kubeProxy'));
    this.agents = new Table(tell('agents'));
    this.configMaps = new Table(tell('configMaps'));
    this.apiSlices = new Table(tell('apiSlices'));
  }

  /** What is watched as long as the operator leads, beside the Installation. */
  feeds(): readonly Feed[] {
    const byName = (name: string): string => `metadata.name=${name}`;
    const own = `app.kubernetes.io/name=${agentName}`;
    const maps = { resource: configMaps, decode: decodeConfigMap, table: this.configMaps };
    return [
      feed({ resource: nodes, decode: decodeNode, table: this.nodes }),
      feed({ resource: nodeDataplanes, decode: decodeDataplane, table: this.dataplanes }),
      feed({
        resource: pods,
        namespace: systemNamespace,
        labelSelector: own,
        decode: decodeAgentPod,
        table: this.agentPods,
      }),
      feed({
        resource: daemonSets,
        namespace: systemNamespace,
        fieldSelector: byName(agentName),
        decode: decodeDaemonSet,
        table: this.agents,
      }),
      feed({ ...maps, namespace: systemNamespace }),
      feed({ ...maps, namespace: operatorNamespace }),
      feed({
        resource: endpointSlices,
        namespace: 'default',
        labelSelector: 'kubernetes.io/service-name=kubernetes',
        decode: decodeApiSlice,
        table: this.apiSlices,
      }),
    ];
  }

  /** What is watched of kube-proxy, wherever it is. */
  kubeProxyFeeds(place: KubeProxyPlace): readonly Feed[] {
    return [
      feed({
        resource: daemonSets,
        namespace: place.namespace,
        fieldSelector: `metadata.name=${place.name}`,
        decode: decodeDaemonSet,
        table: this.kubeProxy,
      }),
      feed({
        resource: pods,
        namespace: place.namespace,
        decode: decodePodOf(place.name),
        table: this.kubeProxyPods,
      }),
    ];
  }
}
