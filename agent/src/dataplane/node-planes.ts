/**
 * All address families of a node as one: loaded together or not at all, and from then on filled, read back, attached
 * and collected together. They share the map `state`, so that one write switches every hook of every family.
 */
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { BpfMap, Native } from '@margay/addon/api';
import type { ConnectedSocket } from '@margay/addon/netlink-api';
import { isKernelError } from '@margay/addon/errors';
import type { Logger } from '@margay/lib/log';
import type { FrontendTarget } from '../calc/frontend-table.ts';
import type { Family } from '../calc/ip.ts';
import { abiOf } from '../calc/layout.ts';
import { addressesText, FAMILIES, familiesOf, type ByFamily } from '../calc/node-families.ts';
import type { LocalEndpoint } from '../ports.ts';
import type { Sweep, SweepOptions } from './conntrack.ts';
import { Content } from './content.ts';
import type { World } from './content.ts';
import type { FamilySettings, ProgramSettings } from './family.ts';
import { FamilyDataplane, LoadError } from './family.ts';
import type { Hook } from './hooks.ts';
import { cgroupHooks, Hooks, nicHooks, podHooks } from './hooks.ts';
import type { PinPaths } from './paths.ts';
import type { StateMap } from './state.ts';

/** What is loaded, and for whom. */
export interface LoadRequest {
  readonly configName: string;
  readonly settings: ProgramSettings;
  /** By family the source of what the node translates: at least one; these are the families that are loaded. */
  readonly nodeAddresses: ByFamily<string>;
  readonly tcx: boolean;
  readonly world: World;
}

/** Where things are. */
export interface PlanesOptions {
  readonly native: Native;
  readonly nodeName: string;
  readonly log: Logger;
  readonly pins: PinPaths;
  /** Where `margay4.bpf.o` and `margay6.bpf.o` are. */
  readonly objectDir: string;
  /** The node's cgroup2 root. */
  readonly cgroup: string;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** One family's programs, and what keeps its maps as they should be. */
export interface Plane {
  readonly family: FamilyDataplane;
  readonly content: Content;
}

/** Indexes of the interfaces that have programs. */
export interface Interfaces {
  readonly pods: ReadonlySet<number>;
  readonly nics: readonly number[];
}

/** A frontend as kube-proxy's counterpart asks for it. */
export interface NodeFrontend {
  readonly family: Family;
  readonly target: FrontendTarget;
  readonly name: string;
  readonly hasEndpoints: boolean;
}

/** What a pass found. */
export interface NodeSweep {
  readonly flows: ReadonlyMap<Family, Sweep>;
  /** Sockets of the host whose UDP backend is gone; only those that are connected need to be ended. */
  readonly stranded: readonly ConnectedSocket[];
}

/** See the file comment. Made by {@link NodePlanes.load}; calls must not overlap. */
export class NodePlanes {
  readonly configName: string;
  /** As `addressesText()` writes those of the request. */
  readonly nodeAddress: string;
  readonly planes: readonly [Plane, ...Plane[]];
  readonly #options: PlanesOptions;
  readonly #tcx: boolean;

  private constructor(planes: readonly [Plane, ...Plane[]], request: LoadRequest, options: PlanesOptions) {
    this.planes = planes;
    this.configName = request.configName;
    this.nodeAddress = addressesText(request.nodeAddresses);
    this.#options = options;
    this.#tcx = request.tcx;
  }

  /** Loads programs and makes maps; nothing is attached or filled yet. Rejects with `LoadError` when one family fails. */
  static async load(request: LoadRequest, options: PlanesOptions): Promise<NodePlanes> {
    const loaded: Plane[] = [];
    try {
      for (const family of familiesOf(request.nodeAddresses)) {
        const nodeAddress = request.nodeAddresses[family] ?? '';
        loaded.push(
          await loadPlane(family, { ...request.settings, nodeAddress }, { ...options, ...request }),
        );
      }
      const [first, ...others] = loaded;
      if (first === undefined)
        throw new LoadError('the node has no address of any family', { code: 'NoNodeAddress' });
      return new NodePlanes([first, ...others], request, options);
    } catch (error) {
      for (const { family } of loaded) family.close();
      throw error;
    }
  }

  /** In the order in which they were loaded. */
  get families(): readonly Family[] {
    return this.planes.map(({ family }) => family.abi.family);
  }

  /** Of all families. */
  get state(): StateMap {
    return this.planes[0].family.state;
  }

  /** Of all families: the per-CPU array of `struct mg_counter`. */
  get counters(): BpfMap {
    return this.planes[0].family.counters;
  }

  /** One family's; undefined when it is not loaded. */
  plane(family: Family): Plane | undefined {
    return this.planes.find((plane) => plane.family.abi.family === family);
  }

  /** Makes the maps what the world wants, and reads them back. */
  async fill(world: World): Promise<void> {
    for (const { content } of this.planes) await content.start(world);
  }

  /** Tells every family's calculators. */
  change(change: (content: Content) => void): void {
    for (const { content } of this.planes) change(content);
  }

  /** Writes what changed. A family that fails does not keep the others from it; then the call rejects. */
  flush(): Promise<number> {
    return this.#sum(({ content }) => content.flush());
  }

  /** Reads everything back and mends it; as {@link flush}. Resolves to how many entries differed. */
  reconcile(endpoints: () => Iterable<LocalEndpoint>): Promise<number> {
    return this.#sum(({ content }) => content.reconcile(endpoints()));
  }

  /** Programs of every family at every hook, and at no other. Resolves to how many had to be attached or taken off. */
  async attach({ pods, nics }: Interfaces): Promise<number> {
    const outer = nics.filter((ifindex) => !pods.has(ifindex));
    const interfaces = [...[...pods].flatMap(podHooks), ...outer.flatMap(nicHooks)];
    let changes = 0;
    for (const hook of interfaces) {
      for (const { family } of this.planes) changes += await ensure(family, hook);
    }
    for (const { family } of this.planes) {
      const sockets = cgroupHooks(this.#options.cgroup, family.abi.family);
      for (const hook of sockets) changes += await ensure(family, hook);
      changes += await family.hooks.prune([...interfaces, ...sockets]);
    }
    return changes;
  }

  /** Takes all programs off one interface, which may be gone already. */
  async detach(ifindex: number): Promise<void> {
    for (const { family } of this.planes) await family.hooks.detach(ifindex);
  }

  /** Families that an earlier agent loaded and this node has no longer: off the interfaces, maps too. */
  async dropOthers({ pods, nics }: Interfaces): Promise<void> {
    const { native, pins } = this.#options;
    for (const family of FAMILIES.filter((one) => !this.families.includes(one))) {
      const maps = (await readdir(pins.maps)).filter((name) => name.endsWith(String(family)));
      if (maps.length === 0) continue;
      const hooks = new Hooks(native, pins.links, { family, tcx: this.#tcx });
      for (const ifindex of [...pods, ...nics]) await hooks.detach(ifindex);
      await hooks.prune([]);
      for (const name of maps) await unlink(join(pins.maps, name));
    }
  }

  /** Hooks first: an entry makes other pods' packets go there, and the answers must be seen. */
  async put(endpoint: LocalEndpoint): Promise<void> {
    for (const { family } of this.planes) {
      const entry = family.endpointEntry(endpoint);
      if (entry === undefined) continue;
      for (const hook of podHooks(endpoint.ifindex)) {
        for (const plane of this.planes)
          await plane.family.hooks.ensure(hook, plane.family.program(hook.program));
      }
      family.endpoints.put(entry);
      this.state.moved();
    }
  }

  /** The entry alone: the interface may have other addresses. */
  remove(endpoint: LocalEndpoint): void {
    for (const { family } of this.planes) {
      const entry = family.endpointEntry(endpoint);
      if (entry === undefined) continue;
      family.endpoints.remove(entry.key);
      this.state.moved();
    }
  }

  /** One pass over each family's conntrack, and over its sockets where UDP backends changed. */
  async sweep(options: Pick<SweepOptions, 'timeouts' | 'count'>): Promise<NodeSweep> {
    const flows = new Map<Family, Sweep>();
    const stranded: ConnectedSocket[] = [];
    for (const { family, content } of this.planes) {
      const live = content.takeUdpChange();
      const stale: Pick<SweepOptions, 'stale'> =
        live === undefined ? {} : { stale: ({ key, value }) => live.isStale(key.proto, value) };
      flows.set(family.abi.family, await family.conntrack.sweep({ ...options, ...stale }));
      if (live !== undefined) stranded.push(...(await family.sockets.stranded(live)));
    }
    return { flows, stranded };
  }

  /** UDP frontends of some family changed since the last {@link sweep}. */
  get udpChanged(): boolean {
    return this.planes.some(({ content }) => content.udpChanged);
  }

  /** Maps that are too small, in words for people; undefined when everything fits. */
  shortage(): string | undefined {
    const texts = this.planes.flatMap(({ content }) => content.shortage() ?? []);
    return texts.length === 0 ? undefined : texts.join('; ');
  }

  /** Everything that kube-proxy must serve before these programs may go. */
  *frontends(): Generator<NodeFrontend> {
    for (const { family, content } of this.planes) {
      for (const frontend of content.services.frontends()) yield { family: family.abi.family, ...frontend };
    }
  }

  /** Frontends in the maps. */
  get frontendCount(): number {
    return this.planes.reduce((sum, { content }) => sum + content.services.usage.frontends, 0);
  }

  /** Ready endpoints of a Service on this node; a pod with an address of each family is one. */
  localEndpoints(service: string): number {
    return Math.max(...this.planes.map(({ content }) => content.services.localEndpoints(service)));
  }

  /** Entries written, and those that somebody else had changed, since the load. */
  get stats(): { readonly written: number; readonly repaired: number } {
    const sum = (pick: (content: Content) => number): number =>
      this.planes.reduce((total, { content }) => total + pick(content), 0);
    return { written: sum(({ stats }) => stats.written), repaired: sum(({ stats }) => stats.repaired) };
  }

  close(): void {
    for (const { family } of this.planes) family.close();
  }

  async #sum(task: (plane: Plane) => Promise<number>): Promise<number> {
    const results: PromiseSettledResult<number>[] = [];
    for (const plane of this.planes) results.push(...(await Promise.allSettled([task(plane)])));
    let total = 0;
    for (const result of results) {
      if (result.status === 'rejected') throw result.reason;
      total += result.value;
    }
    return total;
  }
}

async function loadPlane(
  family: Family,
  settings: FamilySettings,
  options: PlanesOptions & { readonly tcx: boolean },
): Promise<Plane> {
  const { native, pins, objectDir, tcx, nodeName, log, now } = options;
  const objectPath = join(objectDir, `margay${family}.bpf.o`);
  const loaded = await FamilyDataplane.load(settings, { native, abi: abiOf(family), objectPath, pins, tcx });
  return { family: loaded, content: new Content(loaded, { nodeName, log, now }) };
}

/** Resolves to 1 when the program had to be attached. */
async function ensure(family: FamilyDataplane, hook: Hook): Promise<number> {
  try {
    return (await family.hooks.ensure(hook, family.program(hook.program))) === 'Attached' ? 1 : 0;
  } catch (error) {
    // The interface went away a moment ago: netlink will say so.
    if (isKernelError(error, 'ENODEV', 'EINVAL') && hook.kind === 'tc') return 0;
    throw error;
  }
}
