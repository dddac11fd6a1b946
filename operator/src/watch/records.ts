/** What is kept of each watched object: small, decoded, and nothing else. */
import type { Condition } from '@margay/crds/conditions';
import type { InstallationSpec, InstallationStatus } from '@margay/crds/installation.gen';
import type { NodeDataplaneSpec, NodeDataplaneStatus } from '@margay/crds/nodedataplane.gen';
import type { KubeObject, ObjectMeta } from '@margay/lib/objects';
import { agentName, templateHash } from '../names.ts';
import type { Affinity, PlacedDaemonSet } from '../render/kube-proxy.ts';
import { termsOf } from '../render/kube-proxy.ts';
import type { Versioned } from './table.ts';

/** What every record keeps of its object's metadata. */
export interface Identity extends Versioned {
  readonly name: string;
  readonly uid: string;
}

const emptyMeta = { name: '', uid: '', resourceVersion: '', generation: 0, labels: {}, managedFields: [] };

type Meta = ObjectMeta & Required<Pick<ObjectMeta, keyof typeof emptyMeta>>;

/** The metadata with what the API server leaves out when it is empty. */
function metaOf(object: KubeObject): Meta {
  return { ...emptyMeta, ...object.metadata };
}

function identity(meta: Meta): Identity {
  return { name: meta.name, uid: meta.uid, version: meta.resourceVersion };
}

/** The Installation; there is one. */
export interface InstallationRecord extends Identity {
  readonly generation: number;
  /** RFC 3339; absent while it is not being deleted. */
  readonly deletedAt?: string;
  readonly finalizers: readonly string[];
  readonly spec: InstallationSpec;
  readonly status: InstallationStatus;
}

/** Reads an Installation. */
export function decodeInstallation(object: KubeObject): InstallationRecord {
  const { spec, status } = object as { spec?: InstallationSpec; status?: InstallationStatus };
  const meta = metaOf(object);
  return {
    ...identity(meta),
    generation: meta.generation,
    ...(meta.deletionTimestamp === undefined ? {} : { deletedAt: meta.deletionTimestamp }),
    finalizers: meta.finalizers ?? [],
    spec: spec ?? {},
    status: status ?? {},
  };
}

/** A Node. */
export interface NodeRecord extends Identity {
  readonly labels: Readonly<Record<string, string>>;
  /** Status of the Ready condition; Unknown when the kubelet does not report, or has not yet. */
  readonly ready: 'True' | 'False' | 'Unknown';
  readonly readyMessage: string;
}

/** Reads a Node. */
export function decodeNode(object: KubeObject): NodeRecord {
  const { status } = object as { status?: { conditions?: Condition[] } };
  const meta = metaOf(object);
  const ready = status?.conditions?.find((c) => c.type === 'Ready');
  return {
    ...identity(meta),
    labels: meta.labels,
    ready: ready?.status ?? 'Unknown',
    readyMessage: ready?.message ?? '',
  };
}

/** A NodeDataplane. */
export interface DataplaneRecord extends Identity {
  readonly generation: number;
  readonly spec: NodeDataplaneSpec;
  readonly observedGeneration: number;
  readonly mode?: NonNullable<NodeDataplaneStatus['mode']>;
  readonly conditions: readonly Condition[];
  readonly kubeProxyState: string;
}

const noReport: NodeDataplaneStatus = {};

/** Reads a NodeDataplane. */
export function decodeDataplane(object: KubeObject): DataplaneRecord {
  const { spec, status = noReport } = object as { spec: NodeDataplaneSpec; status?: NodeDataplaneStatus };
  const meta = metaOf(object);
  return {
    ...identity(meta),
    generation: meta.generation,
    spec,
    observedGeneration: status.observedGeneration ?? 0,
    ...(status.mode === undefined ? {} : { mode: status.mode }),
    conditions: status.conditions ?? [],
    kubeProxyState: status.kubeProxy?.state ?? '',
  };
}

/** A pod of the agents or of kube-proxy. */
export interface PodRecord extends Identity {
  readonly node: string;
  readonly ready: boolean;
  readonly deleting: boolean;
  /** {@link templateHash}. */
  readonly template: string;
  /** Why it is not ready, in the kubelet's words. */
  readonly problem: string;
}

interface Ended {
  readonly reason?: string;
  readonly message?: string;
}

interface PodObject extends KubeObject {
  readonly spec?: { readonly nodeName?: string; readonly affinity?: Affinity };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly {
      readonly state?: { readonly waiting?: Ended; readonly terminated?: Ended };
    }[];
  };
}

/** Before it is scheduled, a DaemonSet's pod names its node by an affinity to that node's name. */
function nodeOf({ spec }: PodObject): string {
  if (spec?.nodeName !== undefined) return spec.nodeName;
  const fields = termsOf(spec?.affinity).flatMap((term) => term.matchFields ?? []);
  return fields.find((field) => field.key === 'metadata.name')?.values?.[0] ?? '';
}

function problemOf(name: string, { status }: PodObject): string {
  const state = status?.containerStatuses?.[0]?.state;
  const { reason, message }: Ended = { ...state?.terminated, ...state?.waiting };
  const words = [reason, message].filter((text) => text !== undefined && text !== '').join(': ');
  const phase = `is ${status?.phase ?? 'Pending'} and not Ready`;
  return `pod ${name} ${words === '' ? phase : `is not Ready (${words})`}`.slice(0, 300);
}

const hasEnded = (phase: string | undefined): boolean => phase === 'Succeeded' || phase === 'Failed';

/** Reads a pod; one that has ended does not count. */
export function decodePod(object: KubeObject): PodRecord | undefined {
  const pod = object as PodObject;
  if (hasEnded(pod.status?.phase)) return undefined;
  const meta = metaOf(object);
  const ready = pod.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true;
  return {
    ...identity(meta),
    node: nodeOf(pod),
    ready,
    deleting: meta.deletionTimestamp !== undefined,
    template: meta.annotations?.[templateHash] ?? '',
    problem: ready ? '' : problemOf(meta.name, pod),
  };
}

/** Reads a pod that the DaemonSet owns. */
export function decodePodOf(daemonSet: string): (object: KubeObject) => PodRecord | undefined {
  return (object) => {
    const owned = object.metadata?.ownerReferences?.some(
      (o) => o.kind === 'DaemonSet' && o.name === daemonSet,
    );
    return owned === true ? decodePod(object) : undefined;
  };
}

/** Reads a pod of the agents. */
export const decodeAgentPod = decodePodOf(agentName);

/** A DaemonSet: kube-proxy's, of which the placement matters, or the agents'. */
export interface DaemonSetRecord extends Identity {
  readonly generation: number;
  readonly deleting: boolean;
  /** Its pods are being replaced after a change of the template: a node may be without one for a moment. */
  readonly replacing: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** Who has written it, by `metadata.managedFields`. */
  readonly managers: readonly string[];
  /** As a patch needs it. */
  readonly placed: PlacedDaemonSet;
}

function placed(meta: Meta, affinity: Affinity | undefined): PlacedDaemonSet {
  const { annotations } = meta;
  return {
    metadata: {
      resourceVersion: meta.resourceVersion,
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec: { template: { spec: affinity === undefined ? {} : { affinity } } },
  };
}

interface DaemonSetStatus {
  readonly observedGeneration?: number;
  readonly desiredNumberScheduled?: number;
  readonly updatedNumberScheduled?: number;
}

function replacing({ generation }: Meta, status: DaemonSetStatus = {}): boolean {
  const { observedGeneration, desiredNumberScheduled = 0, updatedNumberScheduled = 0 } = status;
  return observedGeneration !== generation || updatedNumberScheduled < desiredNumberScheduled;
}

/** Reads a DaemonSet. */
export function decodeDaemonSet(object: KubeObject): DaemonSetRecord {
  const meta = metaOf(object);
  return {
    ...identity(meta),
    generation: meta.generation,
    deleting: meta.deletionTimestamp !== undefined,
    replacing: replacing(meta, (object as { status?: DaemonSetStatus }).status),
    labels: meta.labels,
    managers: meta.managedFields.map((field) => field.manager ?? ''),
    placed: placed(meta, (object as PlacedDaemonSet).spec?.template?.spec?.affinity),
  };
}

/** A ConfigMap in one of Margay's namespaces. */
export interface ConfigMapRecord extends Identity {
  readonly namespace: string;
  readonly created: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Who has written `data`. */
  readonly dataManagers: readonly string[];
  readonly data: Readonly<Record<string, string>>;
}

/** Reads a ConfigMap. */
export function decodeConfigMap(object: KubeObject): ConfigMapRecord {
  const { data } = object as { data?: Record<string, string> };
  const meta = metaOf(object);
  const writers = meta.managedFields.filter((f) => f.fieldsV1 !== undefined && 'f:data' in f.fieldsV1);
  return {
    ...identity(meta),
    namespace: meta.namespace ?? '',
    created: meta.creationTimestamp ?? '',
    labels: meta.labels,
    dataManagers: writers.map((f) => f.manager ?? ''),
    data: data ?? {},
  };
}

/** One EndpointSlice of the Service `kubernetes`: the API servers themselves. */
export interface ApiSliceRecord extends Identity {
  readonly addresses: readonly string[];
  readonly port: number;
}

/** Reads an EndpointSlice of the Service `kubernetes`. */
export function decodeApiSlice(object: KubeObject): ApiSliceRecord | undefined {
  const { endpoints = [], ports = [] } = object as {
    endpoints?: { addresses?: string[]; conditions?: { ready?: boolean } }[];
    ports?: { port?: number }[];
  };
  const meta = metaOf(object);
  if (meta.labels['kubernetes.io/service-name'] !== 'kubernetes') return undefined;
  const ready = endpoints.filter((e) => e.conditions?.ready !== false);
  return {
    ...identity(meta),
    addresses: ready.flatMap((e) => e.addresses ?? []),
    port: ports[0]?.port ?? 443,
  };
}
