/**
 * This node's eBPF: loaded, filled, attached, switched, drained and taken away. What is pinned
 * survives this process; a new one takes it over.
 */
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Native } from '@margay/addon/api';
import { MargayError, messageOf } from '@margay/lib/errors';
import type { Logger } from '@margay/lib/log';
import type { FlowTimeouts } from '../calc/flows.ts';
import { drainTimeouts } from '../calc/flows.ts';
import type { KernelFacts } from '../node-mode/facts.ts';
import type { EndpointSink, LocalEndpoint } from '../ports.ts';
import type { Content } from './content.ts';
import { ownMode, pinnedMode, retireOthers } from './layouts.ts';
import type { Interfaces, LoadRequest, NodeSweep } from './node-planes.ts';
import { NodePlanes } from './node-planes.ts';
import type { PinPaths } from './paths.ts';
import { Serial } from './serial.ts';

/** What {@link Dataplane} needs. */
export interface DataplaneOptions {
  readonly native: Native;
  readonly nodeName: string;
  readonly log: Logger;
  readonly pins: PinPaths;
  /** Where `margay4.bpf.o` and `margay6.bpf.o` are. */
  readonly objectDir: string;
  /** Finds the node's cgroup2 root. */
  readonly cgroupRoot: () => Promise<string>;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
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
  #loaded: NodePlanes | undefined;
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
    const shortage = this.#loaded?.shortage();
    const drain =
      this.#drain?.flows === undefined
        ? undefined
        : { flows: this.#drain.flows, sinceMs: this.#now() - this.#drain.since };
    return {
      mode: this.#mode,
      ...(this.#loaded === undefined
        ? {}
        : {
            loadedFor: this.#loaded.configName,
            families: this.#loaded.families,
            nodeAddress: this.#loaded.nodeAddress,
          }),
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
      verified: this.#verified,
      ...(shortage === undefined ? {} : { shortage }),
      frontends: this.#loaded?.frontendCount ?? 0,
      ...(drain === undefined ? {} : { drain }),
    };
  }

  /** The maps' contents and counters, once loaded; for metrics and for kube-proxy's counterpart. */
  get loaded(): NodePlanes | undefined {
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

  /**
   * Loads programs, fills and verifies maps, attaches; the mode stays as it is. Programs that run are replaced in place.
   * All families or none: where nothing ran before, nothing is left of a load that failed.
   */
  load(request: LoadRequest): Promise<void> {
    return this.#serial.run(async () => {
      const missed: Missed = { changes: [], endpoints: false };
      this.#missed = missed;
      try {
        const loaded = await this.#prepare(request);
        this.#loaded?.close();
        this.#loaded = loaded;
        this.#mode = loaded.state.mode;
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
    return this.#withLoaded('activate', async ({ state }) => {
      const { native, pins, log } = this.#options;
      state.stackFlows = true;
      state.mode = 'Active';
      this.#mode = 'Active';
      this.#drain = undefined;
      const layouts = await retireOthers(native, pins);
      if (layouts.length > 0) log.info('programs of another layout are gone', { layouts: layouts.join(' ') });
    });
  }

  /** One write: flows that exist are served, new ones go to the stack. */
  drain(): Promise<void> {
    return this.#withLoaded('drain', ({ state }) => {
      state.mode = 'Draining';
      this.#mode = 'Draining';
      this.#drain = { since: this.#now() };
      return Promise.resolve();
    });
  }

  /** The kernel's routes are others than they were: known flows find their way again. */
  moved(): void {
    this.#loaded?.state.moved();
  }

  /** What {@link setStackFlows} or {@link activate} said last. */
  get stackFlows(): boolean {
    return this.#loaded?.state.stackFlows ?? false;
  }

  /** Whether netfilter still translates flows that programs could meet. */
  setStackFlows(on: boolean): void {
    if (this.#loaded !== undefined) this.#loaded.state.stackFlows = on;
  }

  /** Forgets flows that are over; counts those of all families that a drain waits for; finds stranded sockets. */
  async sweep(timeouts: FlowTimeouts): Promise<NodeSweep | undefined> {
    const loaded = this.#loaded;
    if (loaded === undefined) return undefined;
    // A pass that began before the drain has not counted: it says nothing of what the drain waits for.
    const drain = this.#drain;
    const sweep = await loaded.sweep({
      timeouts: drain === undefined ? timeouts : drainTimeouts(timeouts),
      count: drain !== undefined,
    });
    if (drain !== undefined)
      drain.flows = [...sweep.flows.values()].reduce((sum, { translated }) => sum + translated, 0);
    return sweep;
  }

  /** Detaches everything and removes the pins: nothing of ours is left. */
  detach(): Promise<void> {
    return this.#serial.run(async () => {
      if (this.#loaded !== undefined) {
        this.#loaded.state.mode = 'Pass';
        await this.#takeOff(this.#loaded);
      }
      await rm(this.#options.pins.root, { recursive: true, force: true });
      this.#forget();
    });
  }

  /** Something in the calculators' inputs changed: written as soon as this turn of the event loop is over. */
  changed(change: (content: Content) => void): void {
    this.#missed?.changes.push(change);
    if (this.#loaded === undefined) return;
    this.#loaded.change(change);
    if (this.#flushQueued) return;
    this.#flushQueued = true;
    setImmediate(() => void this.#serial.run(() => this.#flush()));
  }

  /** Reads everything back, mends it, and puts programs back that somebody took away. */
  reconcile(): Promise<number> {
    return this.#withLoaded('reconcile', async (loaded) => {
      try {
        const repaired = await loaded.reconcile(() => this.#endpoints.values());
        const hooks = await loaded.attach(this.#interfaces());
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
    await this.#withLoaded('put', (loaded) => loaded.put(endpoint));
  }

  async remove(endpoint: LocalEndpoint): Promise<void> {
    this.#endpoints.delete(endpoint.ip);
    if (this.#missed !== undefined) this.#missed.endpoints = true;
    if (this.#loaded === undefined) return;
    await this.#withLoaded('remove', async (loaded) => {
      loaded.remove(endpoint);
      const used = [...this.#endpoints.values()].some(({ ifindex }) => ifindex === endpoint.ifindex);
      if (!used) await loaded.detach(endpoint.ifindex);
    });
  }

  /** Lets go of everything; kernel and traffic stay as they are. */
  async close(): Promise<void> {
    await this.#serial.idle();
    this.#loaded?.close();
    this.#loaded = undefined;
  }

  async #prepare(request: LoadRequest): Promise<NodePlanes> {
    const { cgroupRoot, ...options } = this.#options;
    const cgroup = await cgroupRoot();
    let planes: NodePlanes | undefined;
    try {
      planes = await NodePlanes.load(request, { ...options, cgroup, now: this.#now });
      await planes.fill(request.world);
      await planes.attach(this.#interfaces());
      await planes.dropOthers(this.#interfaces());
      return planes;
    } catch (error) {
      await this.#undo(planes);
      throw error;
    }
  }

  /** Of a load that failed nothing stays where nothing ran; what runs goes on as it was. */
  async #undo(planes: NodePlanes | undefined): Promise<void> {
    const { native, pins } = this.#options;
    if ((ownMode(native, pins) ?? 'Pass') !== 'Pass') {
      planes?.close();
      return;
    }
    if (planes !== undefined) await this.#takeOff(planes);
    await rm(dirname(pins.maps), { recursive: true, force: true });
    this.#loaded?.close();
    this.#forget();
    this.inspect();
  }

  async #takeOff(planes: NodePlanes): Promise<void> {
    const { pods, nics } = this.#interfaces();
    for (const ifindex of new Set([...pods, ...nics])) await planes.detach(ifindex);
    planes.close();
  }

  #forget(): void {
    this.#loaded = undefined;
    this.#verified = false;
    this.#drain = undefined;
    this.#mode = 'Absent';
  }

  /** What came while the maps were filled: the world was read once, at the start. */
  async #catchUp(loaded: NodePlanes, { changes, endpoints }: Missed): Promise<void> {
    if (changes.length === 0 && !endpoints) return;
    for (const change of changes) loaded.change(change);
    await loaded.reconcile(() => this.#endpoints.values());
    await loaded.attach(this.#interfaces());
  }

  #interfaces(): Interfaces {
    return { pods: new Set([...this.#endpoints.values()].map(({ ifindex }) => ifindex)), nics: this.#nics };
  }

  async #flush(): Promise<void> {
    this.#flushQueued = false;
    if (this.#loaded === undefined) return;
    try {
      await this.#loaded.flush();
    } catch (error) {
      this.#options.log.warn('maps could not be written, they will be read back and mended', { error });
      this.#problem = { reason: 'WriteFailed', message: messageOf(error) };
      this.#setVerified(false);
    }
    if (this.#loaded.udpChanged) this.onUdpChange();
    this.onChange();
  }

  #setVerified(verified: boolean): void {
    const before = this.#verified;
    this.#verified = verified;
    if (verified) this.#problem = undefined;
    if (before !== verified) this.onChange();
  }

  #withLoaded<T>(what: string, task: (loaded: NodePlanes) => Promise<T>): Promise<T> {
    return this.#serial.run(() => {
      if (this.#loaded === undefined) throw new NotLoadedError(what);
      return task(this.#loaded);
    });
  }
}
