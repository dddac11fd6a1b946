/** What is done to the kernel again and again: flows that are over are forgotten, maps and programs are read back. */
import type { ConnectedSocket, Netlink } from '@margay/addon/netlink-api';
import { messageOf } from '@margay/lib/errors';
import type { Logger } from '@margay/lib/log';
import type { FlowTimeouts } from '../calc/flows.ts';
import type { Family } from '../calc/ip.ts';
import type { Sweep } from '../dataplane/conntrack.ts';
import type { Dataplane } from '../dataplane/dataplane.ts';
import type { NodeFabric } from '../fabric/node-fabric.ts';
import { every } from './every.ts';
import type { KubeProxyView } from './kube-proxy-view.ts';
import { Loop } from './loop.ts';

/** What {@link Upkeep} needs. */
export interface UpkeepOptions {
  readonly dataplane: Dataplane;
  readonly fabric: NodeFabric;
  readonly netlink: Pick<Netlink, 'destroyUdpSockets'>;
  readonly kubeProxy: KubeProxyView;
  readonly log: Logger;
  /** How long flows live without packets; undefined before there are any settings. */
  readonly timeouts: () => FlowTimeouts | undefined;
  /** Netfilter translates for Services on this node, as far as the cluster shows. */
  readonly netfilterServes: () => boolean;
  /** Called after each pass that a drain waits for. */
  readonly drained: () => void;
}

/** Pauses of what is done again and again, milliseconds. */
const PAUSE = { sweep: 10_000, drain: 1000, stackFlows: 5000, reconcile: 30_000, handover: 15_000 } as const;

/** Distances between what may be asked for at any time, milliseconds. */
const GAP = { sweep: 500, reconcile: 2000 } as const;

/** See the file comment. */
export class Upkeep {
  readonly #options: UpkeepOptions;
  readonly #sweeper = new Loop(() => this.#sweep(), GAP.sweep);
  readonly #mender = new Loop(() => this.#mend(), GAP.reconcile);
  #sweeps: ReadonlyMap<Family, Sweep> | undefined;
  #socketsEnded = 0;
  /** Said once: the kernel has no SOCK_DESTROY, and will not get it. */
  #cannotEnd = false;

  constructor(options: UpkeepOptions) {
    this.#options = options;
  }

  /** The last pass over each family's conntrack; undefined before the first. */
  get sweeps(): ReadonlyMap<Family, Sweep> | undefined {
    return this.#sweeps;
  }

  /** Connected UDP sockets of the host that were ended with their backend, since the start. */
  get socketsEnded(): number {
    return this.#socketsEnded;
  }

  /** Begins; what is repeated by the clock ends with the signal, the rest by {@link close}. */
  start(signal: AbortSignal): void {
    const repeat = (what: string, pause: number, task: () => Promise<void>): void => {
      every(pause, task, { signal, onError: (error) => this.#failed(what, error) });
    };
    repeat('kernel conntrack', PAUSE.stackFlows, () => this.#lookForStackFlows());
    repeat('handover table', PAUSE.handover, () => this.#options.kubeProxy.finishHandover());
    this.#sweeper.ask();
    this.#mender.ask();
  }

  /** Flows may lead to backends that are gone. */
  sweepSoon(): void {
    this.#sweeper.ask();
  }

  /** The kernel may not hold what it should. */
  mendSoon(): void {
    this.#mender.ask();
  }

  close(): void {
    this.#sweeper.close();
    this.#mender.close();
  }

  /** Forgets flows that are over; while draining also the way to know that the drain is. */
  async #sweep(): Promise<number> {
    const { dataplane, timeouts, drained } = this.#options;
    const draining = dataplane.facts().mode === 'Draining';
    const limits = timeouts();
    try {
      if (limits !== undefined) await this.#sweepWith(limits);
    } catch (error) {
      this.#failed('conntrack', error);
    }
    if (draining) drained();
    return draining ? PAUSE.drain : PAUSE.sweep;
  }

  async #sweepWith(limits: FlowTimeouts): Promise<void> {
    const sweep = await this.#options.dataplane.sweep(limits);
    if (sweep === undefined) return;
    this.#sweeps = sweep.flows;
    if (sweep.stranded.length > 0) await this.#end(sweep.stranded);
  }

  /** UDP tells nobody that the other end is gone, and a connected socket would speak to it for ever. */
  async #end(sockets: readonly ConnectedSocket[]): Promise<void> {
    const { log, netlink } = this.#options;
    try {
      const ended = await netlink.destroyUdpSockets(sockets);
      this.#socketsEnded += ended;
      if (ended > 0) log.debug('connected UDP sockets have lost their backend', { ended });
    } catch (error) {
      const message =
        'UDP sockets whose backend is gone cannot be ended: their owners must notice by themselves';
      if (!this.#cannotEnd) log.warn(message, { error: messageOf(error) });
      this.#cannotEnd = true;
    }
  }

  /** Netfilter may translate for a Service: kube-proxy runs, some are left to it, or older flows live on. */
  async #lookForStackFlows(): Promise<void> {
    const { dataplane, fabric, netfilterServes } = this.#options;
    if (dataplane.facts().mode !== 'Active') return;
    const serves = netfilterServes();
    // Once none is left none can come while netfilter serves nobody: its whole table is not read for nothing.
    if (!serves && !dataplane.stackFlows) return;
    dataplane.setStackFlows(serves || (await fabric.natFlowsLeft()));
  }

  /** Reads everything back; what somebody else changed is put back. */
  async #mend(): Promise<number> {
    const { dataplane, log } = this.#options;
    if (dataplane.loaded === undefined) return PAUSE.reconcile;
    try {
      const repaired = await dataplane.reconcile();
      if (repaired > 0) {
        const message = 'maps or programs were changed by somebody else and are put back';
        log.warn(message, { entries: repaired });
      }
      return PAUSE.reconcile * (0.9 + Math.random() / 5);
    } catch (error) {
      this.#failed('reconcile', error);
      return GAP.reconcile;
    }
  }

  #failed(what: string, error: unknown): void {
    this.#options.log.warn('could not be done, trying again', { what, error: messageOf(error) });
  }
}
