/** The operator as @dot-i/k8s-operator hosts it. */
import type { KubeConfig, V1CustomResourceDefinitionVersion } from '@kubernetes/client-node';
import type { ResourceEvent } from '@dot-i/k8s-operator';
import operatorModule from '@dot-i/k8s-operator';
import { installations, nodeDataplanes } from '@margay/crds/resources';
import { MargayError, messageOf } from '@margay/lib/errors';
import type { KubeClient } from '@margay/lib/kube-client';
import { ListWatch } from '@margay/lib/list-watch';
import type { Logger } from '@margay/lib/log';
import type { KubeObject } from '@margay/lib/objects';
import type { ResourceType } from '@margay/lib/resources';
import { apiVersionOf, resourcePath } from '@margay/lib/resources';
import { decodeInstallation } from './watch/records.ts';
import type { Feed, KubeProxyPlace, World } from './watch/world.ts';

/** The cluster lacks what `deploy/` brings. */
export class NotInstalledError extends MargayError {
  override readonly name = 'NotInstalledError';
}

/** What the host needs. */
export interface HostOptions {
  readonly client: KubeClient;
  readonly kubeConfig: KubeConfig;
  readonly world: World;
  readonly log: Logger;
}

interface Definition {
  group: string;
  versions: V1CustomResourceDefinitionVersion[];
  plural: string;
}

interface ApiResourceList {
  readonly resources?: readonly { readonly name: string }[];
}

const placeOf = (place: KubeProxyPlace): string => `${place.namespace}/${place.name}`;

/**
 * Holds the watches for as long as this replica leads. Of the base class only the life cycle is used: its own watch
 * knows neither bookmarks nor resume and ends the process on an error, and its paths and CRD registration do not work
 * with the client library that is installed.
 */
export class MargayOperator extends operatorModule.default {
  readonly #options: HostOptions;
  readonly #stop = new AbortController();
  #kubeProxy: { readonly place: string; readonly stop: AbortController; synced: boolean } | undefined;
  #failure: unknown;

  constructor(options: HostOptions) {
    super();
    this.#options = options;
    this.kubeConfig = options.kubeConfig;
  }

  /** Aborts when {@link stop} is called, or when a watch ended by a fault of ours. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** The fault that ended a watch, if one did. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Whether kube-proxy's DaemonSet and pods at this place are completely known. */
  knowsKubeProxy(place: KubeProxyPlace): boolean {
    return this.#kubeProxy?.place === placeOf(place) && this.#kubeProxy.synced;
  }

  /** Watches kube-proxy at a place, and no other any more. `known` is called when everything there is known. */
  followKubeProxy(place: KubeProxyPlace, known: () => void): void {
    if (this.#kubeProxy?.place === placeOf(place)) return;
    this.#kubeProxy?.stop.abort();
    const stop = new AbortController();
    const current = { place: placeOf(place), stop, synced: false };
    this.#kubeProxy = current;
    this.#options.world.kubeProxy.clear();
    this.#options.world.kubeProxyPods.clear();
    const signal = AbortSignal.any([stop.signal, this.#stop.signal]);
    const feeds = this.#options.world.kubeProxyFeeds(place).map((feed) => this.#run(feed, signal));
    Promise.all(feeds).then(
      () => {
        current.synced = true;
        known();
      },
      () => undefined,
    );
  }

  /** Ends all watches. */
  override stop(): void {
    this.#stop.abort();
  }

  /** Resolves when everything that is watched is completely known. */
  protected override async init(): Promise<void> {
    await this.registerCustomResourceDefinition(installations.plural);
    await this.registerCustomResourceDefinition(nodeDataplanes.plural);
    const feeds = this.#options.world.feeds().map((feed) => this.#run(feed, this.#stop.signal));
    const { group, version, plural } = installations;
    await Promise.all([
      this.watchResource(group, version, plural, (event) => this.#onInstallation(event)),
      ...feeds,
    ]);
  }

  /** CRDs come with `deploy/`, so that the operator needs no right to make any: it only looks whether they are there. */
  protected override async registerCustomResourceDefinition(plural: string): Promise<Definition> {
    const { group, version } = installations;
    const path = `/apis/${group}/${version}`;
    const list = await this.#options.client
      .request<ApiResourceList>({ method: 'GET', path })
      .catch((cause: unknown) => this.#missing(plural, cause));
    if (list.resources?.some((resource) => resource.name === plural) !== true) this.#missing(plural);
    return { group, versions: [], plural };
  }

  /** The resource's path, without a server: the client adds the one that answers. */
  protected override getCustomResourceApiUri(
    group: string,
    version: string,
    plural: string,
    namespace?: string,
  ): string {
    const type: ResourceType = { group, version, plural, kind: '', namespaced: namespace !== undefined };
    return resourcePath(type, { namespace });
  }

  /** The base class's watch, over ours: resumes, backs off, and never ends the process. */
  protected override async watchResource(
    group: string,
    version: string,
    plural: string,
    ...[onEvent, namespace]: WatchRest
  ): Promise<void> {
    const type: ResourceType = { group, version, plural, kind: '', namespaced: namespace !== undefined };
    const tell = (kind: string, key: string, object: KubeObject): void => {
      const apiVersion = apiVersionOf(type);
      const meta = {
        name: key,
        id: `${plural}.${apiVersion}`,
        resourceVersion: '',
        apiVersion,
        kind: plural,
      };
      onEvent({ meta, type: kind, object } as unknown as ResourceEvent).catch((error: unknown) =>
        this.#options.log.error('event not handled', { plural, key, error: messageOf(error) }),
      );
    };
    const watch = new ListWatch<KubeObject>({
      client: this.#options.client,
      resource: type,
      ...(namespace === undefined ? {} : { namespace }),
      decode: (object) => object,
      handler: {
        onUpsert: (key, now, before) => tell(before === undefined ? 'ADDED' : 'MODIFIED', key, now),
        onDelete: (key, before) => tell('DELETED', key, before),
      },
      log: this.#options.log,
    });
    await this.#follow(watch, this.#stop.signal);
  }

  #onInstallation({ type, object }: ResourceEvent): Promise<void> {
    const record = decodeInstallation(object as unknown as KubeObject);
    const table = this.#options.world.installations;
    if (type === operatorModule.ResourceEventType.Deleted) table.remove(record.name);
    else table.put(record.name, record);
    return Promise.resolve();
  }

  async #run(feed: Feed, signal: AbortSignal): Promise<void> {
    const { decode, table, ...selection } = feed;
    const { client, log } = this.#options;
    const handler = {
      onUpsert: (key: string, record: Parameters<typeof table.put>[1]) => table.put(key, record),
      onDelete: (key: string) => table.remove(key),
    };
    await this.#follow(new ListWatch({ client, log, decode, handler, ...selection }), signal);
  }

  async #follow(
    watch: { run(s: AbortSignal): Promise<void>; readonly synced: Promise<void> },
    signal: AbortSignal,
  ) {
    watch.run(signal).catch((error: unknown) => {
      this.#failure = error;
      this.#stop.abort();
    });
    await watch.synced;
  }

  #missing(plural: string, cause?: unknown): never {
    const message = `the resource ${plural}.${installations.group} is not served: apply deploy/ of this version first`;
    throw new NotInstalledError(message, { code: 'NotInstalled', retryable: true, cause });
  }
}

type WatchRest = [onEvent: (event: ResourceEvent) => Promise<void>, namespace?: string];
