import type { Installation } from '@margay/crds/installation.gen';
import type { NodeDataplane } from '@margay/crds/nodedataplane.gen';
import type { Lab } from '../../lab/lab.ts';

// What the API server shows, read as the administrator.

/** A condition as every object has it. */
export interface ConditionView {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly observedGeneration?: number;
}

/** The parts of any object that scenarios look at. */
export interface ObjectView {
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly generation?: number;
    readonly resourceVersion?: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
  };
}

/** A pod. */
export interface PodView extends ObjectView {
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly phase: string;
    readonly podIP?: string;
    readonly conditions?: readonly ConditionView[];
    readonly containerStatuses?: readonly { readonly restartCount: number }[];
  };
}

/** A Service. */
export interface ServiceView extends ObjectView {
  readonly spec: {
    readonly clusterIP: string;
    readonly clusterIPs: readonly string[];
    readonly ports: readonly {
      readonly protocol: string;
      readonly port: number;
      readonly nodePort?: number;
    }[];
  };
}

/** Reads one object. */
export async function get<T>(lab: Lab, args: readonly string[]): Promise<T> {
  return JSON.parse(await lab.kubectl(['get', ...args, '-o', 'json'])) as T;
}

/** Reads a list. */
export async function list<T>(lab: Lab, args: readonly string[]): Promise<readonly T[]> {
  return (await get<{ items: T[] }>(lab, args)).items;
}

/** The Installation. */
export async function installation(lab: Lab): Promise<Installation & ObjectView> {
  return get(lab, ['installation', 'default']);
}

/** Every node's dataplane, by name. */
export async function dataplanes(lab: Lab): Promise<ReadonlyMap<string, NodeDataplane>> {
  const items = await list<NodeDataplane & ObjectView>(lab, ['nodedataplanes']);
  return new Map(items.map((item) => [item.metadata.name, item]));
}

/** Pods of kube-proxy that are not being deleted. */
export async function kubeProxyPods(lab: Lab): Promise<readonly PodView[]> {
  const pods = await list<PodView>(lab, ['pods', '-n', 'kube-system', '-l', 'k8s-app=kube-proxy']);
  return pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
}

/** A condition by type; undefined when it is absent or about an earlier generation. */
export function condition(
  of: {
    metadata?: { generation?: number };
    status?: { conditions?: readonly ConditionView[] };
  },
  type: string,
): ConditionView | undefined {
  const found = of.status?.conditions?.find((c) => c.type === type);
  return found?.observedGeneration === of.metadata?.generation ? found : undefined;
}
