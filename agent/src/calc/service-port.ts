/** The calculator's memory of one Service port, and of one hostPort. */
import { isDeepStrictEqual } from 'node:util';
import type { Range } from './backend-ranges.ts';
import { NO_RANGE } from './backend-ranges.ts';
import type { Claim, Claimant, FrontendValue } from './frontend-table.ts';
import { targetKey } from './frontend-table.ts';
import type { Family } from './ip.ts';
import { parseAddress } from './ip.ts';
import type { HostPort } from './records.ts';
import { PROTOCOL, protocolName } from './records.ts';
import type { FlagBits, TrafficPolicy, WantedTarget } from './service-claims.ts';

/** What of a Service all frontends of a port say alike. */
export interface PortSettings {
  /** The stack serves the port. */
  readonly toStack: boolean;
  /** Seconds; 0: none. */
  readonly affinity: number;
}

/** One port of a Service: its backends and the frontends that lead to them. There are tens of thousands. */
export class ServicePort implements Claimant {
  /** `namespace/name` */
  readonly service: string;
  readonly port: string;
  readonly protocol: number;
  readonly created: number;
  readonly ranges: Record<TrafficPolicy, Range> = { cluster: NO_RANGE, local: NO_RANGE };
  /** 0: not given yet. */
  serviceId = 0;
  /** Some node has an endpoint that can be used. */
  hasEndpoints = false;
  settings: PortSettings = { toStack: false, affinity: 0 };
  /** Prefixes of clients that its load balancer's frontends let in, canonical; empty: all. */
  sources: readonly string[] = [];
  /** The number of that set. */
  sourceSet = 0;
  claims: readonly Claim[] = [];
  readonly #bits: FlagBits;

  constructor(
    service: string,
    of: {
      readonly name: string;
      readonly protocol: number;
      readonly created: number;
      readonly bits: FlagBits;
    },
  ) {
    this.service = service;
    this.port = of.name;
    this.protocol = of.protocol;
    this.created = of.created;
    this.#bits = of.bits;
  }

  /** `namespace/name:port/PROTOCOL` */
  get name(): string {
    return `${this.service}:${this.port}/${protocolName(this.protocol)}`;
  }

  get label(): string {
    return `Service port ${this.name}`;
  }

  value(claim: Claim): FrontendValue {
    const { toStack, affinity } = this.settings;
    const { serviceId } = this;
    const sourceSet = claim.restricted ? this.sourceSet : 0;
    if (toStack) return { ...NO_BACKENDS, flags: claim.flags | this.#bits.toStack, serviceId, sourceSet };
    const inside = this.ranges[claim.inside];
    const outside = this.ranges[claim.outside];
    return {
      first: inside.first,
      count: inside.count,
      outsideFirst: outside.first,
      outsideCount: outside.count,
      flags: claim.flags | this.#dropFlags(claim),
      serviceId,
      affinity,
      sourceSet,
    };
  }

  /** Whether the claims are for just these targets. */
  wants(targets: readonly WantedTarget[]): boolean {
    const same = (claim: Claim, other: WantedTarget | undefined): boolean =>
      claim.key === other?.key &&
      claim.rank === other.rank &&
      claim.flags === other.flags &&
      claim.inside === other.inside &&
      claim.outside === other.outside &&
      claim.restricted === other.restricted;
    return this.claims.length === targets.length && this.claims.every((claim, i) => same(claim, targets[i]));
  }

  /** Makes one claim for each target; the caller tells the table. */
  setTargets(targets: readonly WantedTarget[]): void {
    this.claims = targets.map((target) => ({ owner: this, ...target }));
  }

  /** What other nodes could serve is dropped here where policy Local forbids to send it there, not refused. */
  #dropFlags({ inside, outside }: Claim): number {
    if (!this.hasEndpoints || this.ranges.local.count > 0) return 0;
    const { dropInside, dropOutside } = this.#bits;
    return (inside === 'local' ? dropInside : 0) | (outside === 'local' ? dropOutside : 0);
  }
}

const NO_BACKENDS = { first: 0, count: 0, outsideFirst: 0, outsideCount: 0, affinity: 0 } as const;

/** A port of this node that leads to one pod of it. kube-proxy knows nothing of it. */
export class HostPortOwner extends ServicePort {
  readonly #port: HostPort;

  constructor(port: HostPort, bits: FlagBits) {
    const name = String(port.port);
    super(`pod ${port.pod}`, { name, protocol: port.protocol, created: 0, bits });
    this.#port = port;
    this.hasEndpoints = true;
    this.settings = { toStack: port.protocol === PROTOCOL.SCTP, affinity: 0 };
  }

  override get label(): string {
    return `hostPort ${this.port}/${protocolName(this.protocol)} of ${this.service}`;
  }

  /** Where it answers; after every Service. */
  get target(): WantedTarget {
    const { hostIP, port, protocol } = this.#port;
    const target = { address: hostIP, port, protocol };
    const policies = { inside: 'cluster', outside: 'cluster', restricted: false } as const;
    return { target, key: targetKey(target), rank: 2, flags: 0, ...policies };
  }

  /** Whether this is what it was made for: a pod keeps its name, not its addresses. */
  isFor(port: HostPort): boolean {
    return isDeepStrictEqual(port, this.#port);
  }
}

/** The pod's address of a family; undefined when it has none (yet). */
export function hostPortBackend(port: HostPort, family: Family): Uint8Array | undefined {
  const address = port.addresses.find((text) => text.includes(':') === (family === 6));
  return address === undefined ? undefined : parseAddress(address);
}
