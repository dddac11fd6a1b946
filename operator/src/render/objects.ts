import type { Endpoint } from '@margay/lib/endpoint';
import { formatServicesEndpoint } from '@margay/lib/endpoint';
import { managedLabel, servicesEndpointName } from '@margay/crds/resources';
import type { Mode } from '../rollout/facts.ts';
import type { NamedObject } from '@margay/lib/objects';

/** The order to one node. */
export function nodeDataplane(node: string, mode: Mode, configName: string): NamedObject {
  const manifest = {
    apiVersion: 'margay.io/v1',
    kind: 'NodeDataplane',
    metadata: { name: node, labels: { [managedLabel]: 'true' } },
    spec: { mode, configRef: { name: configName } },
  };
  return manifest;
}

/** The addresses of the API servers, as the operator writes them for itself or copies them for the agents. */
export function endpointMap(namespace: string, endpoints: readonly Endpoint[]): NamedObject {
  const manifest = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: servicesEndpointName, namespace, labels: { [managedLabel]: 'true' } },
    data: formatServicesEndpoint(endpoints),
  };
  return manifest;
}
