/**
 * This node's eBPF: loaded, filled, attached, switched, drained and taken away. What is pinned
 * survives this process; a new one takes it over.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Native } from '@margay/addon/api';
import { isKernelError } from '@margay/addon/errors';
import { MargayError, messageOf } from '@margay/lib/errors';
import type { Logger } from '@margay/lib/log';
import { abi4 } from '../abi/v4.gen.ts';
import type { Flow, FlowTimeouts } from '../calc/flows.ts';
import { drainTimeouts } from '../calc/flows.ts';
import type { KernelFacts } from '../node-mode/facts.ts';
import type { EndpointSink, LocalEndpoint } from '../ports.ts';
import type { Sweep } from './conntrack.ts';
import { Content } from './content.ts';
import type { World } from './content.ts';
import type { ProgramSettings } from './family.ts';
import { FamilyDataplane } from './family.ts';
import type { Hook } from './hooks.ts';
import { CGROUP_PROGRAMS, TC_HOOKS } from './hooks.ts';
import { pinnedMode, retireOthers } from './layouts.ts';
import type { PinPaths } from './paths.ts';
import { Serial } from './serial.ts';

/** What {@link Dataplane} needs. */
export interface DataplaneOptions {
  readonly native: Native;
  readonly nodeName: string;
  readonly log: Logger;
  readonly pins: PinPaths;
  /** Where `margay4.bpf.o` is. */
  readonly objectDir: string;
  /** Finds the node's cgroup2 root. */
  readonly cgroupRoot: () => Promise<string>;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

/** What is loaded, and for whom. */
export interface LoadRequest {
  readonly configName: string;
  readonly settings: ProgramSettings;
  readonly tcx: boolean;
  readonly world: World;
}

interface Loaded {
  readonly family: FamilyDataplane;
  readonly content: Content;
  readonly cgroup: string;
  readonly request: LoadRequest;
}

/** What happened while a load was under way. */
interface Missed {
  readonly changes: ((content: Content) => void)[];
  endpoints: boolean;
}

/** Somebody asks for what only a loaded dataplane can do. */
export class NotLoadedError extends MargayError {
  override readonly name = 'NotLoadedError';
  constructor(what: string) {
    super(`${what}: this agent has not taken over the node's programs yet`, {
      code: 'NotLoaded',
      retryable: true,
    });
  }
}

/** See the file comment. All writes go through one queue. */
export class Dataplane implements EndpointSink {
  readonly #options: DataplaneOptions;
  readonly #now: () => number;
  readonly #serial = new Serial();
  readonly #endpoints = new Map<string, LocalEndpoint>();
  #nics: readonly number[] = [];
  #loaded: Loaded | undefined;
  #missed: Missed | undefined;
  #mode: KernelFacts['mode'] = 'Absent';
  #verified = false;
  #problem: KernelFacts['problem'];
  #drain: { readonly since: number; flows?: number } | undefined;
  #flushQueued = false;
  #endpointsListed = false;
  /** Called when flows of UDP Services may lead to backends that are gone: the next {@link sweep} forgets them. */
  onUdpChange: () => void = () => undefined;
  /** Called when the facts may have changed for the worse or the better. */
  onChange: () => void = () => undefined;

  constructor(options: DataplaneOptions) {
    this.#options = options;
    this.#now = options.now ?? ((): number => performance.now());
  }

  /** What the state machine decides from. */
  facts(): KernelFacts {
    const shortage = this.#loaded?.content.shortage();
    const drain =
      this.#drain?.flows === undefined
        ? undefined
        : { flows: this.#drain.flows, sinceMs: this.#now() - this.#drain.since };
    return {
      mode: this.#mode,
      ...(this.#loaded === undefined ? {} : { loadedFor: this.#loaded.request.configName }),
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
      verified: this.#verified,
      ...(shortage === undefined ? {} : { shortage }),
      frontends: this.#loaded?.content.services.usage.frontends ?? 0,
      ...(drain === undefined ? {} : { drain }),
    };
  }

  /** The maps' contents and counters, once loaded; for metrics and for kube-proxy's counterpart. */
  get loaded(): { readonly family: FamilyDataplane; readonly content: Content } | undefined {
    return this.#loaded;
  }

  /** Addresses of this node's pods. */
  endpoints(): Iterable<LocalEndpoint> {
    return this.#endpoints.values();
  }

  /** Finds out what an earlier agent left pinned. Writes nothing. */
  inspect(): void {
    this.#mode = pinnedMode(this.#options.native, this.#options.pins) ?? 'Absent';
  }

  /** Loads programs, fills and verifies maps, attaches; the mode stays as it is. Programs that run are replaced in place. */
  load(request: LoadRequest): Promise<void> {
    return this.#serial.run(async () => {
      const missed: Missed = { changes: [], endpoints: false };
      this.#missed = missed;
      try {
        const loaded = await this.#prepare(request);
        this.#loaded?.family.close();
        this.#loaded = loaded;
        this.#mode = loaded.family.state.mode;
        this.#drain = this.#mode === 'Draining' ? { since: this.#now() } : undefined;
        await this.#catchUp(loaded, missed);
        this.#problem = undefined;
        this.#verified = true;
      } catch (error) {
        this.#problem = {
          reason: error instanceof MargayError ? error.code : 'LoadFailed',
          message: messageOf(error),
        };
        throw error;
      } finally {
        this.#missed = undefined;
      }
    });
  }

  /** Hooks of pods' interfaces and of the node's own; the latter may change while running. */
  setNics(nics: readonly number[]): void {
    if (nics.join() === this.#nics.join()) return;
    this.#nics = nics;
    if (this.#loaded !== undefined) void this.reconcile().catch(() => undefined);
  }

  /** One write makes every hook active. Misses ask kernel conntrack until {@link setStackFlows} says otherwise. */
  activate(): Promise<void> {
    return this.#withLoaded('activate', async ({ family }) => {
      const { native, pins, log } = this.#options;
      family.state.stackFlows = true;
      family.state.mode = 'Active';
      this.#mode = 'Active';
      this.#drain = undefined;
      const layouts = await retireOthers(native, pins);
      if (layouts.length > 0) log.info('programs of another layout are gone', { layouts: layouts.join(' ') });
    });
  }

  /** One write: flows that exist are served, new ones go to the stack. */
  drain(): Promise<void> {
    return this.#withLoaded('drain', ({ family }) => {
      family.state.mode = 'Draining';
      this.#mode = 'Draining';
      this.#drain = { since: this.#now() };
      return Promise.resolve();
    });
  }

  /** Whether netfilter still translates flows that programs could meet. */
  setStackFlows(on: boolean): void {
    if (this.#loaded !== undefined) this.#loaded.family.state.stackFlows = on;
  }

  /** Forgets flows that are over; counts those that a drain waits for. */
  async sweep(timeouts: FlowTimeouts): Promise<Sweep | undefined> {
    const loaded = this.#loaded;
    if (loaded === undefined) return undefined;
    // A pass that began before the drain has not counted: it says nothing of what the drain waits for.
    const drain = this.#drain;
    const live = loaded.content.takeUdpChange();
    const sweep = await loaded.family.conntrack.sweep({
      ...(live === undefined ? {} : { stale: ({ key, value }: Flow) => live.isStale(key.proto, value) }),
      timeouts: drain === undefined ? timeouts : drainTimeouts(timeouts),
      count: drain !== undefined,
    });
    if (drain !== undefined) drain.flows = sweep.translated;
    return sweep;
  }

  /** Detaches everything and removes the pins: nothing of ours is left. */
  detach(): Promise<void> {
    return this.#serial.run(async () => {
      if (this.#loaded !== undefined) {
        this.#loaded.family.state.mode = 'Pass';
        const interfaces = new Set([
          ...this.#nics,
          ...[...this.#endpoints.values()].map(({ ifindex }) => ifindex),
        ]);
        for (const ifindex of interfaces) await this.#loaded.family.hooks.detach(ifindex);
        this.#loaded.family.close();
      }
      await rm(this.#options.pins.root, { recursive: true, force: true });
      this.#loaded = undefined;
      this.#verified = false;
      this.#drain = undefined;
      this.#mode = 'Absent';
    });
  }

  /** Something in the calculators' inputs changed: written as soon as this turn of the event loop is over. */
  changed(change: (content: Content) => void): void {
    this.#missed?.changes.push(change);
    if (this.#loaded === undefined) return;
    change(this.#loaded.content);
    if (this.#flushQueued) return;
    this.#flushQueued = true;
    setImmediate(() => void this.#serial.run(() => this.#flush()));
  }

  /** Reads everything back, mends it, and puts programs back that somebody took away. */
  reconcile(): Promise<number> {
    return this.#withLoaded('reconcile', async (loaded) => {
      try {
        const repaired = await loaded.content.reconcile(this.#endpoints.values());
        const hooks = await this.#attach(loaded);
        this.#setVerified(true);
        return repaired + hooks;
      } catch (error) {
        this.#problem = { reason: 'VerifyFailed', message: messageOf(error) };
        this.#setVerified(false);
        throw error;
      }
    });
  }

  /** Every endpoint that was there at the start has been put. */
  endpointsListed(): void {
    this.#endpointsListed = true;
  }

  async put(endpoint: LocalEndpoint): Promise<void> {
    // Programs of an earlier agent run, and this one cannot tell them of a new pod yet.
    if (this.#endpointsListed && this.#loaded === undefined && this.#mode !== 'Absent')
      throw new NotLoadedError(endpoint.ip);
    this.#endpoints.set(endpoint.ip, endpoint);
    if (this.#missed !== undefined) this.#missed.endpoints = true;
    if (this.#loaded === undefined) return;
    await this.#withLoaded('put', async (loaded) => {
      const entry = loaded.family.endpointEntry(endpoint);
      if (entry === undefined) return;
      // Hooks first: an entry makes other pods' packets go there, and the answers must be seen.
      for (const hook of podHooks(endpoint.ifindex))
        await loaded.family.hooks.ensure(hook, loaded.family.program(hook.program));
      loaded.family.endpoints.put(entry);
      loaded.family.state.moved();
    });
  }

  async remove(endpoint: LocalEndpoint): Promise<void> {
    this.#endpoints.delete(endpoint.ip);
    if (this.#missed !== undefined) this.#missed.endpoints = true;
    if (this.#loaded === undefined) return;
    await this.#withLoaded('remove', async (loaded) => {
      const entry = loaded.family.endpointEntry(endpoint);
      if (entry === undefined) return;
      loaded.family.endpoints.remove(entry.key);
      loaded.family.state.moved();
      const used = [...this.#endpoints.values()].some(({ ifindex }) => ifindex === endpoint.ifindex);
      if (!used) await loaded.family.hooks.detach(endpoint.ifindex);
    });
  }

  /** Lets go of everything; kernel and traffic stay as they are. */
  async close(): Promise<void> {
    await this.#serial.idle();
    this.#loaded?.family.close();
    this.#loaded = undefined;
  }

  async #prepare(request: LoadRequest): Promise<Loaded> {
    const { native, pins, objectDir, nodeName, log, cgroupRoot } = this.#options;
    const cgroup = await cgroupRoot();
    const objectPath = join(objectDir, 'margay4.bpf.o');
    const family = await FamilyDataplane.load(request.settings, {
      native,
      abi: abi4,
      objectPath,
      pins,
      tcx: request.tcx,
    });
    try {
      const content = new Content(family, { nodeName, log, now: this.#now });
      await content.start(request.world);
      const loaded = { family, content, cgroup, request };
      await this.#attach(loaded);
      return loaded;
    } catch (error) {
      family.close();
      throw error;
    }
  }

  /** What came while the maps were filled: the world was read once, at the start. */
  async #catchUp(loaded: Loaded, { changes, endpoints }: Missed): Promise<void> {
    if (changes.length === 0 && !endpoints) return;
    for (const change of changes) change(loaded.content);
    await loaded.content.reconcile(this.#endpoints.values());
    await this.#attach(loaded);
  }

  /** Programs at every hook, and at no other. Resolves to how many had to be attached or taken off. */
  async #attach({ family, cgroup }: Loaded): Promise<number> {
    const hooks = [...this.#wantedHooks(), ...cgroupHooks(cgroup)];
    let changes = 0;
    for (const hook of hooks) {
      const change = await family.hooks.ensure(hook, family.program(hook.program)).catch((error: unknown) => {
        // The interface went away a moment ago: netlink will say so.
        if (isKernelError(error, 'ENODEV', 'EINVAL') && hook.kind === 'tc') return 'Kept';
        throw error;
      });
      changes += change === 'Attached' ? 1 : 0;
    }
    return changes + (await family.hooks.prune(hooks));
  }

  #wantedHooks(): Hook[] {
    const pods = new Set([...this.#endpoints.values()].map(({ ifindex }) => ifindex));
    const nics = this.#nics.filter((ifindex) => !pods.has(ifindex));
    return [...[...pods].flatMap(podHooks), ...nics.flatMap(nicHooks)];
  }

  async #flush(): Promise<void> {
    this.#flushQueued = false;
    if (this.#loaded === undefined) return;
    try {
      await this.#loaded.content.flush();
    } catch (error) {
      this.#options.log.warn('maps could not be written, they will be read back and mended', { error });
      this.#problem = { reason: 'WriteFailed', message: messageOf(error) };
      this.#setVerified(false);
    }
    if (this.#loaded.content.udpChanged) this.onUdpChange();
    this.onChange();
  }

  #setVerified(verified: boolean): void {
    const before = this.#verified;
    this.#verified = verified;
    if (verified) this.#problem = undefined;
    if (before !== verified) this.onChange();
  }

  #withLoaded<T>(what: string, task: (loaded: Loaded) => Promise<T>): Promise<T> {
    return this.#serial.run(() => {
      if (this.#loaded === undefined) throw new NotLoadedError(what);
      return task(this.#loaded);
    });
  }
}

function podHooks(ifindex: number): Hook[] {
  return TC_HOOKS.pod.map(([program, direction]) => ({ kind: 'tc', program, ifindex, direction }));
}

function nicHooks(ifindex: number): Hook[] {
  return TC_HOOKS.nic.map(([program, direction]) => ({ kind: 'tc', program, ifindex, direction }));
}

function cgroupHooks(path: string): Hook[] {
  return CGROUP_PROGRAMS.map((program) => ({ kind: 'cgroup', program, path }));
}
