/** The order in force and the configuration that it names. */
import type { AgentConfig } from '@margay/crds/agent-config.gen';
import { AgentConfigError, parseAgentConfig } from '@margay/crds/agent-config';
import { Backoff } from '@margay/lib/backoff';
import { messageOf } from '@margay/lib/errors';
import type { KubeClient } from '@margay/lib/kube-client';
import type { Logger } from '@margay/lib/log';
import type { KubeObject } from '@margay/lib/objects';
import { nodeDataplanes } from '@margay/crds/resources';
import { configMaps } from '@margay/lib/resources';
import type { ConfigFacts, Order } from '../node-mode/facts.ts';
import { commonConfig, configText } from '../watch/decode-order.ts';
import type { OrderStore } from './order-store.ts';

/** What {@link OrderKeeper} needs. */
export interface OrderKeeperOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly store: OrderStore;
  readonly log: Logger;
  readonly onChange: () => void;
}

/** The default of spec.bpf.drainTimeout. */
const DEFAULT_DRAIN_TIMEOUT_MS = 600_000;

interface Loaded {
  readonly name: string;
  readonly config: AgentConfig;
}

/** A missing object is no order: the last one stays in force. */
export class OrderKeeper {
  readonly #options: OrderKeeperOptions;
  readonly #backoff = new Backoff(500, 15_000);
  #order: Order | undefined;
  /** The last one that could be used: it stays in force while another cannot be read. */
  #loaded: Loaded | undefined;
  #unusable: { readonly name: string; readonly error: string } | undefined;
  #fetching = '';
  #closed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: OrderKeeperOptions) {
    this.#options = options;
  }

  get order(): Order | undefined {
    return this.#order;
  }

  /** Of the order in force, or the last one that could be used. */
  get config(): AgentConfig | undefined {
    return this.#loaded?.config;
  }

  /** By the last configuration that could be used, else by the Installation's default. */
  get drainTimeoutMs(): number {
    return this.#loaded?.config.bpf.drainTimeoutMs ?? DEFAULT_DRAIN_TIMEOUT_MS;
  }

  /** Begins with what an earlier agent was told. */
  async restore(): Promise<void> {
    const stored = await this.#options.store.load();
    if (stored === undefined) return;
    this.#order = stored.order;
    if (stored.config !== undefined) this.#loaded = { name: stored.order.configName, config: stored.config };
  }

  /** The operator's word. */
  set(order: Order | undefined): void {
    if (order === undefined) return;
    this.#order = order;
    if (this.#loaded?.name === order.configName) {
      // An order that was taken back: what it named is not wanted any more, however late it comes.
      this.#fetching = '';
      clearTimeout(this.#timer);
      this.#save();
    } else this.#fetch(order.configName);
    this.#options.onChange();
  }

  /**
   * There never was an order for this node, and perhaps there is no operator to give one: until it comes, the node has
   * its network by the configuration of its peers. Nothing else follows from it, and nothing is kept on disk.
   */
  borrow(): void {
    if (this.#order !== undefined || this.#closed) return;
    this.#borrowed().then(
      (loaded) => {
        if (this.#order !== undefined || loaded === undefined) return;
        this.#loaded = loaded;
        this.#options.log.info('no order yet, network by the configuration of the other nodes', {
          name: loaded.name,
        });
        this.#options.onChange();
      },
      (error: unknown) => {
        this.#options.log.warn('no order yet, nor a configuration of other nodes', {
          error: messageOf(error),
        });
        if (this.#order === undefined) this.#timer = setTimeout(() => this.borrow(), this.#backoff.next());
      },
    );
  }

  facts(): ConfigFacts {
    const loaded = this.#loaded;
    if (this.#order === undefined) return { state: 'Loading' };
    const { configName } = this.#order;
    if (this.#unusable?.name === configName) return { state: 'Unusable', message: this.#unusable.error };
    if (loaded?.name !== configName) return { state: 'Loading' };
    const { kubeProxy } = loaded.config;
    return {
      state: 'Ready',
      name: loaded.name,
      kubeProxyManaged: kubeProxy.management === 'Enabled',
      removeLeftovers: kubeProxy.iptablesCleanup,
    };
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #fetch(name: string): void {
    if (this.#fetching === name) return;
    this.#fetching = name;
    clearTimeout(this.#timer);
    void this.#read(name).then(
      (config) => this.#done(name, { name, config }),
      (error: unknown) => this.#failed(name, error),
    );
  }

  /** Undefined: no node has an order, and there is nobody to route to. */
  async #borrowed(): Promise<Loaded | undefined> {
    const { items } = await this.#options.client.list<KubeObject>(nodeDataplanes);
    const name = commonConfig(items);
    return name === undefined ? undefined : { name, config: await this.#read(name) };
  }

  async #read(name: string): Promise<AgentConfig> {
    const { client, namespace } = this.#options;
    const text = configText(await client.get<KubeObject>(configMaps, { namespace, name }));
    return parseAgentConfig(text ?? '');
  }

  #done(name: string, loaded: Loaded): void {
    if (this.#fetching !== name) return;
    this.#fetching = '';
    this.#loaded = loaded;
    this.#unusable = undefined;
    this.#backoff.reset();
    this.#save();
    this.#options.onChange();
  }

  /** Immutable, so that what is wrong in it stays wrong; but it may not be there yet, or nobody may answer. */
  #failed(name: string, error: unknown): void {
    if (this.#fetching !== name) return;
    this.#fetching = '';
    const { namespace, log } = this.#options;
    const message = `ConfigMap ${namespace}/${name}: ${messageOf(error)}`;
    log.warn('configuration could not be read or used', { name, error: message });
    if (error instanceof AgentConfigError) this.#unusable = { name, error: message };
    this.#timer = setTimeout(() => {
      if (this.#order?.configName === name) this.#fetch(name);
    }, this.#backoff.next());
    this.#options.onChange();
  }

  #save(): void {
    const { config } = this;
    const order = this.#order;
    if (order === undefined) return;
    this.#options.store.save(config === undefined ? { order } : { order, config }).catch((error: unknown) => {
      this.#options.log.warn('order could not be kept on disk', { error: messageOf(error) });
    });
  }
}
