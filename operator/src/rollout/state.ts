import type { ClusterFacts, NodeFacts } from './facts.ts';

/**
 * Where a node is between kube-proxy and eBPF. A state is read off the facts afresh each time and
 * never stored, so that a new leader sees what the old one saw.
 */
export const NODE_STATES = [
  'Excluded',
  'New',
  'Standard',
  'Enabling',
  'Beside',
  'Parking',
  'BPF',
  'Confirming',
  'Lost',
  'Blocked',
  'Unsupported',
  'Returning',
  'Draining',
] as const;

/** One of {@link NODE_STATES}. */
export type NodeState = (typeof NODE_STATES)[number];

/** What each state means, for the reference page. */
export const STATE_MEANING: Readonly<Record<NodeState, string>> = {
  Excluded: 'not a Linux node with a kubelet of its own, or left out by `spec.agent.affinity`; not touched',
  New: 'has no order yet; kube-proxy serves',
  Standard: 'ordered Standard; kube-proxy serves',
  Enabling: 'ordered BPF; kube-proxy serves until the agent has shown that it can',
  Beside: 'the agent has shown everything; kube-proxy still runs beside it',
  Parking: 'labelled parked; the kube-proxy pod, or what it left in the kernel, is not gone yet',
  BPF: 'eBPF serves; kube-proxy is parked, absent, or left alone by choice',
  Confirming: 'parked; the agent has not yet spoken about the present order, or its pod is not up',
  Lost: 'parked, but the agent says that it cannot serve everything',
  Blocked: 'ordered BPF, not parked: a Service or hostPort needs kube-proxy',
  Unsupported: 'ordered BPF; the kernel cannot, and kube-proxy keeps the node',
  Returning: 'wanted Standard, no longer parked; kube-proxy has not yet been shown to serve',
  Draining: 'ordered Standard; the agent still serves flows that it began',
};

/** The agent has shown all that parking asks for. */
export function serves(node: NodeFacts): boolean {
  const { supported, apiServerDirect, services } = node.shown;
  return supported.truth === 'True' && apiServerDirect.truth === 'True' && services.truth === 'True';
}

/** The agent has shown, about this very order, that it cannot serve. */
function refuses(node: NodeFacts): boolean {
  return node.shown.services.truth === 'False' || node.shown.supported.truth === 'False';
}

function parkedState(node: NodeFacts): NodeState {
  if (refuses(node)) return 'Lost';
  if (!serves(node) || !node.agent.up) return 'Confirming';
  return node.kubeProxyPod || node.shown.kubeProxyLeft === true ? 'Parking' : 'BPF';
}

function unparkedState(node: NodeFacts, cluster: ClusterFacts): NodeState {
  if (node.wanted === 'Standard') return 'Returning';
  if (node.shown.supported.truth === 'False') return 'Unsupported';
  if (node.shown.services.truth === 'False' && node.shown.services.reason === 'UnsupportedService') {
    return 'Blocked';
  }
  if (!serves(node)) return 'Enabling';
  return cluster.kubeProxy === 'Absent' || cluster.kubeProxy === 'Disabled' ? 'BPF' : 'Beside';
}

/** Reads a node's state off its facts. */
export function nodeState(node: NodeFacts, cluster: ClusterFacts): NodeState {
  if (node.excluded !== '') return 'Excluded';
  if (node.order === undefined) return 'New';
  if (node.order.mode === 'Standard') {
    return node.shown.mode === undefined || node.shown.mode === 'Standard' ? 'Standard' : 'Draining';
  }
  return node.parked ? parkedState(node) : unparkedState(node, cluster);
}
