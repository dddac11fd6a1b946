/** Keeps routes, NAT for egress and the CNI configuration as the cluster and the settings want them. */
import type { AgentConfig } from '@margay/crds/agent-config.gen';
import { Backoff } from '@margay/lib/backoff';
import { messageOf } from '@margay/lib/errors';
import type { Logger } from '@margay/lib/log';
import type { LocalFacts } from '../calc/node-routes.ts';
import { RouteCalculator } from '../calc/node-routes.ts';
import type { NodeRecord } from '../calc/records.ts';
import type { CniSetup, Fabric, FabricSettings } from '../ports.ts';
import { Loop } from './loop.ts';

/** What {@link FabricKeeper} needs. */
export interface FabricKeeperOptions {
  readonly nodeName: string;
  readonly fabric: Fabric;
  readonly cni: CniSetup;
  readonly log: Logger;
  /** Which dataplane is in place for new pods; undefined while none is, and pods must wait. */
  readonly servedBy: () => 'BPF' | 'Standard' | undefined;
}

/** Somebody may have changed what is there. */
const AGAIN_MS = 60_000;

/** See the file comment. Does nothing before it has settings. */
export class FabricKeeper {
  readonly #options: FabricKeeperOptions;
  readonly #routes: readonly RouteCalculator[];
  readonly #loop: Loop;
  readonly #backoff = new Backoff(500, 30_000);
  #config: AgentConfig | undefined;
  #nodesListed = false;

  constructor(options: FabricKeeperOptions) {
    this.#options = options;
    this.#routes = ([4, 6] as const).map((family) => new RouteCalculator(family, options.nodeName));
    this.#loop = new Loop(() => this.#round());
  }

  /** Pod CIDRs of this node. */
  localPodCidrs(): readonly string[] {
    return this.#routes.flatMap((routes) => routes.podCidrs().local);
  }

  setNode(name: string, record: NodeRecord | undefined): void {
    for (const routes of this.#routes) routes.setNode(name, record);
    this.#loop.ask();
  }

  /** Before that, routes of Nodes that are not listed yet would be removed. */
  nodesListed(): void {
    this.#nodesListed = true;
    this.#loop.ask();
  }

  setLocal(facts: LocalFacts): void {
    for (const routes of this.#routes) routes.setLocal(facts);
    this.#loop.ask();
  }

  setConfig(config: AgentConfig | undefined): void {
    this.#config = config;
    this.#loop.ask();
  }

  /** What {@link FabricKeeperOptions.servedBy} says may have changed. */
  look(): void {
    this.#loop.ask();
  }

  close(): void {
    this.#loop.close();
  }

  #settings(config: AgentConfig): FabricSettings {
    const { network, bpf, excludeCIDRsFromNAT } = config;
    return {
      peers: network.cni === 'Margay' ? this.#routes.flatMap((routes) => routes.peers()) : [],
      localPodCidrs: this.localPodCidrs(),
      clusterCidrs: [...this.#routes.flatMap((routes) => routes.podCidrs().all), ...network.podCIDRs],
      nodeAddresses: this.#routes.flatMap((routes) => routes.nodeAddresses()),
      encapsulation: network.encapsulation,
      natOutgoing: network.natOutgoing,
      excludeFromNat: excludeCIDRsFromNAT,
      mtu: network.mtu,
      markBit: bpf.markBit,
    };
  }

  async #round(): Promise<number | undefined> {
    const config = this.#config;
    if (config === undefined || !this.#nodesListed) return undefined;
    const { fabric, log } = this.#options;
    try {
      for (const sentence of await fabric.apply(this.#settings(config)))
        log.warn('fabric', { reason: sentence });
      await this.#applyCni(config.network);
      this.#backoff.reset();
      return AGAIN_MS;
    } catch (error) {
      log.warn('routes or CNI configuration could not be applied, trying again', { error: messageOf(error) });
      return this.#backoff.next();
    }
  }

  /** In Standard mode a pod needs nothing of the agent, and must start also after the agent has gone for good. */
  async #applyCni({ cni: mode, mtu }: AgentConfig['network']): Promise<void> {
    const { cni, servedBy } = this.#options;
    const settings = { mode, podCidrs: this.localPodCidrs(), mtu };
    const dataplane = servedBy();
    if (dataplane === 'BPF') await cni.apply(settings);
    else if (dataplane === 'Standard') await cni.leaveFabric(settings);
  }
}
