/** From a Node to the record that the calculators read. */
import type { KubeObject } from '@margay/lib/objects';
import { formatAddress, formatCidr, parseAddress, parseCidr } from '../calc/ip.ts';
import type { NodeRecord } from '../calc/records.ts';

interface Node extends KubeObject {
  readonly spec?: {
    readonly podCIDR?: string;
    readonly podCIDRs?: readonly string[];
    readonly taints?: readonly { readonly key: string }[];
  };
  readonly status?: { readonly addresses?: readonly { readonly type: string; readonly address: string }[] };
}

function podCidrs({ spec }: Node, problems: string[]): readonly string[] {
  const texts = spec?.podCIDRs ?? (spec?.podCIDR === undefined ? [] : [spec.podCIDR]);
  return texts.flatMap((text) => {
    const cidr = parseCidr(text);
    if (cidr === undefined) problems.push(`spec.podCIDRs: ${text} is no CIDR`);
    return cidr === undefined ? [] : [formatCidr(cidr)];
  });
}

function addresses({ status }: Node, type: string, problems: string[]): readonly string[] {
  return (status?.addresses ?? []).flatMap((one) => {
    if (one.type !== type) return [];
    const bytes = parseAddress(one.address);
    if (bytes === undefined) problems.push(`status.addresses: ${type} ${one.address} is no address`);
    return bytes === undefined ? [] : [formatAddress(bytes)];
  });
}

/** Set by the cluster autoscaler before it removes a node. */
const TO_BE_DELETED = 'ToBeDeletedByClusterAutoscaler';

function isLeaving({ metadata, spec }: Node): boolean {
  return (
    metadata?.deletionTimestamp !== undefined || (spec?.taints ?? []).some(({ key }) => key === TO_BE_DELETED)
  );
}

/** Never undefined: every Node may have pods. */
export function decodeNode(object: KubeObject): NodeRecord {
  const node = object as Node;
  const { name = '', creationTimestamp = '', labels = {} } = object.metadata ?? {};
  const problems: string[] = [];
  return {
    name,
    created: Date.parse(creationTimestamp) || 0,
    podCidrs: podCidrs(node, problems),
    internalIPs: addresses(node, 'InternalIP', problems),
    externalIPs: addresses(node, 'ExternalIP', problems),
    zone: labels['topology.kubernetes.io/zone'] ?? '',
    kubeProxyParked: labels['margay.io/kube-proxy'] === 'parked',
    leaving: isLeaving(node),
    problems,
  };
}
