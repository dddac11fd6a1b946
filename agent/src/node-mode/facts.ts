/** What the node's state machine decides from, and what it can decide. Data only. */
import type { Finding, NodeConditionType } from '@margay/crds/conditions';
import type { Family } from '../calc/ip.ts';
import type { Unsupported } from '../calc/unsupported.ts';

/** The operator's order, as NodeDataplane has it. */
export interface Order {
  readonly generation: number;
  readonly mode: 'BPF' | 'Standard';
  readonly configName: string;
}

/** The settings that the order names. */
export type ConfigFacts =
  | { readonly state: 'Loading' }
  | { readonly state: 'Unusable'; readonly message: string }
  | {
      readonly state: 'Ready';
      readonly name: string;
      readonly kubeProxyManaged: boolean;
      readonly removeLeftovers: boolean;
    };

/** What the kernel can do; each found by trying. */
export type FeatureFacts =
  | { readonly state: 'Unknown' }
  | { readonly state: 'Failed'; readonly message: string }
  /** missing: what is needed and absent, in words; foreign: what else is on the node and cannot be beside us. */
  | { readonly state: 'Known'; readonly missing: readonly string[]; readonly foreign?: Foreign };

/** Somebody else's work in the kernel that rules ours out; the message says how to mend it. */
export interface Foreign {
  readonly reason: 'ForeignDataplane' | 'KubeProxyIPVS';
  readonly message: string;
}

/** Why eBPF cannot serve this node, in words; none while that is not known. */
export function hindrances(features: FeatureFacts): readonly string[] {
  if (features.state !== 'Known') return [];
  return features.foreign === undefined ? features.missing : [features.foreign.message, ...features.missing];
}

/** The agent's own connection to the API server. */
export interface ApiFacts {
  /** `10.0.0.10:6443`; absent before any answered. */
  readonly endpoint?: string;
  /** Not through the `kubernetes` Service. */
  readonly direct: boolean;
}

/** What is loaded and attached. */
export interface KernelFacts {
  /** Of the pinned state: Absent when nothing is pinned. */
  readonly mode: 'Absent' | 'Pass' | 'Active' | 'Draining';
  /** The configuration by whose settings this agent has loaded and attached; absent: not by this process yet. */
  readonly loadedFor?: string;
  /** The address families that were loaded then, as one. */
  readonly families?: readonly Family[];
  /** {@link ModeInputs.nodeAddress} at that time. */
  readonly nodeAddress?: string;
  /** The last attempt failed so. */
  readonly problem?: { readonly reason: string; readonly message: string };
  /** Everything that was wanted has been written and read back. */
  readonly verified: boolean;
  /** `map services4 is full (65536 of 65536)...`; absent while all fits. */
  readonly shortage?: string;
  readonly frontends: number;
  /** While draining: flows that only eBPF can translate, and for how long it has been so. Absent: not counted yet. */
  readonly drain?: { readonly flows: number; readonly sinceMs: number };
}

/** kube-proxy on this node. */
export interface KubeProxyFacts {
  /** The Node has the label that keeps it away. */
  readonly labelled: boolean;
  /** Its pod is on the node, running or not. */
  readonly pod: boolean;
  /** The kernel's rules, looked at since the order came; absent: not yet. */
  readonly rules?: {
    readonly ok: boolean;
    readonly missingCount: number;
    readonly missing: readonly string[];
    /** Milliseconds since the look. */
    readonly age: number;
    /** Why the look itself failed. */
    readonly error?: string;
  };
  /** Its leftovers are gone since its pod went. */
  readonly leftoversRemoved: boolean;
}

/** All that is known. Durations and ages in milliseconds. */
export interface ModeInputs {
  /** Absent: never seen one, not even on disk. */
  readonly order?: Order;
  readonly config: ConfigFacts;
  /** How long a drain waits for flows, by the last settings that could be read. */
  readonly drainTimeoutMs: number;
  /** The first lists of Services, EndpointSlices, Nodes and pods are complete. */
  readonly listsComplete: boolean;
  readonly features: FeatureFacts;
  /** What this node has to serve, by its Node; empty: not known. */
  readonly families: readonly Family[];
  /** Of each of them this node's address, which packets that it translates come from; absent: not known. */
  readonly nodeAddress?: string;
  readonly api: ApiFacts;
  readonly kernel: KernelFacts;
  /** The first five, and how many there are. */
  readonly unsupported: { readonly count: number; readonly first: readonly Unsupported[] };
  readonly kubeProxy: KubeProxyFacts;
}

/** By this process, with the settings of that configuration, for every family and address that the node has. */
export function isLoaded({ kernel, families, nodeAddress }: ModeInputs, configName: string): boolean {
  // A Node that is gone or has no address yet says nothing.
  const same = families.length === 0 || families.join() === kernel.families?.join();
  const there = families.length === 0 || nodeAddress === kernel.nodeAddress;
  return kernel.loadedFor === configName && same && there;
}

/** The next thing to do; one at a time. */
export type Action =
  /** Find out what the kernel can do. */
  | 'Probe'
  /** Load programs, fill maps, verify, attach; the mode stays what it is. */
  | 'Load'
  /** One write: every hook makes flows. */
  | 'Activate'
  /** One write: no hook makes flows any more. */
  | 'Drain'
  /** Detach everything and remove the pins. */
  | 'Detach'
  /** Look at kube-proxy's rules. */
  | 'LookAtKubeProxy'
  /** Install the handover table and remove kube-proxy's rules. */
  | 'RemoveLeftovers';

/** How far a node is; of NodeDataplane.status. */
export type ShownMode = 'Standard' | 'Enabling' | 'BPF' | 'Draining';

/** What the status shall say. */
export interface StatusDraft {
  readonly mode: ShownMode;
  /** Empty when the node is in its wanted mode. */
  readonly reason: string;
  readonly message: string;
  readonly findings: readonly Finding<NodeConditionType>[];
  readonly kubeProxy: 'Running' | 'Parked' | 'Absent' | 'Unmanaged';
  /** Present while draining. */
  readonly drainFlows?: number;
}

/** What follows from the inputs. */
export interface Decision {
  readonly action?: Action;
  /** Decide again after so many milliseconds even if nothing changes. */
  readonly again?: number;
  /** Absent without an order: then nothing is said. */
  readonly status?: StatusDraft;
}
