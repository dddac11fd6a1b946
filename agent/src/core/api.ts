/** The agent's way to the API server: which endpoints, in which order of trust, and the client over them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceAccountCredentials } from '@margay/lib/credentials';
import type { Endpoint } from '@margay/lib/endpoint';
import { formatEndpoint, parseEndpoint, parseServicesEndpoint } from '@margay/lib/endpoint';
import { EndpointSet, loadEndpoints, saveEndpoints } from '@margay/lib/endpoints';
import { messageOf } from '@margay/lib/errors';
import { KubeClient } from '@margay/lib/kube-client';
import type { Logger } from '@margay/lib/log';
import type { ApiFacts } from '../node-mode/facts.ts';
import type { AgentOptions } from './options.ts';

const KEYS = ['KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT', 'KUBERNETES_SERVICE_ENDPOINTS'];

type Environment = Readonly<Record<string, string | undefined>>;

async function mounted(directory: string): Promise<Record<string, string>> {
  const entries = await Promise.all(
    KEYS.map(async (key) => [key, await readFile(join(directory, key), 'utf8').catch(() => '')] as const),
  );
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

function fromMap(data: Readonly<Record<string, string>>, log: Logger): readonly Endpoint[] {
  try {
    return parseServicesEndpoint(data);
  } catch (error) {
    log.warn('ConfigMap kubernetes-services-endpoint cannot be used, the last good one stays', {
      error: messageOf(error),
    });
    return [];
  }
}

/** The `kubernetes` Service, which needs somebody to serve it. */
function bootstrap(env: Environment): Endpoint | undefined {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT'];
  if (host === undefined || port === undefined) return undefined;
  return parseEndpoint(host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`, 'environment');
}

/** A client that fails over, and keeps what it learned on disk. */
export class ApiAccess {
  readonly client: KubeClient;
  readonly #log: Logger;

  /** Over a client that is ready, as tests have one. */
  constructor(client: KubeClient, log: Logger) {
    this.client = client;
    this.#log = log;
  }

  /** As the pod is told: mounted ConfigMap, then the last good set on disk, else the `kubernetes` Service. */
  static async open(options: AgentOptions, env: Environment, log: Logger): Promise<ApiAccess> {
    const userAgent = `margay-agent/${process.env['MARGAY_VERSION'] ?? 'dev'}`;
    const path = join(options.stateDir, 'api-endpoints');
    const told = async (): Promise<readonly Endpoint[]> => fromMap(await mounted(options.endpointDir), log);
    const proven = await loadEndpoints(path);
    const endpoints = new EndpointSet(await told(), { bootstrap: bootstrap(env), proven });
    endpoints.listen((event) => {
      // The kubelet may have another way to the API server, and have brought a newer ConfigMap.
      if (event.kind === 'failed') void told().then((set) => endpoints.replace(set));
      if (event.kind !== 'good') return;
      saveEndpoints(path, event.endpoints).catch((error: unknown) =>
        log.warn('the API servers that are known could not be kept on disk', {
          path,
          error: messageOf(error),
        }),
      );
    });
    return new ApiAccess(
      new KubeClient({ endpoints, credentials: new ServiceAccountCredentials(), userAgent }),
      log,
    );
  }

  /** The ConfigMap changed; undefined or nonsense changes nothing. */
  told(data: Readonly<Record<string, string>> | undefined): void {
    if (data !== undefined) this.client.endpoints.replace(fromMap(data, this.#log));
  }

  facts(): ApiFacts {
    const { connection } = this.client;
    if (connection === undefined) return { direct: false };
    return { endpoint: formatEndpoint(connection.endpoint), direct: connection.direct };
  }
}
