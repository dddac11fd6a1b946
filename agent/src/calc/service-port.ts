/** The calculator's memory of one Service port, and of one hostPort. */
import type { Range } from './backend-ranges.ts';
import { NO_RANGE } from './backend-ranges.ts';
import { targetKey } from './frontend-table.ts';
import type { Claim, Claimant, FrontendValue } from './frontend-table.ts';
import type { HostPort } from './records.ts';
import type { WantedTarget } from './service-claims.ts';

/** One port of a Service: a range of backends and the frontends that lead to it. */
export class ServicePort implements Claimant {
  readonly label: string;
  /** `namespace/name:port/PROTOCOL` */
  readonly name: string;
  readonly created: number;
  range: Range = NO_RANGE;
  /** 0: not given yet. */
  serviceId = 0;
  /** How many endpoints are usable on every node, also when the stack serves the port. */
  endpoints = 0;
  extraFlags = 0;
  targets: readonly WantedTarget[] = [];
  claims: readonly Claim[] = [];

  constructor(name: string, created: number) {
    this.name = name;
    this.created = created;
    this.label = `Service port ${name}`;
  }

  /** Makes one claim for each target; the caller tells the table. */
  setTargets(targets: readonly WantedTarget[]): void {
    this.targets = targets;
    this.claims = targets.map(({ target, key, rank, flags }) => ({
      owner: this,
      target,
      key,
      rank,
      value: (): FrontendValue => ({
        ...this.range,
        flags: flags | this.extraFlags,
        serviceId: this.serviceId,
      }),
    }));
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
    this.claim = {
      owner: this,
      target,
      key: targetKey(target),
      rank: 2,
      value: () => ({ ...NO_RANGE, flags, serviceId: 0 }),
    };
  }
}
