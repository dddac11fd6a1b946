/** What kinds of objects there are and at which paths the API server has them. */

/** One resource of the API. */
export interface ResourceType {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/** Which object of a resource, or which part of it. */
export interface ResourceRef {
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  /** Such as `status`. */
  readonly subresource?: string | undefined;
}

function core(kind: string, plural: string, namespaced: boolean): ResourceType {
  return { group: '', version: 'v1', kind, plural, namespaced };
}

function grouped(group: string, kind: string, plural: string, namespaced = true): ResourceType {
  return { group, version: 'v1', kind, plural, namespaced };
}

export const namespaces = core('Namespace', 'namespaces', false);
export const nodes = core('Node', 'nodes', false);
export const pods = core('Pod', 'pods', true);
export const services = core('Service', 'services', true);
export const configMaps = core('ConfigMap', 'configmaps', true);
export const serviceAccounts = core('ServiceAccount', 'serviceaccounts', true);
export const secrets = core('Secret', 'secrets', true);
export const endpointSlices = grouped('discovery.k8s.io', 'EndpointSlice', 'endpointslices');
export const daemonSets = grouped('apps', 'DaemonSet', 'daemonsets');
export const deployments = grouped('apps', 'Deployment', 'deployments');
export const controllerRevisions = grouped('apps', 'ControllerRevision', 'controllerrevisions');
export const leases = grouped('coordination.k8s.io', 'Lease', 'leases');
export const events = grouped('events.k8s.io', 'Event', 'events');
export const networkPolicies = grouped('networking.k8s.io', 'NetworkPolicy', 'networkpolicies');
export const customResourceDefinitions = grouped(
  'apiextensions.k8s.io',
  'CustomResourceDefinition',
  'customresourcedefinitions',
  false,
);

/** `apiVersion` of the resource's objects. */
export function apiVersionOf(type: ResourceType): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}

/** The path of a collection, an object or a subresource; a namespaced collection without one spans all. */
export function resourcePath(type: ResourceType, ref: ResourceRef = {}): string {
  const base = type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  const inside = type.namespaced && ref.namespace !== undefined ? ['namespaces', ref.namespace] : [];
  const parts = [...inside, type.plural, ref.name, ref.subresource].filter((part) => part !== undefined);
  return [base, ...parts.map(encodeURIComponent)].join('/');
}
