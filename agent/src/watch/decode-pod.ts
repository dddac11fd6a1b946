/** From a pod of this node to the record that the agent keeps. */
import type { KubeObject } from '@margay/lib/objects';
import { keyOf } from '@margay/lib/watch-store';
import { formatAddress, parseAddress } from '../calc/ip.ts';
import type { HostPort, PodRecord } from '../calc/records.ts';
import { isPort, protocolOf } from './decode-service.ts';

interface ContainerPort {
  readonly containerPort?: number;
  readonly hostPort?: number;
  readonly hostIP?: string;
  readonly protocol?: string;
}

interface ContainerStatus {
  readonly state?: { readonly running?: { readonly startedAt?: string } };
}

interface Pod extends KubeObject {
  readonly spec?: {
    readonly hostNetwork?: boolean;
    readonly containers?: readonly { readonly ports?: readonly ContainerPort[] }[];
    readonly initContainers?: readonly { readonly ports?: readonly ContainerPort[] }[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly podIPs?: readonly { readonly ip?: string }[];
  };
}

function hostAddress(text: string | undefined): string {
  const bytes = parseAddress(text ?? '');
  return bytes === undefined || bytes.every((byte) => byte === 0) ? '' : formatAddress(bytes);
}

function hostPort(pod: Pod, { hostPort: port, containerPort, hostIP, protocol }: ContainerPort): HostPort[] {
  const number = protocolOf(protocol);
  if (!isPort(port) || !isPort(containerPort) || number === undefined) return [];
  const addresses = (pod.status?.podIPs ?? []).flatMap(({ ip }) => {
    const bytes = parseAddress(ip ?? '');
    return bytes === undefined ? [] : [formatAddress(bytes)];
  });
  return [{ pod: keyOf(pod), addresses, containerPort, hostIP: hostAddress(hostIP), protocol: number, port }];
}

function isFinished({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/** A pod on the host's network listens itself; a finished one holds no port any more. */
function hostPorts(pod: Pod): readonly HostPort[] {
  if (pod.spec?.hostNetwork === true || isFinished(pod)) return [];
  const { containers = [], initContainers = [] } = pod.spec ?? {};
  return [...containers, ...initContainers]
    .flatMap(({ ports }) => ports ?? [])
    .flatMap((port) => hostPort(pod, port));
}

function daemonSetOf({ metadata }: KubeObject): string {
  const owner = metadata?.ownerReferences?.find(({ kind }) => kind === 'DaemonSet');
  return owner === undefined ? '' : `${metadata?.namespace ?? ''}/${owner.name}`;
}

function startOf({ status }: Pod): number {
  const starts = (status?.containerStatuses ?? []).map(({ state }) =>
    Date.parse(state?.running?.startedAt ?? ''),
  );
  return starts.length === 0 || starts.some(Number.isNaN) ? 0 : Math.max(...starts);
}

/** Undefined for a pod without hostPorts that is no DaemonSet's. */
export function decodePod(object: KubeObject): PodRecord | undefined {
  const ports = hostPorts(object);
  const daemonSet = daemonSetOf(object);
  if (ports.length === 0 && daemonSet === '') return undefined;
  return { key: keyOf(object), hostPorts: ports, daemonSet, started: startOf(object) };
}
