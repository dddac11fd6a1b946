// Generated from crds/schemas/installation.yaml by tools/codegen/crd-types.ts: edit that, then `make codegen`.
import type {ObjectMeta} from '@margay/lib/objects';

/**
 * What you want Margay to be on this cluster. There is one, named default; an empty spec is a good installation.
 */
export interface Installation {
  apiVersion?: string;
  kind?: string;
  metadata?: ObjectMeta;
  /**
   * What you want. Margay never writes here; what it made of it is in status.computed.
   */
  spec: {
    /**
     * Whether Services and policy come from eBPF. False: nodes run in Standard mode, with kube-proxy for Services and the same fabric. Default: true. Change: rolls nodes one after the other, without cutting connections.
     */
    bpfEnabled?: boolean;
    /**
     * Labels of the nodes that bpfEnabled is for; the others run in Standard mode. Empty means every node. Default: {}. Change: rolls nodes whose mode changes.
     */
    bpfNodeSelector?: {
      /**
       * Labels that a node must have, with these values.
       */
      matchLabels?: {
        [k: string]: string;
      };
      /**
       * Requirements on a node's labels, all of which must hold.
       */
      matchExpressions?: {
        /**
         * The label's key.
         */
        key: string;
        /**
         * How the label is compared with the values.
         */
        operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
        /**
         * Values for In and NotIn.
         */
        values?: string[];
      }[];
    };
    /**
     * Enabled: Margay parks kube-proxy on each node that it has taken over, and brings it back. Disabled: Margay never touches kube-proxy and says in status.kubeProxy what is left for you to do. Default: Enabled. Change: live.
     */
    kubeProxyManagement?: 'Enabled' | 'Disabled';
    /**
     * Where kube-proxy's DaemonSet is. Change: refused while kube-proxy is parked on any node.
     */
    kubeProxy?: {
      /**
       * Namespace of the DaemonSet. Default: kube-system. Change: refused while kube-proxy is parked on any node.
       */
      namespace?: string;
      /**
       * Name of the DaemonSet. Default: kube-proxy. Change: refused while kube-proxy is parked on any node.
       */
      name?: string;
    };
    /**
     * How the reply to a client outside the cluster travels when the backend is on another node. Tunnel: back through the node that the client asked. DSR: straight from the backend's node; the network between must accept that. Default: Tunnel. Change: rolls nodes.
     */
    bpfExternalServiceMode?: 'Tunnel' | 'DSR';
    /**
     * Clients in these networks get their replies by Tunnel although bpfExternalServiceMode is DSR; without DSR it has no effect. Default: []. Change: rolls nodes.
     */
    bpfDSROptoutCIDRs?: string[];
    /**
     * TCP: a connection to a Service is rewritten once, when the application connects. Disabled: every Service is balanced packet by packet, for programs that look at the addresses of their own sockets (such as some service meshes). Default: TCP. Change: rolls nodes.
     */
    bpfConnectTimeLoadBalancing?: 'TCP' | 'Disabled';
    /**
     * Packets to these networks are left as they are: not translated to a Service's backend, and not given the node's address where natOutgoing is Enabled. Default: []. Change: rolls nodes.
     */
    bpfExcludeCIDRsFromNAT?: string[];
    /**
     * Whether the agent removes the rules that kube-proxy leaves behind on a node where it is parked. Default: true. Change: live.
     */
    bpfKubeProxyIptablesCleanupEnabled?: boolean;
    /**
     * What the programs in the kernel write to the trace pipe. Info and Debug cost speed. Default: Disabled. Change: rolls nodes.
     */
    bpfLogLevel?: 'Disabled' | 'Info' | 'Debug';
    /**
     * Networks that a node's address must be in to serve NodePorts. A family of which none is named: every address of the node, as with kube-proxy. Default: []. Change: rolls nodes.
     */
    nodePortAddresses?: string[];
    /**
     * How pods are connected.
     */
    network?: {
      /**
       * Who connects pods. Margay: its own plugin and routes, on nodes without a CNI. Chained: after the plugin that is there. None: no CNI file is touched. Auto: decided once for the cluster by what the nodes have, and kept; see status.computed.network.cni. Default: Auto. Change: refused while it contradicts status.computed.network.cni.
       */
      cni?: 'Auto' | 'Margay' | 'Chained' | 'None';
      /**
       * Margay's own fabric; only where network.cni is Auto or Margay.
       */
      margay?: {
        /**
         * How packets between pods of different nodes travel. None: by plain routes. VXLANCrossSubnet: in VXLAN only where the nodes do not share a subnet. VXLAN: always. Default: VXLANCrossSubnet. Change: rolls nodes.
         */
        encapsulation?: 'None' | 'VXLANCrossSubnet' | 'VXLAN';
        /**
         * Whether packets from pods to addresses outside the cluster leave with the node's address. Default: Enabled. Change: rolls nodes.
         */
        natOutgoing?: 'Enabled' | 'Disabled';
        /**
         * MTU of pods' interfaces, in bytes. 0: that of the node's interface, less what the encapsulation needs. Default: 0. Change: live for new pods.
         */
        mtu?: number;
      };
    };
    /**
     * What holds for every pod beside the policies.
     */
    policy?: {
      /**
       * What becomes of a packet from a pod to its own node that policy allows. Accept: it passes. Drop: it does not. Return: the node's own firewall decides. Default: Accept. Change: rolls nodes.
       */
      endpointToHostAction?: 'Accept' | 'Drop' | 'Return';
      /**
       * Whether a packet must come from where its source address is routed to. Strict: by that interface. Loose: by some route. A pod's own source address is always checked. Default: Loose. Change: rolls nodes.
       */
      reversePathCheck?: 'Strict' | 'Loose' | 'Disabled';
    };
    /**
     * In which order and how fast nodes change their mode, settings or version.
     */
    nodeUpdateStrategy?: {
      /**
       * How many nodes change first; the others follow when these are healthy. A number or a percentage of all nodes, rounded up. Default: 1. Change: live.
       */
      canaries?: number | string;
      /**
       * Labels of the nodes that may be canaries. Empty means any. Default: {}. Change: live.
       */
      canarySelector?: {
        /**
         * Labels that a node must have, with these values.
         */
        matchLabels?: {
          [k: string]: string;
        };
        /**
         * Requirements on a node's labels, all of which must hold.
         */
        matchExpressions?: {
          /**
           * The label's key.
           */
          key: string;
          /**
           * How the label is compared with the values.
           */
          operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
          /**
           * Values for In and NotIn.
           */
          values?: string[];
        }[];
      };
      /**
       * How many nodes change at a time after the canaries. A number or a percentage of all nodes, rounded down, at least one. Default: 10%. Change: live.
       */
      maxUnavailable?: number | string;
      /**
       * How long the canaries, and then each wave, must stay healthy before the next wave starts. Default: 30s. Change: live.
       */
      soak?: string;
      /**
       * What happens when a node does not become healthy. Pause: no other node is changed, and Degraded names the node. Default: Pause. Change: live.
       */
      onFailure?: 'Pause';
      /**
       * True holds the rollout where it is. From true to false tries failed nodes again. Default: false. Change: live.
       */
      paused?: boolean;
    };
    /**
     * Version of the agents: empty for the operator's own, or the previous one to roll back. Others are refused, with the allowed ones in the condition Degraded. Default: the operator's. Change: rolls nodes.
     */
    agentVersion?: string;
    /**
     * Sizes and times of the eBPF dataplane.
     */
    bpf?: {
      /**
       * Entries of the conntrack map of each family; a connection takes two. Default: 512000. Change: rolls nodes; a map that is there keeps its size until the node has been back on kube-proxy (bpfEnabled: false).
       */
      conntrackEntries?: number;
      /**
       * Entries of the map of frontends: one for each address and port of each Service. Default: 65536. Change: rolls nodes; a map that is there keeps its size until the node has been back on kube-proxy (bpfEnabled: false).
       */
      serviceEntries?: number;
      /**
       * The bit of the packet mark that says: Margay has handled this packet. It must be nobody else's; the AWS VPC CNI uses bit 7, and Istio the mark 0x539 (bits 0, 3, 4, 5, 8, 10). Default: 31. Change: rolls nodes.
       */
      markBit?: number;
      /**
       * How long a node that leaves eBPF mode goes on serving connections that the kernel's own NAT cannot take over. Default: 10m. Change: live.
       */
      drainTimeout?: string;
      /**
       * After how long a connection without packets is forgotten.
       */
      timeouts?: {
        /**
         * TCP whose handshake is not complete. Default: 20s. Change: live.
         */
        tcpSyn?: string;
        /**
         * TCP after its handshake. Default: 1h. Change: live.
         */
        tcpEstablished?: string;
        /**
         * TCP after a FIN from both sides. Default: 40s. Change: live.
         */
        tcpClosing?: string;
        /**
         * TCP after a RST. Default: 10s. Change: live.
         */
        tcpReset?: string;
        /**
         * UDP that was not answered. Default: 30s. Change: live.
         */
        udp?: string;
        /**
         * UDP that was answered. Default: 2m. Change: live.
         */
        udpStream?: string;
        /**
         * ICMP echo. Default: 10s. Change: live.
         */
        icmp?: string;
        /**
         * Every other protocol. Default: 10m. Change: live.
         */
        generic?: string;
      };
    };
    /**
     * Where the agents' image comes from. The operator's is in its Deployment.
     */
    images?: {
      /**
       * Host and port of the registry. Empty: the operator's own. Default: the operator's. Change: rolls nodes.
       */
      registry?: string;
      /**
       * Path of the repositories below the registry, such as mirror/margay. Empty: the operator's own. Default: the operator's. Change: rolls nodes.
       */
      path?: string;
      /**
       * When nodes ask the registry. Default: IfNotPresent. Change: rolls nodes.
       */
      pullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
      /**
       * Secrets in the namespace margay-system. Default: []. Change: rolls nodes.
       */
      pullSecrets?: {
        /**
         * The Secret's name.
         */
        name: string;
      }[];
      /**
       * Digests that are used instead of tags. Default: {}. Change: rolls nodes.
       */
      digests?: {
        /**
         * Digest of the agent's image. Default: none. Change: rolls nodes.
         */
        agent?: string;
      };
    };
    /**
     * The agents' pods.
     */
    agent?: {
      /**
       * Resources of the agent's container. Default: requests of 50m CPU and 128Mi, no limits. Change: rolls nodes.
       */
      resources?: {
        /**
         * Amounts by resource name.
         */
        requests?: {
          [k: string]: number | string;
        };
        /**
         * Amounts by resource name.
         */
        limits?: {
          [k: string]: number | string;
        };
      };
      /**
       * Tolerations of the agents' pods. Default: everything is tolerated. Change: rolls nodes.
       */
      tolerations?: {
        /**
         * The taint's key; empty for all.
         */
        key?: string;
        /**
         * How the taint's value is compared.
         */
        operator?: 'Exists' | 'Equal';
        /**
         * The taint's value.
         */
        value?: string;
        /**
         * The taint's effect; absent for all.
         */
        effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
        /**
         * For NoExecute
         */
        tolerationSeconds?: number;
      }[];
      /**
       * Affinity of the agents' pods, as in a pod's spec. A node that it no longer allows goes back to kube-proxy before its agent goes, and is counted as excluded then. Default: {}. Change: rolls nodes.
       */
      affinity?: {
        [k: string]: unknown;
      };
      /**
       * What the agents log. Default: Info. Change: rolls nodes.
       */
      logLevel?: 'Error' | 'Warn' | 'Info' | 'Debug';
      /**
       * Port of the agent's health and metrics on each node. Default: 9091. Change: rolls nodes.
       */
      metricsPort?: number;
    };
    /**
     * What happens when this object is deleted.
     */
    onDelete?: {
      /**
       * Where Margay connects the pods. Keep: routes and the CNI file stay, so that pods keep their network. Remove: they go too. Default: Keep. Change: live.
       */
      fabric?: 'Keep' | 'Remove';
      /**
       * After how long deletion goes on without nodes that do not answer; they are named in an Event. Default: 10m. Change: live.
       */
      timeout?: string;
    };
  };
  /**
   * What is. Written by the operator.
   */
  status?: {
    /**
     * metadata.generation that this status is about.
     */
    observedGeneration?: number;
    /**
     * Ready: every node is in its wanted mode or excused. Available: every node's Services are served by someone. Progressing: some node is not in its wanted mode. Degraded: a person is needed.
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
     * The spec with every default and every finding filled in.
     */
    computed?: {
      network?: {
        /**
         * What Auto was decided to be, or what the spec says.
         */
        cni?: string;
        [k: string]: unknown;
      };
      [k: string]: unknown;
    };
    /**
     * Two short texts for kubectl get.
     */
    summary?: {
      /**
       * Such as 3/5: nodes on eBPF, of all.
       */
      nodes?: string;
      /**
       * Such as Rolling (n4).
       */
      rollout?: string;
    };
    /**
     * Nodes by state. Each node is counted once, under the first of these that fits.
     */
    nodes?: {
      /**
       * All of them.
       */
      total?: number;
      /**
       * The Node is not Ready.
       */
      notReady?: number;
      /**
       * On the way to the wanted mode.
       */
      changing?: number;
      /**
       * Did not reach the wanted mode in time.
       */
      failed?: number;
      /**
       * Cannot run eBPF; keeps kube-proxy.
       */
      unsupported?: number;
      /**
       * Not ours: virtual or Windows nodes, or excluded by affinity.
       */
      excluded?: number;
      /**
       * Services come from eBPF.
       */
      bpf?: number;
      /**
       * Services come from kube-proxy.
       */
      standard?: number;
    };
    /**
     * The change of nodes that is going on.
     */
    rollout?: {
      /**
       * The mode that nodes are brought to.
       */
      target?: 'BPF' | 'Standard';
      /**
       * What the rollout does.
       */
      phase?: 'Idle' | 'Canary' | 'Rolling' | 'Soaking' | 'Paused' | 'Complete';
      /**
       * The configuration that nodes are brought to.
       */
      configRef?: {
        /**
         * ConfigMap in margay-system.
         */
        name: string;
      };
      /**
       * Nodes being changed now, at most ten.
       */
      changing?: string[];
      /**
       * Nodes whose turn has not come.
       */
      waiting?: {
        /**
         * How many.
         */
        count?: number;
        /**
         * The next ones, at most ten.
         */
        first?: string[];
      };
      /**
       * Nodes that did not reach the wanted mode in time, at most ten.
       */
      failed?: string[];
    };
    /**
     * Where nodes reach the API server without kube-proxy.
     */
    apiServer?: {
      /**
       * Each host:port or [v6]:port.
       */
      endpoints?: string[];
      /**
       * Where they were found.
       */
      source?: 'ConfigMap' | 'KubeProxyConfig' | 'ClusterInfo' | 'EndpointSlice';
    };
    /**
     * kube-proxy on this cluster.
     */
    kubeProxy?: {
      /**
       * Whether it runs.
       */
      state?: 'Running' | 'PartlyParked' | 'Parked' | 'Absent' | 'Unmanaged' | 'Contested' | 'Unknown';
      /**
       * On which nodes and why.
       */
      message?: string;
    };
  };
}

/** {@link Installation}.spec */
export type InstallationSpec = Installation['spec'];

/** {@link Installation}.status */
export type InstallationStatus = NonNullable<Installation['status']>;
