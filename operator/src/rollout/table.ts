import type { ClusterFacts, NodeFacts } from './facts.ts';
import type { NodeState } from './state.ts';

/**
 * What the operator does to one node. `OrderBPF` and `OrderStandard` also carry the wanted configuration. `Unpark` lets
 * kube-proxy back; a node that is leaving keeps its agent by the label's other value, until `Release` takes that off.
 */
export type Order = 'OrderBPF' | 'OrderStandard' | 'Park' | 'Unpark' | 'Release' | 'RestartAgent';

/** What may be true of a node in a state; the first row whose event is true decides. */
export const EVENTS = {
  Always: () => true,
  Labelled: (n: NodeFacts) => n.parked,
  Kept: (n: NodeFacts) => n.kept,
  KeptAndBack: (n: NodeFacts) => n.kept && n.shown.fresh,
  WantsStandard: (n: NodeFacts) => n.wanted === 'Standard',
  WantsBPF: (n: NodeFacts) => n.wanted === 'BPF',
  AgentReady: (n: NodeFacts, c: ClusterFacts) =>
    n.wanted === 'BPF' && n.agent.up && n.reachable && c.kubeProxy !== 'Refused',
  ConfigOutdated: (n: NodeFacts) => n.order?.current === false,
  AgentOutdated: (n: NodeFacts) => n.agent.outdated,
  KubeProxyOurs: (_: NodeFacts, c: ClusterFacts) => c.kubeProxy === 'Managed',
  KubeProxyShown: (n: NodeFacts) => n.shown.kubeProxy.truth === 'True',
  NothingAttached: (n: NodeFacts) => n.shown.fresh && n.shown.mode === 'Standard',
  NotActiveYet: (n: NodeFacts) => n.shown.fresh && n.shown.mode === 'Enabling',
  KubeProxyAbsent: (_: NodeFacts, c: ClusterFacts) => c.kubeProxy === 'Absent',
} as const satisfies Record<string, (n: NodeFacts, c: ClusterFacts) => boolean>;

/** The name of an event. */
export type NodeEvent = keyof typeof EVENTS;

/**
 * What a row costs of the places for nodes in transition. `Begins`: the order needs a free place, and
 * neither pause nor failure. `Continues`: needs a free place only. `Holds`: the node occupies a
 * place. `None`: costs nothing, and an order is given at once.
 */
export type Place = 'Begins' | 'Continues' | 'Holds' | 'None';

/** One row of the rollout table. */
export interface Row {
  readonly state: NodeState;
  readonly event: NodeEvent;
  readonly order?: Order;
  /** The evidence that ends this row, in words. */
  readonly awaits: string;
  /** Seconds in the state after which the node has failed; absent: never. */
  readonly timeoutS?: number | 'drainTimeout';
  readonly place: Place;
}

const SERVING = 'Supported, ApiServerDirect and ServicesProgrammed for this generation';

/** *node state x event -> order, evidence awaited, timeout*. The order of rows matters. */
export const TABLE: readonly Row[] = [
  { state: 'Excluded', event: 'Labelled', order: 'Unpark', awaits: '', place: 'None' },
  { state: 'Excluded', event: 'Kept', order: 'Release', awaits: '', place: 'None' },
  { state: 'Excluded', event: 'Always', awaits: '', place: 'None' },

  { state: 'New', event: 'Labelled', order: 'OrderBPF', awaits: SERVING, place: 'None' },
  { state: 'New', event: 'Always', order: 'OrderStandard', awaits: 'an agent', place: 'None' },

  { state: 'Standard', event: 'Labelled', order: 'Unpark', awaits: '', place: 'None' },
  { state: 'Standard', event: 'KeptAndBack', order: 'Release', awaits: '', place: 'None' },
  { state: 'Standard', event: 'Kept', awaits: 'mode Standard, for the present order', place: 'None' },
  {
    state: 'Standard',
    event: 'AgentOutdated',
    order: 'RestartAgent',
    awaits: 'agent Ready',
    place: 'Begins',
  },
  { state: 'Standard', event: 'AgentReady', order: 'OrderBPF', awaits: SERVING, place: 'Begins' },
  { state: 'Standard', event: 'ConfigOutdated', order: 'OrderStandard', awaits: '', place: 'None' },
  {
    state: 'Standard',
    event: 'WantsBPF',
    awaits: 'an agent, and a kube-proxy that is ours to place',
    place: 'None',
  },
  { state: 'Standard', event: 'Always', awaits: '', place: 'None' },

  { state: 'Enabling', event: 'ConfigOutdated', order: 'OrderBPF', awaits: SERVING, place: 'Continues' },
  { state: 'Enabling', event: 'AgentOutdated', order: 'RestartAgent', awaits: SERVING, place: 'Continues' },
  { state: 'Enabling', event: 'Always', awaits: SERVING, timeoutS: 60, place: 'Holds' },

  { state: 'Beside', event: 'ConfigOutdated', order: 'OrderBPF', awaits: SERVING, place: 'Begins' },
  { state: 'Beside', event: 'AgentOutdated', order: 'RestartAgent', awaits: SERVING, place: 'Begins' },
  {
    state: 'Beside',
    event: 'KubeProxyOurs',
    order: 'Park',
    awaits: 'the kube-proxy pod gone',
    place: 'Continues',
  },
  { state: 'Beside', event: 'Always', awaits: 'a kube-proxy that is ours to place', place: 'None' },

  {
    state: 'Parking',
    event: 'WantsStandard',
    order: 'Unpark',
    awaits: 'KubeProxyProgrammed',
    place: 'Holds',
  },
  { state: 'Parking', event: 'Always', awaits: 'the kube-proxy pod gone', timeoutS: 120, place: 'Holds' },

  { state: 'BPF', event: 'Kept', order: 'Release', awaits: '', place: 'None' },
  { state: 'BPF', event: 'WantsStandard', order: 'Unpark', awaits: 'KubeProxyProgrammed', place: 'Begins' },
  { state: 'BPF', event: 'ConfigOutdated', order: 'OrderBPF', awaits: SERVING, place: 'Begins' },
  { state: 'BPF', event: 'AgentOutdated', order: 'RestartAgent', awaits: SERVING, place: 'Begins' },
  { state: 'BPF', event: 'Always', awaits: '', place: 'None' },

  {
    state: 'Confirming',
    event: 'WantsStandard',
    order: 'Unpark',
    awaits: 'KubeProxyProgrammed',
    place: 'Continues',
  },
  { state: 'Confirming', event: 'ConfigOutdated', order: 'OrderBPF', awaits: SERVING, place: 'Continues' },
  { state: 'Confirming', event: 'AgentOutdated', order: 'RestartAgent', awaits: SERVING, place: 'Continues' },
  { state: 'Confirming', event: 'Always', awaits: SERVING, timeoutS: 60, place: 'Holds' },

  { state: 'Lost', event: 'KubeProxyAbsent', awaits: 'ServicesProgrammed, or a kube-proxy', place: 'None' },
  { state: 'Lost', event: 'Always', order: 'Unpark', awaits: 'ServicesProgrammed', place: 'None' },

  { state: 'Blocked', event: 'ConfigOutdated', order: 'OrderBPF', awaits: SERVING, place: 'Begins' },
  { state: 'Blocked', event: 'AgentOutdated', order: 'RestartAgent', awaits: SERVING, place: 'Begins' },
  { state: 'Blocked', event: 'Always', awaits: 'ServicesProgrammed', place: 'None' },

  { state: 'Unsupported', event: 'ConfigOutdated', order: 'OrderBPF', awaits: 'Supported', place: 'Begins' },
  {
    state: 'Unsupported',
    event: 'AgentOutdated',
    order: 'RestartAgent',
    awaits: 'Supported',
    place: 'Begins',
  },
  { state: 'Unsupported', event: 'Always', awaits: 'Supported', place: 'None' },

  { state: 'Returning', event: 'NothingAttached', order: 'OrderStandard', awaits: '', place: 'Continues' },
  // Its programs serve nothing, and perhaps never will: there is nothing to wait for.
  {
    state: 'Returning',
    event: 'NotActiveYet',
    order: 'OrderStandard',
    awaits: 'mode Standard',
    place: 'Continues',
  },
  {
    state: 'Returning',
    event: 'KubeProxyShown',
    order: 'OrderStandard',
    awaits: 'mode Standard',
    place: 'Continues',
  },
  {
    state: 'Returning',
    event: 'KubeProxyAbsent',
    awaits: 'a kube-proxy, and KubeProxyProgrammed',
    place: 'None',
  },
  { state: 'Returning', event: 'Always', awaits: 'KubeProxyProgrammed', timeoutS: 120, place: 'Holds' },

  { state: 'Draining', event: 'Labelled', order: 'Unpark', awaits: 'mode Standard', place: 'None' },
  { state: 'Draining', event: 'WantsBPF', order: 'OrderBPF', awaits: SERVING, place: 'Holds' },
  { state: 'Draining', event: 'Always', awaits: 'mode Standard', timeoutS: 'drainTimeout', place: 'Holds' },
];

/** The row that decides for a node in a state. Every state ends in a row that is always true or complete. */
export function rowFor(state: NodeState, node: NodeFacts, cluster: ClusterFacts): Row {
  const row = TABLE.find((r) => r.state === state && EVENTS[r.event](node, cluster));
  if (row === undefined) throw new RangeError(`rollout table has no row for state ${state}`);
  return row;
}
