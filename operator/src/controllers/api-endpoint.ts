/** Finds where nodes reach the API server without kube-proxy, writes it down, or obeys what the user wrote. */
import {
  managedLabel,
  operatorNamespace,
  servicesEndpointName,
  systemNamespace,
} from '@margay/crds/resources';
import type { InstallationStatus } from '@margay/crds/installation.gen';
import { apply } from '@margay/lib/apply';
import type { Credentials } from '@margay/lib/credentials';
import type { Endpoint } from '@margay/lib/endpoint';
import {
  formatEndpoint,
  formatServicesEndpoint,
  parseServicesEndpoint,
  sameEndpoint,
} from '@margay/lib/endpoint';
import { EndpointSet } from '@margay/lib/endpoints';
import { isForbidden, isNotFound, KubeError, messageOf } from '@margay/lib/errors';
import { KubeClient } from '@margay/lib/kube-client';
import type { KubeObject } from '@margay/lib/objects';
import { configMaps } from '@margay/lib/resources';
import { fieldManager } from '../names.ts';
import { stableJson } from '../render/agent-config.ts';
import { endpointMap } from '../render/objects.ts';
import type { Problem } from '../status/problem.ts';
import type { ConfigMapRecord } from '../watch/records.ts';
import { decodeConfigMap } from '../watch/records.ts';
import type { KubeProxyPlace } from '../watch/world.ts';
import type { Candidate } from './api-endpoint-sources.ts';
import { list, serversInMap, unique } from './api-endpoint-sources.ts';
import type { Deps } from './deps.ts';

/** What is known of the API servers. */
export interface ApiServerState {
  readonly section: NonNullable<InstallationStatus['apiServer']>;
  readonly problem?: Problem;
}

/** What this controller needs beside the others. */
export interface ApiEndpointOptions {
  readonly credentials: Credentials;
  /** The `kubernetes` Service's address; it is reached through kube-proxy and therefore never written down. */
  readonly serviceHost: string;
}

const TRY_MS = 3000;
const OWN = `${operatorNamespace}/${servicesEndpointName}`;
const COPY = `${systemNamespace}/${servicesEndpointName}`;
const NOWHERE: ApiServerState = { section: { endpoints: [] } };

/** With our label and nobody else's hand in its data it is ours; else it is the user's. */
function isOurs(map: ConfigMapRecord): boolean {
  return map.labels[managedLabel] === 'true' && map.dataManagers.every((manager) => manager === fieldManager);
}

/** Keeps both endpoint maps and the operator's own set. */
export class ApiEndpointController {
  readonly #deps: Deps;
  readonly #options: ApiEndpointOptions;
  #state: ApiServerState = NOWHERE;

  constructor(deps: Deps, options: ApiEndpointOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /** As of the last look. */
  get state(): ApiServerState {
    return this.#state;
  }

  /** Looks for endpoints, tries them, and writes what works. */
  async ensure(kubeProxy: KubeProxyPlace): Promise<void> {
    const own = this.#deps.world.configMaps.get(OWN);
    if (own === undefined || isOurs(own)) await this.#find(kubeProxy);
    else if (own.labels[managedLabel] === 'true') await this.#giveUp();
    else await this.#obey(own);
  }

  /** A user wrote into our map: what he left of ours goes, and from now on the map is his. */
  async #giveUp(): Promise<void> {
    const { client, world, log } = this.#deps;
    const metadata = { name: servicesEndpointName, namespace: operatorNamespace };
    const nothing = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
    const object = await apply<KubeObject>(client, configMaps, nothing, { fieldManager });
    log.info('endpoint map given up to the user', { name: OWN });
    world.configMaps.put(OWN, decodeConfigMap(object));
  }

  async #obey(map: ConfigMapRecord): Promise<void> {
    const say = (reason: string, message: string): void => {
      const kept = this.#lastGood();
      const keeps = kept.length > 0 ? `; the last good one stays in use (${list(kept)})` : '';
      this.#state = {
        section: { endpoints: kept.map(formatEndpoint), source: 'ConfigMap' },
        problem: { reason, message: `ConfigMap ${OWN}: ${message}${keeps}` },
      };
    };
    let endpoints: readonly Endpoint[];
    try {
      endpoints = parseServicesEndpoint(map.data);
    } catch (error) {
      say('EndpointMapMalformed', messageOf(error));
      return;
    }
    if (endpoints.length === 0) {
      say(
        'EndpointMapMalformed',
        'it names no address: write KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT',
      );
      return;
    }
    const service = endpoints.find((e) => e.host === this.#options.serviceHost);
    if (service !== undefined) {
      const message = `${service.host} is the address of the Service kubernetes, which needs kube-proxy: write the address of an API server or of the balancer before them`;
      say('EndpointMapMalformed', message);
      return;
    }
    const tried = await this.#try(endpoints);
    if (tried.good.length === 0) say('EndpointUnreachable', tried.why.join('; '));
    else await this.#use({ source: 'ConfigMap', endpoints });
  }

  async #find(kubeProxy: KubeProxyPlace): Promise<void> {
    const slice = this.#fromSlices();
    const why: string[] = [];
    for (const candidate of [...(await this.#fromMaps(kubeProxy)), slice]) {
      const { good, why: bad } = await this.#try(candidate.endpoints.filter((e) => !this.#isService(e)));
      why.push(...bad);
      if (good.length === 0) continue;
      // All API servers beside the address that was found first: fail-over needs more than one.
      const others = candidate === slice ? [] : (await this.#try(slice.endpoints)).good;
      const endpoints = unique([...good, ...others]);
      await this.#write(operatorNamespace, endpoints);
      await this.#use({ source: candidate.source, endpoints });
      return;
    }
    const found = why.length > 0 ? why.join('; ') : 'none was found';
    const message = `no address of an API server that works without kube-proxy (${found}): write one into ConfigMap ${OWN}`;
    this.#state = { section: this.#state.section, problem: { reason: 'EndpointUnknown', message } };
  }

  #isService(endpoint: Endpoint): boolean {
    return endpoint.host === this.#options.serviceHost;
  }

  async #fromMaps(kubeProxy: KubeProxyPlace): Promise<readonly Candidate[]> {
    const proxy = await this.#read(kubeProxy.namespace, kubeProxy.name);
    const info = await this.#read('kube-public', 'cluster-info');
    return [
      { source: 'KubeProxyConfig', endpoints: serversInMap(proxy) },
      { source: 'ClusterInfo', endpoints: serversInMap(info) },
    ];
  }

  #fromSlices(): Candidate {
    const slices = this.#deps.world.apiSlices.values;
    const endpoints = slices.flatMap(({ addresses, port }) => addresses.map((host) => ({ host, port })));
    return { source: 'EndpointSlice', endpoints: unique(endpoints) };
  }

  async #read(namespace: string, name: string): Promise<Readonly<Record<string, string>>> {
    try {
      const map = await this.#deps.client.get<{ data?: Record<string, string> }>(configMaps, {
        namespace,
        name,
      });
      return map.data ?? {};
    } catch (error) {
      if (isNotFound(error)) return {};
      if (!isForbidden(error)) throw error;
      this.#deps.log.info('ConfigMap not readable', { namespace, name });
      return {};
    }
  }

  /** Which endpoints answer with a certificate of the cluster's CA; what they answer does not matter. */
  async #try(endpoints: readonly Endpoint[]): Promise<{ good: readonly Endpoint[]; why: readonly string[] }> {
    const results = await Promise.all(endpoints.map((endpoint) => this.#answers(endpoint)));
    const good = endpoints.filter((_, i) => results[i] === undefined);
    return { good, why: results.filter((text) => text !== undefined) };
  }

  async #answers(endpoint: Endpoint): Promise<string | undefined> {
    const client = new KubeClient({
      endpoints: new EndpointSet([endpoint]),
      credentials: this.#options.credentials,
      userAgent: 'margay-operator (endpoint check)',
      timeoutMs: TRY_MS,
    });
    try {
      await client.request({ method: 'GET', path: '/version' });
      return undefined;
    } catch (error) {
      const answered = error instanceof KubeError && error.status > 0 && error.status < 500;
      return answered
        ? undefined
        : `${formatEndpoint(endpoint)} does not answer as an API server of this cluster (${messageOf(error)})`;
    } finally {
      client.close();
    }
  }

  async #use({ source, endpoints }: Candidate): Promise<void> {
    await this.#write(systemNamespace, endpoints);
    const texts = endpoints.map(formatEndpoint);
    if (stableJson(texts) !== stableJson(this.#state.section.endpoints)) {
      this.#deps.log.info('API servers', { endpoints: texts.join(','), source });
    }
    this.#deps.client.endpoints.replace(endpoints);
    this.#state = { section: { endpoints: texts, source } };
  }

  async #write(namespace: typeof operatorNamespace | typeof systemNamespace, endpoints: readonly Endpoint[]) {
    const { world, client } = this.#deps;
    const key = namespace === operatorNamespace ? OWN : COPY;
    const present = world.configMaps.get(key);
    if (present !== undefined && stableJson(present.data) === stableJson(formatServicesEndpoint(endpoints)))
      return;
    const manifest = endpointMap(namespace, endpoints);
    const object = await apply<KubeObject>(client, configMaps, manifest, { fieldManager, force: true });
    world.configMaps.put(key, decodeConfigMap(object));
  }

  /** What agents have now. */
  #lastGood(): readonly Endpoint[] {
    try {
      const copy = parseServicesEndpoint(this.#deps.world.configMaps.get(COPY)?.data);
      return copy.filter((e, i) => copy.findIndex((other) => sameEndpoint(e, other)) === i);
    } catch {
      return [];
    }
  }
}
