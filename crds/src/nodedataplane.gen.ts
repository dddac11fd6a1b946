// Generated from crds/schemas/nodedataplane.yaml by tools/codegen/crd-types.ts: edit that, then `make codegen`.
import type {ObjectMeta} from '@margay/lib/objects';

/**
 * One node's dataplane, named like the Node: the spec is the operator's order, the status the evidence that the node's own agent gives. Nothing here is for people to edit.
 */
export interface NodeDataplane {
  apiVersion?: string;
  kind?: string;
  metadata?: ObjectMeta;
  /**
   * The order. Written by the operator.
   */
  spec: {
    /**
     * BPF: Services come from eBPF. Standard: from kube-proxy. Change: live.
     */
    mode: 'BPF' | 'Standard';
    /**
     * The agent's settings. Change is live where a setting allows it.
     */
    configRef: {
      /**
       * An immutable ConfigMap in the namespace margay-system.
       */
      name: string;
    };
  };
  /**
   * The evidence. Written by the node's agent only.
   */
  status?: {
    /**
     * metadata.generation that this status is about.
     */
    observedGeneration?: number;
    /**
     * What the node does. Enabling and Draining: on the way to BPF and to Standard.
     */
    mode?: 'Standard' | 'Enabling' | 'BPF' | 'Draining';
    /**
     * Why the node is not in its wanted mode; empty when it is.
     */
    reason?: string;
    /**
     * The reason in words: what, where, and what to do.
     */
    message?: string;
    /**
     * The settings in use.
     */
    configRef?: {
      /**
       * ConfigMap in margay-system.
       */
      name: string;
    };
    /**
     * Supported, ApiServerDirect, ServicesProgrammed, PolicyProgrammed, KubeProxyProgrammed. Unknown before there is evidence.
     */
    conditions?: {
      /**
       * What the condition is about.
       */
      type: string;
      /**
       * Whether it holds.
       */
      status: 'True' | 'False' | 'Unknown';
      /**
       * metadata.generation that it was found for; it counts for no other.
       */
      observedGeneration?: number;
      /**
       * When status last changed.
       */
      lastTransitionTime: string;
      /**
       * One word for machines.
       */
      reason: string;
      /**
       * What, where, and what to do.
       */
      message: string;
    }[];
    /**
     * Release of the running kernel; for people only.
     */
    kernel?: string;
    /**
     * What the kernel can do, each found by trying.
     */
    features?: {
      [k: string]: boolean;
    };
    /**
     * What a node on the way to Standard still waits for.
     */
    drain?: {
      /**
       * Connections that only eBPF can translate.
       */
      flows?: number;
    };
    /**
     * kube-proxy on this node.
     */
    kubeProxy?: {
      /**
       * Whether it runs; Running also while rules of it are still to be removed.
       */
      state?: 'Running' | 'Parked' | 'Absent' | 'Unmanaged';
      /**
       * Rules of kube-proxy that stay because others refer to them, at most ten.
       */
      leftovers?: string[];
    };
    /**
     * What runs on the node.
     */
    versions?: {
      /**
       * Version of the agent.
       */
      agent?: string;
      /**
       * Version of the layout of the pinned maps.
       */
      layout?: number;
    };
  };
}

/** {@link NodeDataplane}.spec */
export type NodeDataplaneSpec = NodeDataplane['spec'];

/** {@link NodeDataplane}.status */
export type NodeDataplaneStatus = NonNullable<NodeDataplane['status']>;
