/** The calculator's memory of one Service port, and of one hostPort. */
import type { Range } from './backend-ranges.ts';
import { NO_RANGE } from './backend-ranges.ts';
import type { Claim, Claimant, FrontendValue } from './frontend-table.ts';
import { targetKey } from './frontend-table.ts';
import type { HostPort } from './records.ts';
import { protocolName } from './records.ts';
import type { WantedTarget } from './service-claims.ts';

/** One port of a Service: a range of backends and the frontends that lead to it. There are tens of thousands. */
export class ServicePort implements Claimant {
  /** `namespace/name` */
  readonly service: string;
  readonly port: string;
  readonly protocol: number;
  readonly created: number;
  range: Range = NO_RANGE;
  /** 0: not given yet. */
  serviceId = 0;
  /** How many endpoints are usable on every node, also when the stack serves the port. */
  endpoints = 0;
  extraFlags = 0;
  claims: readonly Claim[] = [];

  constructor(service: string, port: { readonly name: string; readonly protocol: number }, created: number) {
    this.service = service;
    this.port = port.name;
    this.protocol = port.protocol;
    this.created = created;
  }

  /** `namespace/name:port/PROTOCOL` */
  get name(): string {
    return `${this.service}:${this.port}/${protocolName(this.protocol)}`;
  }

  get label(): string {
    return `Service port ${this.name}`;
  }

  value(flags: number): FrontendValue {
    const { first, count } = this.range;
    return { first, count, flags: flags | this.extraFlags, serviceId: this.serviceId };
  }

  /** Whether the claims are for just these targets. */
  wants(targets: readonly WantedTarget[]): boolean {
    const same = ({ key, rank, flags }: Claim, other: WantedTarget | undefined): boolean =>
      key === other?.key && rank === other.rank && flags === other.flags;
    return this.claims.length === targets.length && this.claims.every((claim, i) => same(claim, targets[i]));
  }

  /** Makes one claim for each target; the caller tells the table. */
  setTargets(targets: readonly WantedTarget[]): void {
    this.claims = targets.map((target) => ({ owner: this, ...target }));
  }
}

/** A port of the node that is left to the stack. */
export class HostPortOwner implements Claimant {
  readonly label: string;
  readonly created = 0;
  readonly claim: Claim;

  constructor({ hostIP, port, protocol }: HostPort, flags: number) {
    this.label = `hostPort ${port}`;
    const target = { address: hostIP, port, protocol };
    this.claim = { owner: this, target, key: targetKey(target), rank: 2, flags };
  }

  value(flags: number): FrontendValue {
    return { ...NO_RANGE, flags, serviceId: 0 };
  }
}
