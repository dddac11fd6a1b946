/** What the native addon offers of rtnetlink and ctnetlink, as types. Addresses are text, ports host order. */

export interface Link {
  readonly index: number;
  readonly name: string;
  /** `veth`, `vxlan`, `bond`, `vlan`, `bridge`...; empty for a physical device. */
  readonly kind: string;
  readonly mtu: number;
  readonly mac: string;
  readonly up: boolean;
  /** Index of the bridge or bond that owns it, else 0. */
  readonly master: number;
  /** IFLA_LINK: a veth's peer, a VLAN's parent; else 0. */
  readonly parent: number;
  /** True when IFLA_LINK_NETNSID is there: the peer lives in another namespace. */
  readonly peerElsewhere: boolean;
}

export interface Address {
  readonly ifindex: number;
  readonly family: 4 | 6;
  readonly address: string;
  readonly prefix: number;
  readonly scope: number;
}

export interface Route {
  readonly family: 4 | 6;
  /** `10.244.1.0/24`; the default route is `0.0.0.0/0` or `::/0`. */
  readonly destination: string;
  readonly gateway?: string;
  readonly ifindex: number;
  readonly source?: string;
  readonly table: number;
  /** RTPROT_*; Margay's own routes use 80. */
  readonly protocol: number;
  /** RT_SCOPE_* */
  readonly scope: number;
  readonly metric: number;
}

export interface ConntrackTuple {
  readonly family: 4 | 6;
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

export interface ConntrackEntry {
  readonly original: ConntrackTuple;
  readonly reply: ConntrackTuple;
  /** IPS_* bits of linux/netfilter/nf_conntrack_common.h */
  readonly status: number;
  /** Seconds left. */
  readonly timeout: number;
}

/** A connected UDP socket, and whom it is connected to. */
export interface ConnectedSocket {
  /** SO_COOKIE */
  readonly cookie: bigint;
  /** Of the address; an IPv6 socket may speak IPv4. */
  readonly family: 4 | 6;
  readonly address: string;
  readonly port: number;
}

/** Something changed; the subscriber lists again what it cares about. */
export type NetlinkChange = 'link' | 'address' | 'route';

export interface Netlink {
  links(): Promise<readonly Link[]>;
  addresses(): Promise<readonly Address[]>;
  routes(family: 4 | 6): Promise<readonly Route[]>;
  replaceRoute(route: Route): Promise<void>;
  /** false when there was none. */
  deleteRoute(route: Route): Promise<boolean>;
  watch(onChange: (change: NetlinkChange) => void): { close(): void };
  /** Kernel conntrack entries; natOnly keeps those with IPS_SRC_NAT or IPS_DST_NAT. */
  conntrack(options: { readonly natOnly: boolean }): Promise<readonly ConntrackEntry[]>;
  /** Absent entries are skipped. Resolves to how many were deleted. */
  deleteConntrack(tuples: readonly ConntrackTuple[]): Promise<number>;
  /**
   * Ends UDP sockets of this network namespace (SOCK_DESTROY): their owners' next call fails with ECONNABORTED. One that
   * is gone or connected to somebody else is skipped. Resolves to how many were ended; rejects with EOPNOTSUPP where the
   * kernel has no CONFIG_INET_DIAG_DESTROY.
   */
  destroyUdpSockets(sockets: readonly ConnectedSocket[]): Promise<number>;
}
