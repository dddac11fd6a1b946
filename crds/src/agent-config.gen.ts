// Generated from crds/schemas/agent-config.yaml by tools/codegen/crd-types.ts: edit that, then `make codegen`.

/**
 * Every setting that an agent works by, with all defaults resolved.
 */
export interface AgentConfig {
  /**
   * Raised when an older agent must not use a newer file.
   */
  formatVersion: 1;
  /**
   * How replies to clients outside travel.
   */
  externalServiceMode: 'Tunnel' | 'DSR';
  /**
   * Clients that never get DSR.
   */
  dsrOptoutCIDRs: string[];
  /**
   * Whether connect() is rewritten.
   */
  connectTimeLoadBalancing: 'TCP' | 'Disabled';
  /**
   * Destinations that are never translated.
   */
  excludeCIDRsFromNAT: string[];
  /**
   * Networks of NodePort addresses; empty: all.
   */
  nodePortAddresses: string[];
  /**
   * The kube-proxy that may be parked.
   */
  kubeProxy: {
    /**
     * The DaemonSet's namespace.
     */
    namespace: string;
    /**
     * The DaemonSet's name.
     */
    name: string;
    /**
     * Whether Margay parks it.
     */
    management: 'Enabled' | 'Disabled';
    /**
     * Whether the agent removes its leftover rules.
     */
    iptablesCleanup: boolean;
  };
  /**
   * How pods are connected.
   */
  network: {
    /**
     * Who connects pods; never Auto.
     */
    cni: 'Margay' | 'Chained' | 'None';
    /**
     * Between nodes; None unless cni is Margay.
     */
    encapsulation: 'None' | 'VXLANCrossSubnet' | 'VXLAN';
    /**
     * Source NAT towards the outside; false unless cni is Margay.
     */
    natOutgoing: boolean;
    /**
     * Bytes; 0: find it.
     */
    mtu: number;
    /**
     * Pod networks beside spec.podCIDRs of all Nodes, which are always counted in.
     */
    podCIDRs: string[];
  };
  /**
   * What holds for every pod beside the policies.
   */
  policy: {
    /**
     * For packets from a pod to its node.
     */
    endpointToHostAction: 'Accept' | 'Drop' | 'Return';
    /**
     * How source addresses are checked.
     */
    reversePathCheck: 'Strict' | 'Loose' | 'Disabled';
  };
  /**
   * Sizes and times.
   */
  bpf: {
    /**
     * Entries a family.
     */
    conntrackEntries: number;
    /**
     * Frontends a family.
     */
    serviceEntries: number;
    /**
     * The bit that says already handled.
     */
    markBit: number;
    /**
     * Milliseconds.
     */
    drainTimeoutMs: number;
    /**
     * Milliseconds without packets after which a flow is forgotten.
     */
    timeoutsMs: {
      /**
       * TCP before its handshake is complete.
       */
      tcpSyn: number;
      /**
       * TCP after its handshake.
       */
      tcpEstablished: number;
      /**
       * TCP after both FINs.
       */
      tcpClosing: number;
      /**
       * TCP after a RST.
       */
      tcpReset: number;
      /**
       * UDP without an answer.
       */
      udp: number;
      /**
       * UDP with an answer.
       */
      udpStream: number;
      /**
       * ICMP echo.
       */
      icmp: number;
      /**
       * Every other protocol.
       */
      generic: number;
    };
  };
  /**
   * What the agent logs.
   */
  logLevel: 'Error' | 'Warn' | 'Info' | 'Debug';
  /**
   * What the programs trace.
   */
  bpfLogLevel: 'Disabled' | 'Info' | 'Debug';
  /**
   * Port of health and metrics.
   */
  metricsPort: number;
}
