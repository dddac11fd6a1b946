/** How the operator reaches the API: by the mounted endpoints, or, until there are any, as every pod does. */
import { readFile } from 'node:fs/promises';
import { KubeConfig } from '@kubernetes/client-node';
import type { Credentials } from '@margay/lib/credentials';
import { ServiceAccountCredentials } from '@margay/lib/credentials';
import type { Endpoint } from '@margay/lib/endpoint';
import { parseServicesEndpoint } from '@margay/lib/endpoint';
import { EndpointSet } from '@margay/lib/endpoints';
import { endpointOfKubeConfig, KubeConfigCredentials } from '@margay/lib/kube-config';
import type { Logger } from '@margay/lib/log';
import type { OperatorConfig } from './config.ts';

/** Who we are and where we go. */
export interface Connection {
  readonly kubeConfig: KubeConfig;
  readonly credentials: Credentials;
  readonly endpoints: EndpointSet;
  /** Address of the Service `kubernetes`; empty outside a pod. */
  readonly serviceHost: string;
}

const KEYS = ['KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT', 'KUBERNETES_SERVICE_ENDPOINTS'];

/** The endpoints in a mounted ConfigMap; none where there is no such file, or when it is malformed. */
export async function mountedEndpoints(dir: string, log: Logger): Promise<readonly Endpoint[]> {
  const read = async (key: string): Promise<[string, string]> => [
    key,
    await readFile(`${dir}/${key}`, 'utf8').catch(() => ''),
  ];
  try {
    return parseServicesEndpoint(Object.fromEntries(await Promise.all(KEYS.map(read))));
  } catch (error) {
    log.warn('mounted kubernetes-services-endpoint not usable', { dir, error });
    return [];
  }
}

function service(environment: Readonly<Record<string, string | undefined>>): Endpoint | undefined {
  const host = environment['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = Number(environment['KUBERNETES_SERVICE_PORT'] ?? '443');
  return host === '' ? undefined : { host, port };
}

/** Reads the credentials and the first endpoints. */
export async function connect(
  config: OperatorConfig,
  environment: Readonly<Record<string, string | undefined>>,
  log: Logger,
): Promise<Connection> {
  const kubeConfig = new KubeConfig();
  const bootstrap = service(environment);
  const serviceHost = bootstrap?.host ?? '';
  if (config.kubeconfig !== '') {
    kubeConfig.loadFromFile(config.kubeconfig);
    const credentials = new KubeConfigCredentials(kubeConfig);
    return {
      kubeConfig,
      credentials,
      endpoints: new EndpointSet([], { bootstrap: endpointOfKubeConfig(kubeConfig) }),
      serviceHost,
    };
  }
  kubeConfig.loadFromCluster();
  const known = await mountedEndpoints(config.endpointDir, log);
  return {
    kubeConfig,
    credentials: new ServiceAccountCredentials(),
    endpoints: new EndpointSet(known, { bootstrap }),
    serviceHost,
  };
}
