/** Keeps the maps of one family equal to what the calculators want. One task at a time: see Dataplane. */
import type { Logger } from '@margay/lib/log';
import { viewOf } from '../abi/codec.ts';
import { backendLayout } from '../calc/layout.ts';
import { LiveUdpBackends } from '../calc/live-backends.ts';
import type { LocalFacts } from '../calc/node-routes.ts';
import { RouteCalculator } from '../calc/node-routes.ts';
import type { HostPort, NodeRecord, Problem, ServiceRecord, SliceRecord } from '../calc/records.ts';
import { PROTOCOL } from '../calc/records.ts';
import type { NodeFacts, ServicesDelta, Shortage } from '../calc/services.ts';
import { ServiceCalculator } from '../calc/services.ts';
import type { LocalEndpoint } from '../ports.ts';
import type { FamilyDataplane } from './family.ts';
import { sizeOf } from './service-maps.ts';

/** Everything that the calculators need, as it is now. */
export interface World {
  services(): Iterable<[string, ServiceRecord]>;
  slices(): Iterable<[string, SliceRecord]>;
  nodes(): Iterable<[string, NodeRecord]>;
  hostPorts(): readonly HostPort[];
  nodeFacts(): NodeFacts;
  localFacts(): LocalFacts;
  endpoints(): Iterable<LocalEndpoint>;
}

/** Counted since the load; for metrics. */
export interface ContentStats {
  flushes: number;
  written: number;
  /** Entries that somebody else had changed or removed. */
  repaired: number;
}

/** See the file comment. */
export class Content {
  readonly services: ServiceCalculator;
  readonly routes: RouteCalculator;
  readonly stats: ContentStats = { flushes: 0, written: 0, repaired: 0 };
  readonly #family: FamilyDataplane;
  readonly #log: Logger;
  readonly #now: () => number;
  #started = false;
  /** A write has failed, and nothing has been read back since: frontends in the kernel may name what is not wanted. */
  #behind = false;
  #udpChanged = false;

  constructor(family: FamilyDataplane, of: { nodeName: string; log: Logger; now: () => number }) {
    this.#family = family;
    this.#log = of.log;
    this.#now = of.now;
    this.services = new ServiceCalculator(
      backendLayout(family.abi.family),
      of.nodeName,
      family.services.limits,
    );
    this.routes = new RouteCalculator(family.abi.family, of.nodeName);
  }

  /** Takes over what the kernel holds, makes it what the world wants, and reads it back. */
  async start(world: World): Promise<void> {
    this.services.adopt(await this.#family.services.snapshot());
    this.services.setNode(world.nodeFacts());
    for (const [key, record] of world.slices()) this.services.setSlice(key, record);
    for (const [key, record] of world.services()) this.services.setService(key, record);
    this.services.setHostPorts(world.hostPorts());
    this.routes.setLocal(world.localFacts());
    for (const [name, record] of world.nodes()) this.routes.setNode(name, record);
    // What the map has of them is known by comparing only: nothing is written that is there already.
    this.#report(this.routes.flush().problems);
    await this.flush();
    await this.reconcile(world.endpoints());
    this.#started = true;
  }

  /** Writes what changed since the last call. Resolves to how many entries that were. */
  async flush(): Promise<number> {
    const now = this.#now();
    const delta = this.services.flush(now);
    const routes = this.routes.flush();
    this.#report([...delta.problems, ...routes.problems]);
    this.#udpChanged ||= [...delta.upserts.map(({ target }) => target), ...delta.removes].some(
      ({ protocol }) => protocol === PROTOCOL.UDP,
    );
    await this.#apply(delta);
    // What the kernel should have let go of by now it may still name: see #behind.
    if (!this.#behind) this.services.committed(now);
    const moved = routes.upserts.length + routes.removes.length;
    if (moved > 0) {
      const entries = routes.upserts.map((entry) => this.#family.routeEntry(entry));
      await this.#family.routes.apply(
        entries,
        routes.removes.map((cidr) => this.#family.routeKey(cidr)),
      );
      this.#family.state.moved();
    }
    const written = delta.upserts.length + delta.removes.length + moved;
    this.stats.flushes++;
    this.stats.written += written;
    return written;
  }

  /** Reads everything back and mends it. Resolves to how many entries differed before; rejects when some still do. */
  async reconcile(endpoints: Iterable<LocalEndpoint>): Promise<number> {
    await this.flush();
    const wanted = [...endpoints];
    const before = await this.#mend(wanted);
    this.#caughtUp();
    if (before === 0) return 0;
    if (this.#started) this.stats.repaired += before;
    else this.stats.written += before;
    const after = await this.#mend(wanted);
    if (after > 0)
      throw new Error(
        `${after} entries differ from what was written a moment ago: somebody else writes Margay's maps`,
      );
    return before;
  }

  async #apply(delta: ServicesDelta): Promise<void> {
    try {
      await this.#family.services.apply(delta, this.services.image);
    } catch (error) {
      this.#behind = true;
      throw error;
    }
  }

  /** Everything that is wanted has been written, whatever failed before. */
  #caughtUp(): void {
    if (!this.#behind) return;
    this.#behind = false;
    this.services.committed(this.#now());
  }

  /** UDP frontends changed since {@link takeUdpChange}. */
  get udpChanged(): boolean {
    return this.#udpChanged;
  }

  /** Once after each change of UDP frontends: what stands behind them now. */
  takeUdpChange(): LiveUdpBackends | undefined {
    if (!this.#udpChanged) return undefined;
    this.#udpChanged = false;
    const { backend } = this.#family.abi;
    const layout = backendLayout(this.#family.abi.family);
    const view = viewOf(this.services.image);
    const read = (index: number): { addr: Uint8Array; port: number } =>
      backend.decode(view, index * layout.backendSize);
    return new LiveUdpBackends(this.services.entries(), read, layout.bits.toStack);
  }

  /** Maps that are too small, in words for people; undefined when everything fits. */
  shortage(): string | undefined {
    const texts = this.services.shortages().map((shortage) => this.#shortageText(shortage));
    return texts.length === 0 ? undefined : texts.join('; ');
  }

  async #mend(endpoints: readonly LocalEndpoint[]): Promise<number> {
    const { services, routes, endpoints: map, state } = this.#family;
    const frontends = await services.compare({
      frontends: this.services.entries(),
      sources: this.services.sources(),
      image: this.services.image,
    });
    await services.apply(frontends, this.services.image);
    const entries = [...this.routes.entries()].map((entry) => this.#family.routeEntry(entry));
    const other = await routes.compare(entries);
    await routes.apply(other.upserts, other.removes);
    const local = endpoints.flatMap((endpoint) => this.#family.endpointEntry(endpoint) ?? []);
    const pods = await map.compare(local);
    await map.apply(pods.upserts, pods.removes);
    const moved = other.upserts.length + other.removes.length + pods.upserts.length + pods.removes.length;
    if (moved > 0) state.moved();
    return sizeOf(frontends) + moved;
  }

  #report(problems: readonly Problem[]): void {
    for (const { object, message } of problems) this.#log.warn('left out', { object, reason: message });
  }

  #shortageText({ map, limit, waiting, first }: Shortage): string {
    const name = `${map}${this.#family.abi.family}`;
    const { frontends } = this.services.usage;
    const used = map === 'services' ? `${frontends} of ${limit}` : `${limit}`;
    const more = waiting > first.length ? ` and ${waiting - first.length} more` : '';
    return `map ${name} is full (${used}): ${first.join(', ')}${more} are not served. Raise spec.bpf.serviceEntries`;
  }
}
