/** Margay's own resources and the fixed names around them. */
import type { ResourceType } from '@margay/lib/resources';

/** `margay.io/v1`, `apiVersion` of all of them. */
export const apiVersion = 'margay.io/v1';

/** Cluster-scoped; there is one, named {@link installationName}. */
export const installations: ResourceType = {
  group: 'margay.io',
  version: 'v1',
  kind: 'Installation',
  plural: 'installations',
  namespaced: false,
};

/** Cluster-scoped; named like its Node. */
export const nodeDataplanes: ResourceType = {
  group: 'margay.io',
  version: 'v1',
  kind: 'NodeDataplane',
  plural: 'nodedataplanes',
  namespaced: false,
};

/** The one Installation. */
export const installationName = 'default';

/** Where the operator and the user's ConfigMap are. */
export const operatorNamespace = 'margay-operator';

/** Where the agents and their configurations are. */
export const systemNamespace = 'margay-system';

/** Name of the ConfigMap, in either namespace, that says where API servers are. */
export const servicesEndpointName = 'kubernetes-services-endpoint';

/** Key of an agent's configuration in its ConfigMap. */
export const agentConfigKey = 'config.json';

/**
 * Label of a Node that the operator keeps in hand. {@link parkedValue} keeps kube-proxy away, {@link returningValue} does
 * not; with either, the node has its agent whatever `spec.agent.affinity` says.
 */
export const kubeProxyLabel = 'margay.io/kube-proxy';

/** See {@link kubeProxyLabel}. */
export const parkedValue = 'parked';

/** See {@link kubeProxyLabel}: the node goes back to kube-proxy before its agent is let go. */
export const returningValue = 'returning';

/** Label, with value `true`, of what Margay made where a user may have made the same. */
export const managedLabel = 'margay.io/managed';
