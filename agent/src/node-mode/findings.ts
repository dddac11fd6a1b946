/** The evidence: one finding for each condition. Pure; words for people. */
import type { ConditionStatus, Finding, NodeConditionType } from '@margay/crds/conditions';
import type { Unsupported } from '../calc/unsupported.ts';
import { hindrances, isLoaded, type ModeInputs, type Order } from './facts.ts';

type NodeFinding = Finding<NodeConditionType>;

function finding(
  type: NodeConditionType,
  status: ConditionStatus,
  reason: string,
  message: string,
): NodeFinding {
  return { type, status, reason, message };
}

function supported({ features }: ModeInputs): NodeFinding {
  if (features.state === 'Unknown')
    return finding('Supported', 'Unknown', 'NotProbed', 'the kernel has not been probed yet');
  if (features.state === 'Failed') return finding('Supported', 'False', 'ProbeFailed', features.message);
  const why = hindrances(features);
  if (why.length === 0)
    return finding('Supported', 'True', 'Probed', 'everything that is needed was tried and works');
  return finding('Supported', 'False', features.foreign?.reason ?? 'MissingKernelFeature', why.join('; '));
}

function apiServerDirect({ api }: ModeInputs): NodeFinding {
  const type = 'ApiServerDirect';
  if (api.endpoint === undefined)
    return finding(type, 'Unknown', 'NotConnected', 'no API server has answered this agent yet');
  if (api.direct)
    return finding(type, 'True', 'Direct', `connected to ${api.endpoint} without the kubernetes Service`);
  const mend =
    'ConfigMap margay-system/kubernetes-services-endpoint names no API server; the operator writes it';
  return finding(
    type,
    'False',
    'ThroughService',
    `connected to ${api.endpoint}, the kubernetes Service: ${mend}`,
  );
}

/** `default/a (sessionAffinity ClientIP), pod x/y (...) and 3 more` */
export function unsupportedText({ count, first }: ModeInputs['unsupported']): string {
  const named = first.map(({ name, why }: Unsupported) => `${name} (${why})`).join(', ');
  return count > first.length ? `${named} and ${count - first.length} more` : named;
}

type Why = [ConditionStatus, string, string];

/** Why nothing can be loaded (yet). */
function unloadable(inputs: ModeInputs, order: Order): Why | undefined {
  const { config, features, listsComplete, families, kernel } = inputs;
  const why = hindrances(features);
  if (why.length > 0) return ['False', 'NotSupported', `nothing is loaded: ${why.join('; ')}`];
  if (config.state === 'Loading')
    return ['Unknown', 'NoConfiguration', `waiting for ConfigMap margay-system/${order.configName}`];
  if (config.state === 'Unusable') return ['False', 'BadConfiguration', config.message];
  if (!listsComplete)
    return [
      'Unknown',
      'WaitingForLists',
      'the lists of Services, EndpointSlices, Nodes and pods are not complete yet',
    ];
  if (families.length > 0 || kernel.loadedFor !== undefined) return undefined;
  const missing = 'this Node has no InternalIP in its status of a family that its pod CIDRs have';
  return ['False', 'NoNodeAddress', `${missing}: the kubelet (--node-ip) or the cloud gives it one`];
}

/** Why the maps are not (yet) filled; undefined when they are. */
function unprogrammed(inputs: ModeInputs, order: Order): Why | undefined {
  const before = unloadable(inputs, order);
  if (before !== undefined) return before;
  const { kernel } = inputs;
  if (kernel.problem !== undefined) return ['False', kernel.problem.reason, kernel.problem.message];
  if (kernel.shortage !== undefined) return ['False', 'MapFull', kernel.shortage];
  // What runs, and was verified, may be of the configuration before, or without a family that the node has now.
  if (kernel.mode !== 'Active' || !kernel.verified || !isLoaded(inputs, order.configName))
    return ['Unknown', 'Programming', 'loading, filling maps and reading them back'];
  return undefined;
}

function servicesProgrammed(inputs: ModeInputs, order: Order): NodeFinding {
  const type = 'ServicesProgrammed';
  if (order.mode === 'Standard')
    return finding(type, 'False', 'StandardMode', 'ordered Standard: kube-proxy serves');
  const missing = unprogrammed(inputs, order);
  if (missing !== undefined) return finding(type, ...missing);
  if (inputs.unsupported.count > 0) {
    const what = `${unsupportedText(inputs.unsupported)}: this version leaves these to kube-proxy, which must stay`;
    return finding(type, 'False', 'UnsupportedService', what);
  }
  return finding(type, 'True', 'Programmed', 'every frontend is in the kernel and was read back');
}

function kubeProxyProgrammed({ config, kubeProxy }: ModeInputs): NodeFinding {
  const type = 'KubeProxyProgrammed';
  const { pod, rules, labelled } = kubeProxy;
  if (!pod && !(config.state === 'Ready' && !config.kubeProxyManaged)) {
    const why = labelled ? 'the Node is labelled margay.io/kube-proxy=parked' : 'its DaemonSet has none here';
    return finding(
      type,
      'False',
      labelled ? 'Parked' : 'NotRunning',
      `no kube-proxy pod is on this node: ${why}`,
    );
  }
  if (rules === undefined)
    return finding(type, 'Unknown', 'NotLooked', 'its rules have not been looked at for this order');
  if (rules.error !== undefined) return finding(type, 'Unknown', 'LookFailed', rules.error);
  if (rules.ok)
    return finding(
      type,
      'True',
      'Programmed',
      'every frontend has its rule, and the last sync is later than the start of its pod',
    );
  if (rules.missingCount === 0)
    return finding(type, 'False', 'NotSynced', 'kube-proxy has not finished a sync since its pod started');
  const names = rules.missing.join(', ');
  return finding(type, 'False', 'RulesMissing', `${rules.missingCount} frontends have no rule yet: ${names}`);
}

const policyProgrammed = finding(
  'PolicyProgrammed',
  'Unknown',
  'NotServed',
  'this version does not serve network policy',
);

/** One finding for each condition type. */
export function findingsOf(inputs: ModeInputs, order: Order): readonly NodeFinding[] {
  return [
    supported(inputs),
    apiServerDirect(inputs),
    servicesProgrammed(inputs, order),
    policyProgrammed,
    kubeProxyProgrammed(inputs),
  ];
}
