/**
 * Clients from a kubeconfig, with everything that one may ask for (client certificates, exec plugins, OIDC). Brings
 * the whole of @kubernetes/client-node into memory: for the operator, tools and tests, not for the agent.
 */
import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import { checkApiServerIdentity, type Credentials, type ServerTls } from './credentials.ts';
import { endpointOfUrl, type Endpoint } from './endpoint.ts';
import { EndpointSet } from './endpoints.ts';
import { MargayError } from './errors.ts';
import { KubeClient } from './kube-client.ts';

/** The kubeconfig names no cluster, or cannot be used. */
export class KubeConfigError extends MargayError {
  override readonly name = 'KubeConfigError';
}

const tlsKeys = ['ca', 'cert', 'key', 'passphrase', 'rejectUnauthorized', 'servername'] as const;

/** The current context's user and CA, as credentials for any API server of its cluster. */
export class KubeConfigCredentials implements Credentials {
  readonly #config: KubeConfig;

  constructor(config: KubeConfig) {
    this.#config = config;
  }

  async tls(): Promise<ServerTls> {
    const options = await this.#options();
    const present = tlsKeys.filter((key) => options[key] !== undefined).map((key) => [key, options[key]]);
    const tls = Object.fromEntries(present) as ServerTls;
    // A name that the user asked for is the only one that counts.
    return tls.servername === undefined ? { ...tls, checkServerIdentity: checkApiServerIdentity } : tls;
  }

  async headers(): Promise<Readonly<Record<string, string>>> {
    const { headers, auth } = await this.#options();
    const basic =
      typeof auth === 'string' ? { authorization: `Basic ${Buffer.from(auth).toString('base64')}` } : {};
    const given = Object.entries((headers ?? {}) as Record<string, unknown>);
    return {
      ...basic,
      ...Object.fromEntries(given.map(([key, value]) => [key.toLowerCase(), String(value)])),
    };
  }

  async #options(): Promise<RequestOptions> {
    const options: RequestOptions = {};
    try {
      await this.#config.applyToHTTPSOptions(options);
    } catch (cause) {
      throw new KubeConfigError('the kubeconfig gives no usable credentials', {
        code: 'BadKubeConfig',
        cause,
      });
    }
    return options;
  }
}

/** The server of the current context. */
export function endpointOfKubeConfig(config: KubeConfig): Endpoint {
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    const context = config.getCurrentContext();
    throw new KubeConfigError(`the kubeconfig has no cluster for its current context '${context}'`, {
      code: 'BadKubeConfig',
    });
  }
  if (cluster.proxyUrl !== undefined) {
    const message = `the kubeconfig reaches its cluster through the proxy ${cluster.proxyUrl}, which is not supported`;
    throw new KubeConfigError(message, { code: 'ProxyNotSupported' });
  }
  return endpointOfUrl(cluster.server);
}

/** Which kubeconfig, and which of its contexts. */
export interface KubeConfigSource {
  /** Default: the usual places (KUBECONFIG, ~/.kube/config, the pod's service account). */
  readonly kubeconfig?: string;
  /** Default: the current one. */
  readonly context?: string;
}

/** Reads a kubeconfig. Rejects a context that is not in it, naming those that are. */
export function loadKubeConfig(source: KubeConfigSource = {}): KubeConfig {
  const config = new KubeConfig();
  if (source.kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(source.kubeconfig);
  if (source.context !== undefined) {
    const names = config.getContexts().map(({ name }) => name);
    if (!names.includes(source.context)) {
      const message = `the kubeconfig has no context '${source.context}'; it has ${names.join(', ')}`;
      throw new KubeConfigError(message, { code: 'NoContext' });
    }
    config.setCurrentContext(source.context);
  }
  return config;
}

/** A client of the cluster that a kubeconfig names. */
export function clientFromKubeConfig(userAgent: string, source: KubeConfigSource | string = {}): KubeClient {
  const config = loadKubeConfig(typeof source === 'string' ? { kubeconfig: source } : source);
  const endpoints = new EndpointSet([endpointOfKubeConfig(config)]);
  return new KubeClient({ endpoints, credentials: new KubeConfigCredentials(config), userAgent });
}
