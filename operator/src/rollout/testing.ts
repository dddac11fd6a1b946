import type { ClusterFacts, Evidence, NodeFacts, ShownFacts } from './facts.ts';
import { NO_EVIDENCE } from './facts.ts';

/** Evidence that is True, for tests. */
export const SHOWN: Evidence = { truth: 'True', reason: 'Shown', message: '' };

/** Evidence that is False with a reason, for tests. */
export function denied(reason: string, message: string): Evidence {
  return { truth: 'False', reason, message };
}

/** What an agent without any report has shown. */
export const SILENT: ShownFacts = {
  fresh: false,
  supported: NO_EVIDENCE,
  apiServerDirect: NO_EVIDENCE,
  services: NO_EVIDENCE,
  kubeProxy: NO_EVIDENCE,
};

/** An agent that serves. */
export const SERVING: ShownFacts = {
  mode: 'BPF',
  fresh: true,
  supported: SHOWN,
  apiServerDirect: SHOWN,
  services: SHOWN,
  kubeProxy: NO_EVIDENCE,
};

/** A node on kube-proxy with an agent that is up, and what a test changes of it. */
export function node(name: string, changed: Partial<NodeFacts> = {}): NodeFacts {
  return {
    name,
    wanted: 'BPF',
    excluded: '',
    leaving: '',
    ready: true,
    reachable: true,
    parked: false,
    kept: false,
    kubeProxyPod: true,
    agent: { up: true, outdated: false, problem: '' },
    order: { mode: 'Standard', current: true },
    shown: SILENT,
    ...changed,
  };
}

/** A node on eBPF, kube-proxy parked. */
export function parked(name: string, changed: Partial<NodeFacts> = {}): NodeFacts {
  const on: Partial<NodeFacts> = {
    parked: true,
    kubeProxyPod: false,
    order: { mode: 'BPF', current: true },
    shown: SERVING,
  };
  return node(name, { ...on, ...changed });
}

/** A cluster whose kube-proxy is ours to place, one node at a time. */
export const CLUSTER: ClusterFacts = {
  kubeProxy: 'Managed',
  kubeProxyWhy: '',
  allowed: 1,
  paused: false,
  onFailure: 'Pause',
};
