/** Leader election over a coordination.k8s.io Lease. */
import { apiVersionOf, leases } from './resources.ts';
import { isAlreadyExists, isConflict, isNotFound, messageOf } from './errors.ts';
import type { KubeClient } from './kube-client.ts';
import type { Logger } from './log.ts';
import type { ObjectMeta } from './objects.ts';
import { sleepOrAbort } from './sleep.ts';

/** Time as an election sees it. */
export interface LeaseClock {
  /** Milliseconds of a clock that never jumps. */
  monotonic(): number;
  /** For the timestamps that others read. */
  wall(): Date;
}

/** Who elects, where, and how long a leader may be silent. */
export interface LeaderElectionOptions {
  /** A client of the election's own, with a time-out shorter than the renew deadline and no `mayWrite`. */
  readonly client: KubeClient;
  readonly namespace: string;
  readonly name: string;
  /** Unlike that of every other replica, such as the pod's name and uid. */
  readonly identity: string;
  readonly log: Logger;
  /** Others wait so long after the last renewal that they saw; default 15 s. */
  readonly durationMs?: number;
  /** We stop so long after our last renewal began; default 10 s, always less than the duration. */
  readonly renewDeadlineMs?: number;
  /** Between attempts; default 2 s. */
  readonly retryMs?: number;
  readonly clock?: LeaseClock;
}

interface LeaseSpec {
  holderIdentity?: string;
  leaseDurationSeconds?: number;
  acquireTime?: string;
  renewTime?: string;
  leaseTransitions?: number;
}

interface Lease {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta & { name: string };
  spec?: LeaseSpec;
}

const systemClock: LeaseClock = { monotonic: () => performance.now(), wall: () => new Date() };

function microTime(time: Date): string {
  return time.toISOString().replace('Z', '000Z');
}

/** At most one renewal is under way when a term ends. */
const RELEASE_TRIES = 2;

/** One replica's part in an election. */
export class LeaderElection {
  readonly #options: LeaderElectionOptions;
  readonly #clock: LeaseClock;
  readonly #duration: number;
  readonly #deadline: number;
  readonly #retry: number;
  #renewedAt: number | undefined;
  #termNumber = 0;
  #seen: { version: string; at: number } | undefined;

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#duration = options.durationMs ?? 15_000;
    this.#deadline = Math.min(options.renewDeadlineMs ?? 10_000, this.#duration * 0.8);
    this.#retry = options.retryMs ?? 2000;
  }

  /**
   * Whether this replica leads at this moment, by its own clock alone: false from the renew deadline on, however
   * late a timer fires. Meant as `mayWrite` of the client that the leader's work uses.
   */
  get leading(): boolean {
    return this.#renewedAt !== undefined && this.#clock.monotonic() - this.#renewedAt < this.#deadline;
  }

  /**
   * Runs until the signal aborts: waits to lead, then calls `lead` with a signal that aborts when leading ends, waits
   * for it to return, and begins again. Gives the lease back at the end. Rejects with what `lead` threw.
   */
  async run(signal: AbortSignal, lead: (signal: AbortSignal) => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      if (await this.#try()) await this.#term(signal, lead);
      await sleepOrAbort(this.#retry, signal);
    }
  }

  async #term(signal: AbortSignal, lead: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const term = new AbortController();
    const end = (): void => term.abort();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    this.#options.log.info('leading', { identity: this.#options.identity });
    try {
      const work = lead(term.signal).finally(end);
      // What it throws is reported by the await below, after renewing has ended.
      work.catch(() => undefined);
      await this.#renewUntil(term);
      await work;
    } finally {
      signal.removeEventListener('abort', end);
      this.#options.log.info('no longer leading', { identity: this.#options.identity });
      await this.#release();
    }
  }

  async #renewUntil(term: AbortController): Promise<void> {
    const over = aborted(term.signal);
    const running = (): boolean => !term.signal.aborted;
    while (running()) {
      const left = Math.max(this.#deadline - (this.#clock.monotonic() - (this.#renewedAt ?? 0)), 0);
      const timer = setTimeout(() => term.abort(), left);
      await sleepOrAbort(Math.min(this.#retry, left), term.signal);
      if (running()) await Promise.race([this.#try(), over]);
      clearTimeout(timer);
      if (!this.leading) term.abort();
    }
  }

  /** Takes or renews the lease where that is allowed; a failure changes nothing but is logged. */
  async #try(): Promise<boolean> {
    const startedAt = this.#clock.monotonic();
    const termNumber = this.#termNumber;
    try {
      const ours = await this.#takeOrRenew();
      // An answer that comes after the term is over says nothing about the next one.
      if (termNumber !== this.#termNumber) return false;
      this.#renewedAt = ours ? startedAt : undefined;
      return ours;
    } catch (error) {
      const level = isConflict(error) || isAlreadyExists(error) ? 'debug' : 'warn';
      this.#options.log[level]('lease not renewed', { name: this.#options.name, error: messageOf(error) });
      return false;
    }
  }

  async #takeOrRenew(): Promise<boolean> {
    const lease = await this.#read();
    if (lease !== undefined && !this.#isFree(lease)) return false;
    if (lease === undefined) await this.#options.client.create(leases, this.#lease(undefined));
    else await this.#options.client.replace(leases, this.#lease(lease));
    return true;
  }

  async #read(): Promise<Lease | undefined> {
    const { client, namespace, name } = this.#options;
    try {
      return await client.get<Lease>(leases, { namespace, name });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Ours, given back, or not renewed for its whole duration by our clock: others' clocks are not compared. */
  #isFree(lease: Lease): boolean {
    const holder = lease.spec?.holderIdentity ?? '';
    if (holder === '' || holder === this.#options.identity) return true;
    const version = lease.metadata.resourceVersion ?? '';
    const now = this.#clock.monotonic();
    if (this.#seen?.version !== version) this.#seen = { version, at: now };
    const duration = (lease.spec?.leaseDurationSeconds ?? 0) * 1000;
    return now - this.#seen.at >= Math.max(duration, this.#duration);
  }

  #lease(previous: Lease | undefined): Lease {
    const { namespace, name, identity } = this.#options;
    const now = microTime(this.#clock.wall());
    const before = previous?.spec ?? {};
    const ours = before.holderIdentity === identity;
    const transitions = before.leaseTransitions ?? 0;
    return {
      apiVersion: apiVersionOf(leases),
      kind: leases.kind,
      metadata: previous?.metadata ?? { namespace, name },
      spec: {
        holderIdentity: identity,
        leaseDurationSeconds: Math.max(1, Math.ceil(this.#duration / 1000)),
        acquireTime: ours ? (before.acquireTime ?? now) : now,
        renewTime: now,
        leaseTransitions: ours || previous === undefined ? transitions : transitions + 1,
      },
    };
  }

  /** Lets the next replica start at once. Only while the lease is still surely ours. */
  async #release(): Promise<void> {
    const ours = this.leading;
    this.#renewedAt = undefined;
    this.#termNumber++;
    if (!ours) return;
    try {
      for (let left = RELEASE_TRIES; !(await this.#giveBack()); left--) {
        if (left === 0) throw new Error('it changes again and again');
      }
    } catch (error) {
      this.#options.log.debug('lease not given back', { name: this.#options.name, error: messageOf(error) });
    }
  }

  /** False when the lease changed in between: a renewal of our own was under way when the term ended. */
  async #giveBack(): Promise<boolean> {
    const lease = await this.#read();
    if (lease?.spec?.holderIdentity !== this.#options.identity) return true;
    const spec = { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1 };
    try {
      await this.#options.client.replace(leases, { ...lease, spec });
      return true;
    } catch (error) {
      if (isConflict(error)) return false;
      throw error;
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
