/**
 * The routes calculator of one family: Nodes and this node's own addresses in, contents of the map
 * `routes` and the kernel routes to other nodes out. Incremental by Node.
 */
import type { PeerRoute } from '../ports.ts';
import type { Cidr, Family } from './ip.ts';
import { contains, formatCidr, parseAddress, parseCidr } from './ip.ts';
import type { NodeRecord, Problem } from './records.ts';

/** Kinds of {@link RouteEntry}, best first where one prefix is several things. */
export const KINDS = ['LocalHost', 'RemoteHost', 'LocalPods', 'RemotePods', 'NoSnat'] as const;

/** What a prefix is: `enum mg_route_kind`. */
export type RouteKindName = (typeof KINDS)[number];

/** One entry of the map. */
export interface RouteEntry {
  /** Canonical text; the entry's identity. */
  readonly cidr: string;
  readonly kind: RouteKindName;
  /** Empty: ask the kernel's FIB. */
  readonly nextHop: string;
  /** 0: ask the kernel's FIB. */
  readonly ifindex: number;
}

/** An address of this node. */
export interface LocalAddress {
  readonly address: string;
  readonly prefix: number;
  readonly ifindex: number;
}

/** What beside Nodes makes routes. */
export interface LocalFacts {
  readonly addresses: readonly LocalAddress[];
  /** Pod networks that are no Node's spec.podCIDRs. */
  readonly podCidrs: readonly string[];
  readonly excludeFromNat: readonly string[];
  /**
   * Margay built the fabric: pods are where Node.spec.podCIDRs say, and a node is the next hop to its pods. Under
   * another CNI only the kernel's FIB knows.
   */
  readonly ownFabric: boolean;
}

/** Changes since the last flush. */
export interface RoutesDelta {
  readonly upserts: readonly RouteEntry[];
  readonly removes: readonly string[];
  readonly problems: readonly Problem[];
}

interface Claim extends RouteEntry {
  readonly source: string;
  readonly created: number;
}

interface Subnet {
  readonly cidr: Cidr;
  readonly ifindex: number;
}

const LOCAL = '';

function better(a: Claim, b: Claim): number {
  const order = KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.created - b.created;
  return order || (a.source < b.source ? -1 : Number(a.source > b.source));
}

function same(a: RouteEntry | undefined, b: RouteEntry | undefined): boolean {
  return a?.kind === b?.kind && a?.nextHop === b?.nextHop && a?.ifindex === b?.ifindex;
}

/** See the file comment. */
export class RouteCalculator {
  readonly #family: Family;
  readonly #nodeName: string;
  readonly #nodes = new Map<string, NodeRecord>();
  readonly #claimsOf = new Map<string, readonly Claim[]>();
  readonly #byCidr = new Map<string, readonly Claim[]>();
  readonly #written = new Map<string, RouteEntry>();
  readonly #touched = new Set<string>();
  #subnets: readonly Subnet[] = [];
  #ownFabric = true;
  #problems: Problem[] = [];

  constructor(family: Family, nodeName: string) {
    this.#family = family;
    this.#nodeName = nodeName;
  }

  /** A Node is there (or, undefined, gone). */
  setNode(name: string, record: NodeRecord | undefined): void {
    if (record === undefined) this.#nodes.delete(name);
    else this.#nodes.set(name, record);
    this.#claim(name, record === undefined ? [] : this.#ofNode(record));
  }

  /** This node's addresses or settings: touches every Node, for next hops depend on them. */
  setLocal(facts: LocalFacts): void {
    this.#ownFabric = facts.ownFabric;
    this.#subnets = facts.addresses.flatMap(({ address, prefix, ifindex }) => {
      const cidr = parseCidr(`${address}/${prefix}`);
      const alone = cidr?.prefix === (this.#family === 4 ? 32 : 128);
      return cidr?.family === this.#family && !alone ? [{ cidr, ifindex }] : [];
    });
    const plain = (kind: RouteKindName, texts: readonly string[]): Claim[] =>
      texts.flatMap((text) => this.#entry(text, kind, { source: LOCAL, created: 0 }));
    this.#claim(LOCAL, [
      ...plain(
        'LocalHost',
        facts.addresses.map(({ address }) => address),
      ),
      ...plain('RemotePods', facts.podCidrs),
      ...plain('NoSnat', facts.excludeFromNat),
    ]);
    for (const [name, record] of this.#nodes) this.#claim(name, this.#ofNode(record));
  }

  /** What changed since the last call. */
  flush(): RoutesDelta {
    const upserts: RouteEntry[] = [];
    const removes: string[] = [];
    for (const cidr of this.#touched) {
      const wanted = this.#byCidr.get(cidr)?.[0];
      if (same(this.#written.get(cidr), wanted)) continue;
      if (wanted === undefined) {
        this.#written.delete(cidr);
        removes.push(cidr);
      } else {
        const { kind, nextHop, ifindex } = wanted;
        const entry = { cidr, kind, nextHop, ifindex };
        this.#written.set(cidr, entry);
        upserts.push(entry);
      }
    }
    this.#touched.clear();
    const problems = this.#problems;
    this.#problems = [];
    return { upserts, removes, problems };
  }

  /** All entries after the deltas so far. */
  entries(): Iterable<RouteEntry> {
    return this.#written.values();
  }

  /** Routes that the kernel needs to reach the other nodes' pods. */
  peers(): readonly PeerRoute[] {
    return [...this.#nodes.values()].flatMap((record) => {
      const nextHop = record.internalIPs.find((ip) => this.#isOurs(ip));
      if (record.name === this.#nodeName || nextHop === undefined) return [];
      return this.#podCidrsOf(record).map((cidr) => ({ cidr, nextHop, node: record.name }));
    });
  }

  /** Pod CIDRs of all Nodes, and of this one. */
  podCidrs(): { readonly all: readonly string[]; readonly local: readonly string[] } {
    const own = this.#nodes.get(this.#nodeName);
    return {
      all: [...this.#nodes.values()].flatMap((record) => this.#podCidrsOf(record)),
      local: own === undefined ? [] : this.#podCidrsOf(own),
    };
  }

  /** Addresses of all Nodes. */
  nodeAddresses(): readonly string[] {
    return [...this.#nodes.values()]
      .flatMap((record) => [...record.internalIPs, ...record.externalIPs])
      .filter((ip) => this.#isOurs(ip));
  }

  #isOurs(text: string): boolean {
    return text.includes(':') === (this.#family === 6);
  }

  #podCidrsOf(record: NodeRecord): readonly string[] {
    return record.podCidrs.filter((cidr) => this.#isOurs(cidr));
  }

  #ofNode(record: NodeRecord): Claim[] {
    const from = { source: record.name, created: record.created };
    const own = record.name === this.#nodeName;
    const hop = own || !this.#ownFabric ? undefined : this.#hopTo(record);
    const podCidrs = own && !this.#ownFabric ? [] : record.podCidrs;
    const addresses = [...record.internalIPs, ...record.externalIPs];
    return [
      ...addresses.flatMap((ip) => this.#entry(ip, own ? 'LocalHost' : 'RemoteHost', from)),
      ...podCidrs.flatMap((cidr) => this.#entry(cidr, own ? 'LocalPods' : 'RemotePods', { ...from, ...hop })),
    ];
  }

  /** The node's address, where it is a neighbour on one of our subnets. */
  #hopTo(record: NodeRecord): { nextHop: string; ifindex: number } | undefined {
    for (const ip of record.internalIPs) {
      const address = parseAddress(ip);
      const subnet = address && this.#subnets.find(({ cidr }) => contains(cidr, address));
      if (subnet !== undefined) return { nextHop: ip, ifindex: subnet.ifindex };
    }
    return undefined;
  }

  #entry(
    text: string,
    kind: RouteKindName,
    of: Pick<Claim, 'source' | 'created'> & Partial<RouteEntry>,
  ): Claim[] {
    const cidr = parseCidr(text);
    if (cidr?.family !== this.#family) return [];
    return [{ nextHop: '', ifindex: 0, ...of, cidr: formatCidr(cidr), kind }];
  }

  #claim(source: string, claims: readonly Claim[]): void {
    for (const { cidr } of this.#claimsOf.get(source) ?? []) {
      const rest = (this.#byCidr.get(cidr) ?? []).filter((claim) => claim.source !== source);
      if (rest.length > 0) this.#byCidr.set(cidr, rest);
      else this.#byCidr.delete(cidr);
      this.#touched.add(cidr);
    }
    if (claims.length > 0) this.#claimsOf.set(source, claims);
    else this.#claimsOf.delete(source);
    for (const claim of claims) {
      const all = [...(this.#byCidr.get(claim.cidr) ?? []), claim].sort(better);
      this.#byCidr.set(claim.cidr, all);
      this.#touched.add(claim.cidr);
      this.#reportConflict(all);
    }
  }

  /** Two Nodes with one CIDR or address; that this node's own address is on its Node, too, is no conflict. */
  #reportConflict(claims: readonly Claim[]): void {
    const [winner, ...losers] = claims.filter(({ source }) => source !== LOCAL);
    for (const { source, cidr } of losers.filter((loser) => loser.source !== winner?.source)) {
      const message = `${cidr} belongs to Node ${winner?.source ?? ''}, which has had it longer`;
      this.#problems.push({ object: `Node ${source}`, message });
    }
  }
}
