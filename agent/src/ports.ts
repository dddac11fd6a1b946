/**
 * Where the agent's core meets the node: what the node's parts (fabric, kube-proxy, CNI, pods'
 * interfaces) offer to the core, and what the core offers them. Types only. Addresses and CIDRs are
 * canonical text (`10.244.1.5`, `fd00::5`, `10.244.1.0/24`); ports are numbers in host order.
 */

/** One address of a pod of this node and the interface behind it. */
export interface LocalEndpoint {
  readonly ip: string;
  /** Host side of the veth. */
  readonly ifindex: number;
  readonly hostIfname: string;
  /** 0-65535; another value whenever the address is given to another pod. */
  readonly generation: number;
  /** Use the veth's queueing (bandwidth annotations, foreign qdisc): never redirect_peer. */
  readonly noPeer: boolean;
}

/**
 * The core's side of local endpoints. Both calls resolve when the kernel has it: hooks attached and
 * map entries written (or, before any order of mode BPF, remembered for later). They reject with an
 * error whose `retryable` says whether CNI may answer "try again later".
 */
export interface EndpointSink {
  put(endpoint: LocalEndpoint): Promise<void>;
  remove(endpoint: LocalEndpoint): Promise<void>;
}

/** Which pods' interfaces this node has: from the CNI plugin at once, from netlink at start and on changes. */
export interface LocalEndpoints {
  /** Resolves after everything that existed at the call has been handed to the sink. */
  start(sink: EndpointSink): Promise<void>;
  current(): readonly LocalEndpoint[];
  close(): Promise<void>;
}

/** The socket that margay-cni talks to; feeds {@link LocalEndpoints}. */
export interface CniServer {
  listen(socketPath: string): Promise<void>;
  close(): Promise<void>;
}

export interface CniSettings {
  /** As ordered; `Auto` was decided by the operator before it reaches a node. */
  readonly mode: 'Margay' | 'Chained' | 'None';
  /** Of this node, all families; empty until the Node has them. */
  readonly podCidrs: readonly string[];
  /** 0: that of the node's main interface. */
  readonly mtu: number;
}

/** The node's CNI configuration and plugin binaries. Idempotent. */
export interface CniSetup {
  /** Called only when pods may start: the dataplane of the ordered mode is in place. */
  apply(settings: CniSettings): Promise<void>;
  /** Takes back what apply did (`cleanup`; a chained configuration gets its original back). */
  remove(): Promise<void>;
  /** For a fabric that stays when Margay goes (`onDelete.fabric: Keep`): pods start without asking an agent. */
  leaveFabric(settings: CniSettings): Promise<void>;
}

/** Traffic to one pod CIDR of another node. Produced by calc/node-routes. */
export interface PeerRoute {
  readonly cidr: string;
  /** That node's InternalIP of the same family. */
  readonly nextHop: string;
  readonly node: string;
}

export interface FabricSettings {
  readonly peers: readonly PeerRoute[];
  /** This node's pod CIDRs. */
  readonly localPodCidrs: readonly string[];
  /** Pod CIDRs of the whole cluster, this node's included; destinations that are never masqueraded. */
  readonly clusterCidrs: readonly string[];
  /** Addresses of the cluster's nodes. */
  readonly nodeAddresses: readonly string[];
  readonly encapsulation: 'None' | 'VXLANCrossSubnet' | 'VXLAN';
  readonly natOutgoing: boolean;
  /** CIDRs outside the cluster that pods reach with their own address. */
  readonly excludeFromNat: readonly string[];
  readonly mtu: number;
  /** Bit number: packets with this mark bit were handled by eBPF. */
  readonly markBit: number;
}

/** Routes, sysctls and the table `inet margay`, in both modes. Idempotent; repairs drift when called again. */
export interface Fabric {
  /** Resolves to human sentences about what had to be set or could not be (name what and where). */
  apply(settings: FabricSettings): Promise<readonly string[]>;
  /** A switch begins: installs table `margay-handover` (both families) unless it is there. */
  installHandover(): Promise<void>;
  /** Drops `margay-handover` once no NATed kernel entry older than the switch is left; true when it is gone. */
  finishHandover(): Promise<boolean>;
  /** True while kernel conntrack holds NATed flows of a Service: programs must ask it on a miss. */
  natFlowsLeft(): Promise<boolean>;
  /** Removes routes and tables of ours (`cleanup`). */
  remove(): Promise<void>;
}

/** One address, port and protocol that kube-proxy must serve. */
export interface FrontendRef {
  /** `namespace/name:port` for messages. */
  readonly name: string;
  /** Absent for a NodePort. */
  readonly address?: string;
  readonly port: number;
  /** IPPROTO_*: 6, 17 or 132. */
  readonly protocol: number;
  readonly family: 4 | 6;
  /** False: a rule that refuses or drops counts as programmed. */
  readonly hasEndpoints: boolean;
}

export interface KubeProxyProgrammed {
  readonly ok: boolean;
  /** Which rules were found. */
  readonly mode: 'iptables' | 'nftables' | 'none';
  /** Seconds since the epoch of kube-proxy's last complete sync; absent when it does not say. */
  readonly lastSync?: number;
  /** At most ten names of frontends without a rule. */
  readonly missing: readonly string[];
  readonly missingCount: number;
}

/** What the kernel shows of kube-proxy's rules. Cheap enough for once a second with 10,000 Services. */
export interface KubeProxyProbe {
  /** Programmed: each frontend has its rule and lastSync is later than podStart (seconds since the epoch). */
  programmed(frontends: readonly FrontendRef[], podStart: number): Promise<KubeProxyProgrammed>;
}

export interface LeftoverReport {
  readonly removedChains: number;
  readonly removedTables: readonly string[];
  /** Chains that others still reference, `table/chain <- who`. */
  readonly kept: readonly string[];
}

/** kube-proxy's rules after its pod is gone. Idempotent. The caller has installed the handover table. */
export interface Leftovers {
  remove(): Promise<LeftoverReport>;
}
