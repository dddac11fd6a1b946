/** What a node is asked to run. */
export type Mode = 'BPF' | 'Standard';

/** What an agent says it runs: the two modes and the ways between them. */
export type ShownMode = 'Standard' | 'Enabling' | 'BPF' | 'Draining';

/** The agent's word on one thing. `Unknown` also stands for a word about an older order. */
export interface Evidence {
  readonly truth: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

/** No word yet. */
export const NO_EVIDENCE: Evidence = Object.freeze({ truth: 'Unknown', reason: '', message: '' });

/** The agent's pod on a node. */
export interface AgentFacts {
  /** The pod is Ready and of the wanted template. */
  readonly up: boolean;
  /** The pod runs, but of an older template. */
  readonly outdated: boolean;
  /** Why it is not up, in the kubelet's words; empty when it is. */
  readonly problem: string;
}

/** What the agent has shown. Conditions of an older generation are given as `Unknown`. */
export interface ShownFacts {
  /** The reported mode, whatever order it was reported for; absent before the first report. */
  readonly mode?: ShownMode;
  /** The report is about the present order. */
  readonly fresh: boolean;
  readonly supported: Evidence;
  readonly apiServerDirect: Evidence;
  readonly services: Evidence;
  readonly kubeProxy: Evidence;
  /** The agent still sees kube-proxy, or rules of it that are to go. */
  readonly kubeProxyLeft?: boolean;
}

/** All that the rollout knows of one node. */
export interface NodeFacts {
  readonly name: string;
  readonly wanted: Mode;
  /** Why this node is none of ours (Windows, virtual, left out by the agents' affinity); empty when it is. */
  readonly excluded: string;
  /** Why it will be none of ours, once it is back on kube-proxy; empty when it stays. */
  readonly leaving: string;
  /** The node's own Ready condition is True. */
  readonly ready: boolean;
  /** Its kubelet still reports (a node without a network is reachable, a dead one is not). */
  readonly reachable: boolean;
  /** It carries the label that keeps kube-proxy away. */
  readonly parked: boolean;
  /** It carries the label that keeps its agent there, with kube-proxy. */
  readonly kept: boolean;
  /** A pod of kube-proxy's DaemonSet is on it. */
  readonly kubeProxyPod: boolean;
  readonly agent: AgentFacts;
  /** The order in force; `current` when it names the wanted configuration. */
  readonly order?: { readonly mode: Mode; readonly current: boolean };
  readonly shown: ShownFacts;
}

/**
 * How far kube-proxy is ours to place. `Managed`: its node affinity is in our hands. `Absent`: there
 * is none. `Disabled`: the user said hands off. `Refused`: another tool owns it.
 */
export type KubeProxyPlacement = 'Managed' | 'Absent' | 'Disabled' | 'Refused';

/** What concerns every node. */
export interface ClusterFacts {
  readonly kubeProxy: KubeProxyPlacement;
  /** Why kube-proxy is refused, for the words of a waiting node. */
  readonly kubeProxyWhy: string;
  /** Nodes that may be between two states at once; at least 1. */
  readonly allowed: number;
  /** The user holds the rollout. */
  readonly paused: boolean;
  /** What a failed node does to those not begun. */
  readonly onFailure: 'Pause' | 'Continue';
}
