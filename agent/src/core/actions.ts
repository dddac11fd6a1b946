/** Carries out what the state machine decides. */
import { release } from 'node:os';
import type { FeatureName, Features, Native } from '@margay/addon/api';
import type { AgentConfig } from '@margay/crds/agent-config.gen';
import { MargayError, messageOf } from '@margay/lib/errors';
import type { ByFamily } from '../calc/node-families.ts';
import type { World } from '../dataplane/content.ts';
import type { Dataplane } from '../dataplane/dataplane.ts';
import type { Action, FeatureFacts } from '../node-mode/facts.ts';
import { foreignOn, type Signs } from '../node-mode/foreign.ts';
import type { FrontendRef } from '../ports.ts';
import type { KubeProxyView } from './kube-proxy-view.ts';

/** Without these nothing can be served; what is absent is named so. */
const NEEDED: readonly (readonly [FeatureName, string])[] = [
  ['btf', 'the kernel has no BTF (/sys/kernel/btf/vmlinux): build it with CONFIG_DEBUG_INFO_BTF=y'],
  ['redirectPeer', 'the kernel has no bpf_redirect_peer (5.10)'],
  ['redirectNeigh', 'the kernel has no bpf_redirect_neigh (5.10)'],
  ['jiffies', 'programs cannot call bpf_jiffies64 (5.6)'],
  ['getpeername', 'the kernel has no cgroup hook for getpeername (5.8)'],
  ['cgroupLink', 'programs cannot be attached to cgroups by link (5.7)'],
];

/** What {@link Actions} needs. */
export interface ActionsOptions {
  readonly native: Native;
  readonly dataplane: Dataplane;
  readonly kubeProxy: KubeProxyView;
  readonly cgroupRoot: () => Promise<string>;
  /** What another dataplane may have left, or have in use. */
  readonly signs: () => Promise<Signs>;
  /** As they are when an action begins. */
  readonly config: () => { readonly name: string; readonly config: AgentConfig } | undefined;
  /** By family the address of this node. */
  readonly nodeAddresses: () => ByFamily<string>;
  readonly world: World;
}

/** See the file comment. */
export class Actions {
  readonly #options: ActionsOptions;
  #features: Features | undefined;
  #facts: FeatureFacts = { state: 'Unknown' };

  constructor(options: ActionsOptions) {
    this.#options = options;
  }

  /** What the probe found. */
  get featureFacts(): FeatureFacts {
    return this.#facts;
  }

  /** By name; empty before the probe. */
  get features(): Readonly<Record<string, boolean>> {
    const found = Object.entries(this.#features ?? {});
    return Object.fromEntries(
      found.filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'),
    );
  }

  /** Rejects when the action failed; it may be tried again. */
  async perform(action: Action): Promise<void> {
    const { dataplane, kubeProxy } = this.#options;
    switch (action) {
      case 'Probe':
        return this.#probe();
      case 'Load':
        return this.#load();
      case 'Activate':
        return dataplane.activate();
      case 'Drain':
        return dataplane.drain();
      case 'Detach':
        return dataplane.detach();
      case 'LookAtKubeProxy':
        return kubeProxy.look(this.#frontends());
      case 'RemoveLeftovers':
        return kubeProxy.removeLeftovers();
    }
  }

  async #probe(): Promise<void> {
    try {
      this.#features = await this.#options.native.probe();
      const { failures, ...found } = this.#features;
      const missing = NEEDED.filter(([name]) => !found[name]).map(
        ([name, text]) => `${text} (this is ${release()}: ${failures[name] ?? 'not there'})`,
      );
      const cgroup = await this.#options.cgroupRoot().then(
        () => [],
        (error: unknown) => [messageOf(error)],
      );
      const foreign = foreignOn(await this.#options.signs());
      this.#facts = {
        state: 'Known',
        missing: [...missing, ...cgroup],
        ...(foreign === undefined ? {} : { foreign }),
      };
    } catch (error) {
      this.#facts = {
        state: 'Failed',
        message: `the kernel could not be probed: ${messageOf(error)}. Is the agent's pod privileged?`,
      };
    }
  }

  async #load(): Promise<void> {
    const { dataplane, config: current, world } = this.#options;
    const chosen = current();
    if (chosen === undefined)
      throw new MargayError('no configuration', { code: 'NoConfiguration', retryable: true });
    const { network, bpf, connectTimeLoadBalancing } = chosen.config;
    await dataplane.load({
      configName: chosen.name,
      tcx: this.#features?.tcxLink === true,
      world,
      nodeAddresses: this.#options.nodeAddresses(),
      settings: {
        markBit: bpf.markBit,
        natOutgoing: network.natOutgoing,
        connectTcp: connectTimeLoadBalancing === 'TCP',
        conntrackEntries: bpf.conntrackEntries,
        serviceEntries: bpf.serviceEntries,
      },
    });
  }

  #frontends(): FrontendRef[] {
    const all = this.#options.dataplane.loaded?.frontends() ?? [];
    return [...all].map(({ family, name, target, hasEndpoints }) => ({
      name,
      ...(target.address === '' ? {} : { address: target.address }),
      port: target.port,
      protocol: target.protocol,
      family,
      hasEndpoints,
    }));
  }
}
