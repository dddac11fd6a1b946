/** Which Service port answers at which address, and what the kernel's map of frontends was told. */
import type { Range } from './backend-ranges.ts';
import type { Problem } from './records.ts';
import { protocolName } from './records.ts';
import type { TrafficPolicy } from './service-claims.ts';

/** Where packets are sent to. */
export interface FrontendTarget {
  /** Canonical text; empty for a NodePort of every address of the node. */
  readonly address: string;
  readonly port: number;
  /** IPPROTO_* */
  readonly protocol: number;
}

/** `struct mg_frontend` */
export interface FrontendValue {
  readonly first: number;
  readonly count: number;
  readonly outsideFirst: number;
  readonly outsideCount: number;
  readonly flags: number;
  readonly serviceId: number;
  readonly affinity: number;
  readonly sourceSet: number;
}

/** The ranges of `backends` that a frontend names, for clients inside and outside: none, one or two. */
export function rangesOf(value: FrontendValue): readonly Range[] {
  const inside = { first: value.first, count: value.count };
  const outside = { first: value.outsideFirst, count: value.outsideCount };
  const all = inside.first === outside.first && inside.count > 0 ? [inside] : [inside, outside];
  return all.filter(({ count }) => count > 0);
}

/** One entry of the map. */
export interface FrontendEntry {
  readonly target: FrontendTarget;
  readonly value: FrontendValue;
}

/** Who can own a frontend. Ranks: lower wins, then the older object, then the name. */
export interface Claimant {
  /** `Service default/web, port http` */
  readonly label: string;
  readonly created: number;
  /** What the map shall say for a claim. */
  value(claim: Claim): FrontendValue;
}

/** A wish to answer at a target. */
export interface Claim {
  readonly owner: Claimant;
  readonly target: FrontendTarget;
  /** {@link targetKey} of it. */
  readonly key: string;
  /** 0: an address that the cluster gave, 1: one that a person or a load balancer named, 2: the stack's. */
  readonly rank: number;
  /** Of the claim alone; the owner adds its own. */
  readonly flags: number;
  readonly inside: TrafficPolicy;
  readonly outside: TrafficPolicy;
  readonly restricted: boolean;
}

interface Slot {
  readonly target: FrontendTarget;
  /** Best first. */
  claims: Claim[];
  /** What the kernel has, or will have after the changes that were handed out. */
  written: FrontendValue | undefined;
}

/** Changes for the kernel: upserts first, then removes. */
export interface FrontendChanges {
  readonly upserts: readonly FrontendEntry[];
  readonly removes: readonly FrontendTarget[];
}

/** A target as a map key and for messages: `10.96.0.10:53/UDP`, `:30080/TCP`. */
export function targetKey(target: FrontendTarget): string {
  const address = target.address.includes(':') ? `[${target.address}]` : target.address;
  return `${address}:${target.port}/${protocolName(target.protocol)}`;
}

const fields = [
  'first',
  'count',
  'outsideFirst',
  'outsideCount',
  'flags',
  'serviceId',
  'affinity',
  'sourceSet',
] as const satisfies readonly (keyof FrontendValue)[];

/** Whether two entries say the same. */
export function sameValue(a: FrontendValue | undefined, b: FrontendValue | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return fields.every((field) => a[field] === b[field]);
}

function compareClaims(a: Claim, b: Claim): number {
  const order = a.rank - b.rank || a.owner.created - b.owner.created;
  if (order !== 0) return order;
  return a.owner.label < b.owner.label ? -1 : Number(a.owner.label > b.owner.label);
}

/** Keeps claims apart from what is written, so that only differences reach the kernel and a full map degrades one frontend at a time. */
export class FrontendTable {
  readonly #slots = new Map<string, Slot>();
  readonly #touched = new Set<string>();
  readonly #waiting = new Set<string>();
  readonly #limit: number;
  #live = 0;
  #problems: Problem[] = [];

  /** limit: `max_entries` of the map. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Entries in the map. */
  get live(): number {
    return this.#live;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Labels of at most `most` owners whose frontends found no room, and how many such frontends there are. */
  waiting(most: number): { readonly count: number; readonly first: readonly string[] } {
    const first: string[] = [];
    for (const key of this.#waiting) {
      if (first.length >= most) break;
      first.push(this.#slots.get(key)?.claims[0]?.owner.label ?? key);
    }
    return { count: this.#waiting.size, first };
  }

  /** An entry that the kernel has already; removed at the next flush unless somebody claims it. */
  adopt(entry: FrontendEntry): void {
    const key = targetKey(entry.target);
    this.#slots.set(key, { target: entry.target, claims: [], written: entry.value });
    this.#touched.add(key);
    this.#live++;
  }

  /** What the kernel has at a target, or will have. */
  written(key: string): FrontendValue | undefined {
    return this.#slots.get(key)?.written;
  }

  claim(claim: Claim): void {
    const { key } = claim;
    const slot = this.#slots.get(key) ?? { target: claim.target, claims: [], written: undefined };
    this.#slots.set(key, slot);
    slot.claims = slot.claims.length === 0 ? [claim] : [...slot.claims, claim].sort(compareClaims);
    this.#touched.add(key);
    if (slot.claims.length > 1) this.#report(key, slot);
  }

  unclaim(claim: Claim): void {
    const { key } = claim;
    const slot = this.#slots.get(key);
    if (slot === undefined) return;
    slot.claims = slot.claims.filter((other) => other !== claim);
    this.#touched.add(key);
  }

  /** The value behind the claim changed. */
  touch(claim: Claim): void {
    this.#touched.add(claim.key);
  }

  /** Differences since the last call. */
  flush(): FrontendChanges {
    const removes = [...this.#touched].flatMap((key) => this.#settleUnclaimed(key));
    const upserts = [...this.#touched].flatMap((key) => this.#settleClaimed(key));
    for (const key of this.#waiting) {
      if (this.#live >= this.#limit) break;
      upserts.push(...this.#settleClaimed(key));
    }
    this.#touched.clear();
    return { upserts, removes };
  }

  /** Everything that the kernel should hold. */
  *entries(): Generator<FrontendEntry> {
    for (const { target, written } of this.#slots.values()) {
      if (written !== undefined) yield { target, value: written };
    }
  }

  /** The winning claim at each target. */
  *winners(): Generator<Claim> {
    for (const { claims } of this.#slots.values()) {
      if (claims[0] !== undefined) yield claims[0];
    }
  }

  /** Conflicts since the last call. */
  takeProblems(): readonly Problem[] {
    const problems = this.#problems;
    this.#problems = [];
    return problems;
  }

  #report(key: string, slot: Slot): void {
    const [winner, ...losers] = slot.claims;
    for (const loser of losers) {
      const message = `${key} belongs to ${winner?.owner.label ?? ''}, which has had it longer; it is not served for this one`;
      this.#problems.push({ object: loser.owner.label, message });
    }
  }

  #settleUnclaimed(key: string): FrontendTarget[] {
    const slot = this.#slots.get(key);
    if (slot === undefined || slot.claims.length > 0) return [];
    this.#slots.delete(key);
    this.#waiting.delete(key);
    if (slot.written === undefined) return [];
    this.#live--;
    return [slot.target];
  }

  #settleClaimed(key: string): FrontendEntry[] {
    const slot = this.#slots.get(key);
    const claim = slot?.claims[0];
    const value = claim?.owner.value(claim);
    if (slot === undefined || value === undefined || sameValue(slot.written, value)) return [];
    if (slot.written === undefined) {
      if (this.#live >= this.#limit) {
        this.#waiting.add(key);
        return [];
      }
      this.#live++;
      this.#waiting.delete(key);
    }
    slot.written = value;
    return [{ target: slot.target, value }];
  }
}
