import type { EffectiveSpec } from '@margay/crds/defaults';
import { kubeProxyLabel, servicesEndpointName, systemNamespace } from '@margay/crds/resources';
import { agentLabels, agentName, templateHash } from '../names.ts';
import { shortHash, stableJson } from './agent-config.ts';
import { agentImage } from './image.ts';
import type { NamedObject } from '@margay/lib/objects';

/** What the agents' DaemonSet is made from. */
export interface AgentInputs {
  readonly spec: EffectiveSpec;
  /** The operator's own image and version. */
  readonly operator: { readonly image: string; readonly version: string };
}

interface HostMount {
  readonly name: string;
  readonly path: string;
  readonly type: 'Directory' | 'DirectoryOrCreate' | 'FileOrCreate' | '';
  readonly at?: string;
  readonly readOnly?: boolean;
  readonly propagation?: 'Bidirectional' | 'HostToContainer';
}

/** Each path of the host that the agent needs, and no other. */
const HOST: readonly HostMount[] = [
  // A bpffs that the agent mounts must outlive its pod, hence Bidirectional.
  { name: 'bpffs', path: '/sys/fs/bpf', type: 'DirectoryOrCreate', propagation: 'Bidirectional' },
  // Not at its own path, where the container runtime mounts the pod's own cgroup.
  {
    name: 'cgroup',
    path: '/sys/fs/cgroup',
    type: 'Directory',
    at: '/host/sys/fs/cgroup',
    propagation: 'HostToContainer',
  },
  { name: 'state', path: '/var/lib/margay', type: 'DirectoryOrCreate' },
  { name: 'run', path: '/run/margay', type: 'DirectoryOrCreate' },
  { name: 'netns', path: '/run/netns', type: 'DirectoryOrCreate', propagation: 'HostToContainer' },
  { name: 'cni-conf', path: '/etc/cni/net.d', type: 'DirectoryOrCreate' },
  { name: 'cni-bin', path: '/opt/cni/bin', type: 'DirectoryOrCreate' },
  { name: 'modules', path: '/lib/modules', type: '', readOnly: true },
  { name: 'xtables-lock', path: '/run/xtables.lock', type: 'FileOrCreate' },
];

function volumes(): readonly unknown[] {
  const host = HOST.map(({ name, path, type }) => ({ name, hostPath: { path, type } }));
  return [...host, { name: 'services-endpoint', configMap: { name: servicesEndpointName, optional: true } }];
}

function mounts(): readonly unknown[] {
  const host = HOST.map(({ name, path, at, readOnly, propagation }) => ({
    name,
    mountPath: at ?? path,
    ...(readOnly === true ? { readOnly } : {}),
    ...(propagation === undefined ? {} : { mountPropagation: propagation }),
  }));
  return [...host, { name: 'services-endpoint', mountPath: '/etc/margay/services-endpoint', readOnly: true }];
}

const field = (name: string, fieldPath: string): unknown => ({
  name,
  valueFrom: { fieldRef: { fieldPath } },
});

function probe(path: string, port: number, periodSeconds: number, failureThreshold: number): unknown {
  return { httpGet: { path, port, host: '127.0.0.1' }, periodSeconds, failureThreshold, timeoutSeconds: 3 };
}

function container({ spec, operator }: AgentInputs): unknown {
  const port = spec.agent.metricsPort;
  return {
    name: 'agent',
    // The operator's own version means its own tag, whatever that is called.
    image: agentImage(
      operator.image,
      spec.images,
      spec.agentVersion === operator.version ? '' : spec.agentVersion,
    ),
    imagePullPolicy: spec.images.pullPolicy,
    args: ['run'],
    env: [
      field('NODE_NAME', 'spec.nodeName'),
      field('POD_NAME', 'metadata.name'),
      field('POD_NAMESPACE', 'metadata.namespace'),
      { name: 'MARGAY_METRICS_PORT', value: String(port) },
    ],
    ports: [{ name: 'metrics', containerPort: port, hostPort: port, protocol: 'TCP' }],
    resources: spec.agent.resources,
    // Loading programs, attaching to the node's interfaces and cgroup and mounting bpffs for others to
    // see (Bidirectional is allowed to privileged containers only).
    securityContext: { privileged: true, runAsUser: 0, runAsGroup: 0 },
    startupProbe: probe('/healthz', port, 1, 120),
    livenessProbe: probe('/healthz', port, 10, 6),
    readinessProbe: probe('/readyz', port, 2, 3),
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: mounts(),
  };
}

interface Affinity {
  readonly nodeAffinity?: {
    readonly requiredDuringSchedulingIgnoredDuringExecution?: {
      readonly nodeSelectorTerms?: readonly unknown[];
    };
  };
}

/**
 * The user's affinity, which also allows every node that has the label. The DaemonSet controller deletes the pod of a
 * node at once when its template does not allow the node, and without its agent a parked node could not go back. By
 * label, not by name: the template stays the same while nodes leave, so that no other agent is restarted for it.
 */
function withKept(user: Affinity): unknown {
  const { nodeAffinity } = user;
  const required = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  // Without a requirement every node is allowed already; another term would be the first to exclude some.
  if (required === undefined) return user;
  const kept = { matchExpressions: [{ key: kubeProxyLabel, operator: 'Exists' }] };
  const nodeSelectorTerms = [...(required.nodeSelectorTerms ?? []), kept];
  const requiredDuringSchedulingIgnoredDuringExecution = { ...required, nodeSelectorTerms };
  return { ...user, nodeAffinity: { ...nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution } };
}

/** Windows nodes and virtual kubelets have no kernel of ours to load into. */
function affinity(user: Readonly<Record<string, unknown>>): unknown {
  if (Object.keys(user).length > 0) return withKept(user);
  const matchExpressions = [{ key: 'type', operator: 'NotIn', values: ['virtual-kubelet'] }];
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] },
    },
  };
}

function podSpec(inputs: AgentInputs): unknown {
  const { spec } = inputs;
  return {
    serviceAccountName: agentName,
    hostNetwork: true,
    dnsPolicy: 'Default',
    priorityClassName: 'system-node-critical',
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: spec.agent.tolerations,
    affinity: affinity(spec.agent.affinity),
    imagePullSecrets: spec.images.pullSecrets,
    terminationGracePeriodSeconds: 10,
    containers: [container(inputs)],
    volumes: volumes(),
  };
}

/** The agents' DaemonSet and the hash of its template, by which an outdated pod is told. */
export function agentDaemonSet(inputs: AgentInputs): {
  readonly manifest: NamedObject;
  readonly hash: string;
} {
  const spec = podSpec(inputs);
  const hash = shortHash(stableJson(spec));
  const manifest = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: agentName, namespace: systemNamespace, labels: agentLabels },
    spec: {
      selector: { matchLabels: { 'app.kubernetes.io/name': agentName } },
      // The rollout engine chooses order and pace, not the DaemonSet controller.
      updateStrategy: { type: 'OnDelete' },
      template: {
        metadata: { labels: agentLabels, annotations: { [templateHash]: hash } },
        spec,
      },
    },
  };
  return { manifest, hash };
}
