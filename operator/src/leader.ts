/** What the replica that leads does, from its first list to the end of its term. */
import { installationName, servicesEndpointName } from '@margay/crds/resources';
import { EventRecorder } from '@margay/lib/events';
import type { KubeClient } from '@margay/lib/kube-client';
import type { Logger } from '@margay/lib/log';
import { WorkQueue } from '@margay/lib/work-queue';
import type { Connection } from './connection.ts';
import { ApiEndpointController } from './controllers/api-endpoint.ts';
import type { Deps } from './controllers/deps.ts';
import { Reconciler } from './controllers/reconciler.ts';
import { MargayOperator } from './host.ts';
import type { OperatorMetrics } from './operator-metrics.ts';
import { World } from './watch/world.ts';

/** What leading needs. */
export interface LeaderOptions {
  readonly client: KubeClient;
  readonly connection: Connection;
  readonly log: Logger;
  readonly operator: Deps['operator'];
  readonly podName: string;
  readonly metrics: OperatorMetrics;
}

type Key = 'installation' | 'api-endpoint';

/** Endpoints are tried again this often, whatever happens. */
const ENDPOINT_CHECK_MS = 60_000;

/** One term of leading. */
class Term {
  readonly #world: World;
  readonly #host: MargayOperator;
  readonly #queue: WorkQueue<Key>;
  readonly #reconciler: Reconciler;
  readonly #apiEndpoint: ApiEndpointController;
  readonly #options: LeaderOptions;
  readonly #events: EventRecorder;
  #listed = false;
  /** Of the Installation, when endpoints were last looked for because of it. */
  #generation = 0;

  constructor(options: LeaderOptions) {
    const { client, log, connection, operator, podName } = options;
    this.#options = options;
    this.#world = new World((kind, key) => this.#changed(kind, key));
    this.#host = new MargayOperator({ client, log, world: this.#world, kubeConfig: connection.kubeConfig });
    this.#events = new EventRecorder({ client, log, controller: 'margay.io/operator', instance: podName });
    const deps: Deps = { client, world: this.#world, events: this.#events, log, operator, now: Date.now };
    this.#apiEndpoint = new ApiEndpointController(deps, connection);
    this.#reconciler = new Reconciler(deps, {
      watches: this.#host,
      apiEndpoint: this.#apiEndpoint,
      again: () => this.#queue.add('installation'),
    });
    this.#queue = new WorkQueue<Key>({
      log,
      concurrency: 2,
      backoffLongestMs: 15_000,
      process: (key) => this.#work(key),
    });
  }

  /** Runs until the signal aborts. Rejects with a fault of ours. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = (): void => this.#host.stop();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      await this.#host.start();
      this.#listed = true;
      this.#options.log.info('watching', { nodes: this.#world.nodes.values.length });
      this.#queue.add('api-endpoint');
      this.#queue.add('installation');
      await aborted(this.#host.signal);
    } finally {
      signal.removeEventListener('abort', stop);
      this.#host.stop();
      await this.#queue.stop();
      await this.#events.flush();
    }
    if (this.#host.failure !== undefined) throw this.#host.failure as Error;
  }

  #changed(kind: keyof World, key: string): void {
    if (!this.#listed) return;
    if (this.#concernsEndpoints(kind, key)) this.#queue.add('api-endpoint');
    this.#queue.add('installation');
  }

  #concernsEndpoints(kind: keyof World, key: string): boolean {
    if (kind === 'configMaps') return key.endsWith(`/${servicesEndpointName}`);
    if (kind !== 'installations') return kind === 'apiSlices';
    const generation = this.#world.installations.get(installationName)?.generation ?? 0;
    const changed = generation !== this.#generation;
    this.#generation = generation;
    return changed;
  }

  async #work(key: Key): Promise<number | undefined> {
    const { metrics } = this.#options;
    try {
      const after = key === 'installation' ? await this.#reconciler.reconcile() : await this.#findEndpoints();
      metrics.passes.inc({ work: key, result: 'done' });
      metrics.showNodes(this.#world.installations.get(installationName)?.status.nodes ?? {});
      return after;
    } catch (error) {
      metrics.passes.inc({ work: key, result: 'failed' });
      throw error;
    }
  }

  async #findEndpoints(): Promise<number | undefined> {
    const installation = this.#world.installations.get(installationName);
    if (installation === undefined || installation.deletedAt !== undefined) return undefined;
    const before = JSON.stringify(this.#apiEndpoint.state);
    await this.#apiEndpoint.ensure({
      namespace: 'kube-system',
      name: 'kube-proxy',
      ...installation.spec.kubeProxy,
    });
    if (JSON.stringify(this.#apiEndpoint.state) !== before) this.#queue.add('installation');
    return ENDPOINT_CHECK_MS;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Leads until the signal aborts. */
export async function lead(options: LeaderOptions, signal: AbortSignal): Promise<void> {
  try {
    await new Term(options).run(signal);
  } catch (error) {
    // The end of a term breaks whatever was under way.
    if (!signal.aborted) throw error;
  }
}
