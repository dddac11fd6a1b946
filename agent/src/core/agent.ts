/** The agent: what it watches, what it keeps, and the loop that brings order and node together. */
import { release } from 'node:os';
import type { Native } from '@margay/addon/api';
import type { Netlink } from '@margay/addon/netlink-api';
import { Backoff } from '@margay/lib/backoff';
import { messageOf } from '@margay/lib/errors';
import type { Logger } from '@margay/lib/log';
import type { HealthServer } from '@margay/lib/metrics';
import { createRegistry, serveHealth } from '@margay/lib/metrics';
import { layoutVersion } from '../abi/types.gen.ts';
import { addressesText } from '../calc/node-families.ts';
import { UnsupportedTracker } from '../calc/unsupported-tracker.ts';
import { AttachmentServer } from '../cni/server.ts';
import { Dataplane } from '../dataplane/dataplane.ts';
import { cgroupRoot, pinPaths } from '../dataplane/paths.ts';
import { NodeEndpoints } from '../endpoints-local/node-endpoints.ts';
import { NodeFabric } from '../fabric/node-fabric.ts';
import { NodeLeftovers } from '../kube-proxy/leftovers.ts';
import { NodeKubeProxyProbe } from '../kube-proxy/probe.ts';
import type { Action, Decision, ModeInputs } from '../node-mode/facts.ts';
import { decide } from '../node-mode/machine.ts';
import { StatusWriter } from '../status/writer.ts';
import { ClusterWatch } from '../watch/cluster.ts';
import { Actions } from './actions.ts';
import type { ApiAccess } from './api.ts';
import { cniSetup } from './cni-setup.ts';
import { readSigns } from './foreign-signs.ts';
import { FabricKeeper } from './fabric-keeper.ts';
import { HealthPorts } from './health-ports.ts';
import { KubeProxyView } from './kube-proxy-view.ts';
import { Listener } from './listener.ts';
import { LocalNode } from './local-node.ts';
import { Loop } from './loop.ts';
import { registerMetrics } from './metrics.ts';
import { NodeWorld } from './node-world.ts';
import type { AgentOptions } from './options.ts';
import { OrderKeeper } from './order-keeper.ts';
import { OrderStore } from './order-store.ts';
import { Upkeep } from './upkeep.ts';

/** What an agent is made of from outside. */
export interface AgentParts {
  readonly options: AgentOptions;
  readonly version: string;
  readonly log: Logger;
  readonly native: Native;
  readonly netlink: Netlink;
  readonly api: ApiAccess;
}

const now = (): number => performance.now();

/** See the file comment. Made once a process. */
export class Agent {
  readonly #parts: AgentParts;
  readonly #dataplane: Dataplane;
  readonly #fabric: NodeFabric;
  readonly #fabricKeeper: FabricKeeper;
  readonly #kubeProxy: KubeProxyView;
  readonly #healthPorts: HealthPorts;
  readonly #orders: OrderKeeper;
  readonly #tracker = new UnsupportedTracker();
  readonly #status: StatusWriter;
  readonly #cluster: ClusterWatch;
  readonly #world: NodeWorld;
  readonly #local: LocalNode;
  readonly #endpoints: NodeEndpoints;
  readonly #cni: AttachmentServer;
  readonly #actions: Actions;
  readonly #upkeep: Upkeep;
  readonly #loop = new Loop(() => this.#round());
  readonly #backoff = new Backoff(500, 15_000);
  #retryAt = 0;
  #last: Decision = {};

  constructor(parts: AgentParts) {
    this.#parts = parts;
    const { options, log, native, netlink, api } = parts;
    const { nodeName } = options;
    const findCgroup =
      options.cgroup === '' ? cgroupRoot : (): Promise<string> => Promise.resolve(options.cgroup);
    const { client } = api;
    this.#dataplane = new Dataplane({
      native,
      nodeName,
      log,
      pins: pinPaths(options.bpffs),
      objectDir: options.objectDir,
      cgroupRoot: findCgroup,
      now,
    });
    this.#dataplane.onChange = () => this.#kernelChanged();
    this.#dataplane.onUdpChange = () => this.#upkeep.sweepSoon();
    this.#fabric = new NodeFabric({ netlink });
    this.#fabricKeeper = this.#keepFabric();
    this.#kubeProxy = this.#viewKubeProxy();
    this.#healthPorts = this.#answerLoadBalancers();
    this.#upkeep = this.#keepUp();
    this.#orders = new OrderKeeper({
      client,
      namespace: options.namespace,
      store: new OrderStore(options.stateDir),
      log,
      onChange: () => this.#newOrder(),
    });
    this.#status = new StatusWriter({ client, nodeName, log });
    this.#cluster = this.#watch();
    this.#local = this.#interfaces();
    this.#world = this.#gather();
    this.#endpoints = new NodeEndpoints({
      netlink,
      onError: (error) => log.warn("a pod's interface is not in the maps yet", { error: messageOf(error) }),
    });
    this.#cni = this.#attachments();
    this.#actions = new Actions({
      native,
      dataplane: this.#dataplane,
      kubeProxy: this.#kubeProxy,
      cgroupRoot: findCgroup,
      signs: () => readSigns(netlink, options.bpffs),
      config: () => this.#config(),
      nodeAddresses: () => this.#world.nodeAddresses(),
      world: this.#world,
    });
  }

  /** Runs until the signal aborts; everything that is attached stays attached. Rejects when it cannot go on. */
  async run(signal: AbortSignal): Promise<void> {
    const { log, options } = this.#parts;
    const health = await this.#serve();
    try {
      this.#dataplane.inspect();
      await this.#orders.restore();
      this.#newOrder();
      await this.#local.start();
      await this.#endpoints.start(this.#dataplane);
      this.#dataplane.endpointsListed();
      await this.#cni.listen(options.socket);
      this.#upkeep.start(signal);
      const unlisten = this.#parts.api.client.endpoints.listen(() => this.#loop.ask());
      log.info('agent runs', {
        node: options.nodeName,
        version: this.#parts.version,
        kernel: this.#dataplane.facts().mode,
      });
      await this.#cluster.run(signal);
      unlisten();
    } finally {
      await this.#close(health);
    }
  }

  /** What the state machine decides from, as it is now. */
  inputs(): ModeInputs {
    const { order } = this.#orders;
    return {
      ...(order === undefined ? {} : { order }),
      config: this.#orders.facts(),
      drainTimeoutMs: this.#orders.drainTimeoutMs,
      listsComplete: this.#cluster.complete,
      features: this.#actions.featureFacts,
      families: this.#world.families(),
      nodeAddress: addressesText(this.#world.nodeAddresses()),
      api: this.#parts.api.facts(),
      kernel: this.#dataplane.facts(),
      unsupported: this.#tracker.list(),
      kubeProxy: this.#kubeProxy.facts(),
    };
  }

  async #round(): Promise<number | undefined> {
    this.#healthPorts.serve(this.#dataplane.facts().mode === 'Active' && !this.#kubeProxy.facts().pod);
    if (this.#kubeProxyMatters()) this.#dataplane.setStackFlows(true);
    const decision = decide(this.inputs());
    this.#publish(decision);
    const { action, again } = decision;
    if (action === undefined) return again;
    const wait = this.#retryAt - now();
    if (wait > 0) return wait;
    return this.#perform(action);
  }

  async #perform(action: Action): Promise<number | undefined> {
    const { log } = this.#parts;
    const start = now();
    try {
      await this.#actions.perform(action);
      const level = action === 'LookAtKubeProxy' ? 'debug' : 'info';
      log[level]('done', { action, ms: Math.round(now() - start) });
      this.#backoff.reset();
      this.#loop.ask();
      return undefined;
    } catch (error) {
      log.warn('action failed, trying again', { action, error: messageOf(error) });
      const pause = this.#backoff.next();
      this.#retryAt = now() + pause;
      this.#publish(decide(this.inputs()));
      return pause;
    }
  }

  #publish(decision: Decision): void {
    const before = this.#servedBy();
    this.#last = decision;
    const { order } = this.#orders;
    if (decision.status === undefined || order === undefined) return;
    this.#status.submit(decision.status, {
      order,
      identity: { kernel: release(), agentVersion: this.#parts.version, layout: layoutVersion },
      features: this.#actions.features,
      leftovers: this.#kubeProxy.kept,
      now: new Date(),
    });
    if (before !== this.#servedBy()) this.#fabricKeeper.look();
  }

  #servedBy(): 'BPF' | 'Standard' | undefined {
    if (this.#orders.order === undefined)
      return this.#dataplane.facts().mode === 'Absent' ? 'Standard' : undefined;
    const mode = this.#last.status?.mode;
    if (mode === 'Standard') return mode;
    return mode === 'BPF' && this.#dataplane.facts().verified ? mode : undefined;
  }

  #config(): { name: string; config: NonNullable<OrderKeeper['config']> } | undefined {
    const facts = this.#orders.facts();
    const { config } = this.#orders;
    return facts.state === 'Ready' && config !== undefined ? { name: facts.name, config } : undefined;
  }

  /** Order or configuration changed. */
  #newOrder(): void {
    const { config } = this.#orders;
    if (config !== undefined)
      this.#kubeProxy.setDaemonSet(`${config.kubeProxy.namespace}/${config.kubeProxy.name}`);
    this.#fabricKeeper.setConfig(config);
    this.#familiesChanged();
    this.#localChanged();
    this.#loop.ask();
  }

  /** The Node or the pod networks may show other families: what is not served changes with them. */
  #familiesChanged(): void {
    const families = this.#world.families();
    // A Node that is gone or has no address yet says nothing: what was known stays.
    if (families.length > 0 && this.#tracker.setFamilies(families, this.#world.services())) this.#loop.ask();
  }

  #localChanged(): void {
    this.#fabricKeeper.setLocal(this.#world.localFacts());
    this.#dataplane.changed(({ services, routes }) => {
      services.setNode(this.#world.nodeFacts());
      routes.setLocal(this.#world.localFacts());
    });
    this.#dataplane.setNics(this.#local.view.nics);
  }

  #watch(): ClusterWatch {
    const { options, log, api } = this.#parts;
    const listener = new Listener({
      nodeName: options.nodeName,
      log,
      dataplane: this.#dataplane,
      tracker: this.#tracker,
      kubeProxy: this.#kubeProxy,
      healthPorts: this.#healthPorts,
      fabric: this.#fabricKeeper,
      orders: this.#orders,
      status: this.#status,
      api,
      world: () => this.#world,
      refreshInterfaces: () => this.#local.refreshSoon(),
      familiesChanged: () => this.#familiesChanged(),
      ask: () => this.#loop.ask(),
    });
    const cluster = new ClusterWatch({ client: api.client, nodeName: options.nodeName, listener, log });
    // Rejected only when the watch is stopped before its first list.
    cluster.nodes.synced.then(() => this.#fabricKeeper.nodesListed()).catch(() => undefined);
    cluster.orders.synced.then(() => this.#orders.borrow()).catch(() => undefined);
    return cluster;
  }

  #keepFabric(): FabricKeeper {
    const { options, log } = this.#parts;
    return new FabricKeeper({
      nodeName: options.nodeName,
      fabric: this.#fabric,
      cni: cniSetup(this.#parts),
      log,
      servedBy: () => this.#servedBy(),
    });
  }

  #viewKubeProxy(): KubeProxyView {
    return new KubeProxyView({
      probe: new NodeKubeProxyProbe(),
      leftovers: new NodeLeftovers(),
      fabric: this.#fabric,
      log: this.#parts.log,
      now,
    });
  }

  #answerLoadBalancers(): HealthPorts {
    return new HealthPorts({
      log: this.#parts.log,
      localEndpoints: (service) => this.#dataplane.loaded?.localEndpoints(service) ?? 0,
      healthy: () => this.#dataplane.facts().verified,
      eligible: () => this.#world.ownNode()?.leaving !== true,
    });
  }

  #keepUp(): Upkeep {
    return new Upkeep({
      dataplane: this.#dataplane,
      fabric: this.#fabric,
      netlink: this.#parts.netlink,
      kubeProxy: this.#kubeProxy,
      log: this.#parts.log,
      timeouts: () => this.#orders.config?.bpf.timeoutsMs,
      netfilterServes: () => this.#kubeProxyMatters(),
      drained: () => this.#loop.ask(),
    });
  }

  #interfaces(): LocalNode {
    const context = {
      podCidrs: () => this.#fabricKeeper.localPodCidrs(),
      podInterfaces: () => new Set([...this.#dataplane.endpoints()].map(({ ifindex }) => ifindex)),
    };
    return new LocalNode(this.#parts.netlink, context, {
      log: this.#parts.log,
      onChange: () => this.#localChanged(),
      onMoved: () => this.#dataplane.moved(),
    });
  }

  #gather(): NodeWorld {
    return new NodeWorld({
      nodeName: this.#parts.options.nodeName,
      cluster: this.#cluster,
      addresses: () => this.#local.view.addresses,
      config: () => this.#orders.config,
      endpoints: () => this.#dataplane.endpoints(),
    });
  }

  #attachments(): AttachmentServer {
    const { log } = this.#parts;
    return new AttachmentServer({
      attachments: this.#endpoints,
      onCall: (call, error) => {
        if (error === undefined) log.debug('cni', { command: call.command });
        else log.warn('cni call failed', { command: call.command, error: messageOf(error) });
      },
    });
  }

  #kernelChanged(): void {
    if (this.#dataplane.loaded !== undefined && !this.#dataplane.facts().verified) this.#upkeep.mendSoon();
    this.#loop.ask();
  }

  #kubeProxyMatters(): boolean {
    return this.#kubeProxy.facts().pod || this.#tracker.list().count > 0;
  }

  #serve(): Promise<HealthServer> {
    const { options } = this.#parts;
    const registry = createRegistry({ node: options.nodeName });
    registerMetrics(registry, {
      dataplane: this.#dataplane,
      cluster: () => this.#cluster,
      inputs: () => this.inputs(),
      upkeep: this.#upkeep,
      statusWrites: () => this.#status.writes,
    });
    const ready = (): string | undefined => {
      if (!this.#cluster.orderKnown) return 'it is not known yet whether there is an order for this node';
      return this.#cluster.complete ? undefined : 'the first lists are not complete';
    };
    return serveHealth({
      port: options.metricsPort,
      host: options.metricsHost,
      registry,
      live: () => undefined,
      ready,
    });
  }

  async #close(health: HealthServer): Promise<void> {
    this.#loop.close();
    this.#upkeep.close();
    this.#fabricKeeper.close();
    this.#healthPorts.close();
    this.#orders.close();
    this.#status.close();
    this.#local.close();
    await this.#cni.close();
    await this.#endpoints.close();
    await this.#dataplane.close();
    await health.close();
    this.#parts.api.client.close();
  }
}
