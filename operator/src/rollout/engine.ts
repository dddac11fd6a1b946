import type { ClusterFacts, NodeFacts } from './facts.ts';
import type { NodeState } from './state.ts';
import { nodeState } from './state.ts';
import type { Order, Row } from './table.ts';
import { rowFor } from './table.ts';

/** How a node stands, for people and counts. Exactly one holds. */
export type Standing = 'Excluded' | 'Done' | 'Changing' | 'Waiting' | 'Failed' | 'Unsupported' | 'Blocked';

/** When each node entered the state it is in, kept by the caller between two plans. */
export type Since = ReadonlyMap<string, { readonly state: NodeState; readonly atMs: number }>;

/** What the engine says of one node. */
export interface Verdict {
  readonly node: NodeFacts;
  readonly state: NodeState;
  readonly standing: Standing;
  /** What is to be done to the node now; absent: nothing. */
  readonly order?: Order;
  /** PascalCase; empty when the node is done. */
  readonly reason: string;
  /** What the node waits for or lacks, beginning with its name; empty when it is done. */
  readonly message: string;
  /** Milliseconds until the row's timeout; absent when none runs. */
  readonly leftMs?: number;
}

/** The next step of the whole rollout. */
export interface Plan {
  readonly verdicts: readonly Verdict[];
  readonly since: Since;
  /** When to look again although nothing changed, in milliseconds; absent: never. */
  readonly wakeMs?: number;
}

/** Time, as the engine is given it. */
export interface Clock {
  readonly nowMs: number;
  readonly since: Since;
  /** `spec.bpf.drainTimeout`. */
  readonly drainTimeoutMs: number;
}

interface Look {
  readonly node: NodeFacts;
  readonly state: NodeState;
  readonly row: Row;
  readonly elapsedMs: number;
  readonly limitMs: number | undefined;
}

/** A drained node gets this much longer than the drain itself, to detach and to say so. */
const AFTER_DRAIN_MS = 60_000;

function limitOf(row: Row, drainTimeoutMs: number): number | undefined {
  if (row.timeoutS === undefined) return undefined;
  return row.timeoutS === 'drainTimeout' ? drainTimeoutMs + AFTER_DRAIN_MS : row.timeoutS * 1000;
}

function look(node: NodeFacts, cluster: ClusterFacts, clock: Clock): Look {
  const state = nodeState(node, cluster);
  const row = rowFor(state, node, cluster);
  const was = clock.since.get(node.name);
  const elapsedMs = was?.state === state ? clock.nowMs - was.atMs : 0;
  return { node, state, row, elapsedMs, limitMs: limitOf(row, clock.drainTimeoutMs) };
}

const timedOut = (l: Look): boolean => l.limitMs !== undefined && l.elapsedMs >= l.limitMs;

/** A node whose kubelet is gone is passed over: it neither fails nor occupies a place. */
const failed = (l: Look): boolean => l.node.reachable && timedOut(l);

const holds = (l: Look): boolean => l.row.place === 'Holds' && l.node.reachable && !timedOut(l);

const takes = (l: Look): boolean => l.row.place === 'Begins' || l.row.place === 'Continues';

/** Those who go on come before those who begin, then by name: the same facts give the same plan. */
function byTurn(a: Look, b: Look): number {
  const rank = (l: Look): number => (l.row.place === 'Continues' ? 0 : 1);
  return rank(a) - rank(b) || (a.node.name < b.node.name ? -1 : 1);
}

/** The nodes that may take a place now. */
function admitted(looks: readonly Look[], cluster: ClusterFacts): ReadonlySet<string> {
  let free = cluster.allowed - looks.filter(holds).length;
  const held = cluster.paused || (cluster.onFailure === 'Pause' && looks.some(failed));
  const names = new Set<string>();
  for (const l of looks.filter(takes).sort(byTurn)) {
    if (free <= 0) break;
    if (!l.node.reachable || (held && l.row.place === 'Begins')) continue;
    names.add(l.node.name);
    free -= 1;
  }
  return names;
}

const WORDS = {
  supported: 'the kernel is not shown to support eBPF mode',
  apiServerDirect: 'no direct connection to the API server is shown',
  services: 'services not programmed',
  kubeProxy: "kube-proxy's rules are not shown to be in the kernel",
} as const;

function lacking(node: NodeFacts, keys: readonly (keyof typeof WORDS)[]): string {
  if (!node.shown.fresh) return 'its agent has not answered the present order yet';
  for (const key of keys) {
    const { truth, message } = node.shown[key];
    if (truth !== 'True') return message === '' ? WORDS[key] : `${WORDS[key]}: ${message}`;
  }
  return 'the order is not confirmed';
}

const SERVICE_KEYS = ['supported', 'apiServerDirect', 'services'] as const;

/** What a node in a state still lacks, without its name. */
function lack({ node, state }: Look): string {
  if (state !== 'Parking' && state !== 'Standard' && !node.agent.up && node.agent.problem !== '') {
    return node.agent.problem;
  }
  switch (state) {
    case 'Parking':
      return node.kubeProxyPod
        ? 'its kube-proxy pod has not gone yet'
        : "kube-proxy's rules are being removed";
    case 'Returning':
      return lacking(node, ['kubeProxy']);
    case 'Draining':
      return 'connections that eBPF began are still served';
    default:
      return lacking(node, SERVICE_KEYS);
  }
}

type Words = Pick<Verdict, 'standing' | 'reason' | 'message'>;

const DONE: Words = { standing: 'Done', reason: '', message: '' };

function failure(l: Look): Words {
  const after = `after ${String(Math.round((l.limitMs ?? 0) / 1000))}s in state ${l.state}`;
  const keeps = l.node.parked ? 'eBPF keeps serving what it has' : 'kube-proxy serves it';
  return {
    standing: 'Failed',
    reason: 'NodeFailed',
    message: `${l.node.name}: ${lack(l)} (${after}); ${keeps}, and no further node is changed until it recovers`,
  };
}

function mayNotBegin(l: Look, cluster: ClusterFacts): Words | undefined {
  const { node } = l;
  const say = (reason: string, message: string): Words => ({
    standing: 'Waiting',
    reason,
    message: `${node.name}: ${message}`,
  });
  if (!node.reachable)
    return say('NodeUnreachable', 'its kubelet does not report; the node keeps what it has');
  if (cluster.kubeProxy === 'Refused' && node.wanted === 'BPF')
    return say('KubeProxyRefused', cluster.kubeProxyWhy);
  if (l.state === 'Standard' && !node.agent.up && !node.agent.outdated) {
    return say('AgentNotReady', node.agent.problem || 'no agent pod is Ready on it');
  }
  return undefined;
}

/** Words for a node whose row needs a place that it was not given, or that cannot begin at all. */
function waiting(l: Look, cluster: ClusterFacts, looks: readonly Look[]): Words {
  const words = mayNotBegin(l, cluster);
  if (words !== undefined) return words;
  const name = l.node.name;
  const bad = looks.filter(failed).map((o) => o.node.name);
  if (cluster.paused) {
    return {
      standing: 'Waiting',
      reason: 'Paused',
      message: `${name}: held by spec.nodeUpdateStrategy.paused`,
    };
  }
  if (bad.length > 0 && cluster.onFailure === 'Pause') {
    return {
      standing: 'Waiting',
      reason: 'NodeFailed',
      message: `${name}: waits until ${bad.join(', ')} recovers`,
    };
  }
  const others = looks.filter((o) => holds(o) && o.node.name !== name).map((o) => o.node.name);
  const turn = others.length > 0 ? `waits for ${others.slice(0, 10).join(', ')}` : 'waits for its turn';
  return { standing: 'Waiting', reason: 'Rolling', message: `${name}: ${turn}` };
}

/** Words for a node that is where it stays until something outside the rollout changes. */
function still({ node, state, ...l }: Look): Words {
  const say = (standing: Standing, reason: string, message: string): Words => ({
    standing,
    reason,
    message: `${node.name}: ${message}`,
  });
  const { supported, services } = node.shown;
  switch (state) {
    case 'Excluded':
      return say('Excluded', 'Excluded', node.excluded);
    case 'Unsupported':
      return say('Unsupported', supported.reason, `${supported.message}; kube-proxy keeps the node`);
    case 'Blocked':
      return say(
        'Blocked',
        'UnsupportedService',
        `${services.message}; kube-proxy serves the node until that is gone`,
      );
    case 'Lost':
      return say(
        'Failed',
        services.reason || 'NotServed',
        `${lack({ node, state, ...l })}, and there is no kube-proxy to go back to`,
      );
    case 'Returning':
      return say(
        'Waiting',
        'KubeProxyAbsent',
        'there is no kube-proxy to hand the Services back to; eBPF keeps serving',
      );
    case 'Standard':
      return node.kept ? say('Changing', 'Leaving', lacking(node, [])) : DONE;
    default:
      return DONE;
  }
}

function changing(l: Look): Words {
  const { node, row, state } = l;
  const say = (message: string): Words => ({
    standing: 'Changing',
    reason: state,
    message: `${node.name}: ${message}`,
  });
  if (state === 'Lost') return say(`${lack(l)}; kube-proxy is brought back`);
  return say(row.order === undefined ? lack(l) : `${row.order} is next`);
}

/** Rows in which a node that does nothing waits for a turn, an agent or kube-proxy. */
const isWaiting = (l: Look): boolean =>
  takes(l) || timedOut(l) || l.row.event === 'WantsBPF' || l.row.place === 'Holds' || l.state === 'Beside';

function words(l: Look, given: ReadonlySet<string>, cluster: ClusterFacts, looks: readonly Look[]): Words {
  if (failed(l)) return failure(l);
  if (holds(l) || given.has(l.node.name)) return changing(l);
  if (isWaiting(l)) return waiting(l, cluster, looks);
  return l.row.order === undefined ? still(l) : changing(l);
}

/** Words about a node that is leaving say so first. */
function withLeaving({ name, leaving }: NodeFacts, said: Words): Words {
  if (leaving === '' || said.message === '') return said;
  const rest = said.message.slice(`${name}: `.length);
  const message = `${name}: ${leaving}: its agent stays until kube-proxy serves it again: ${rest}`;
  return { ...said, message };
}

function verdict(
  l: Look,
  given: ReadonlySet<string>,
  cluster: ClusterFacts,
  looks: readonly Look[],
): Verdict {
  const { order } = l.row;
  const act = order !== undefined && (!takes(l) || given.has(l.node.name));
  return {
    node: l.node,
    state: l.state,
    ...withLeaving(l.node, words(l, given, cluster, looks)),
    ...(act ? { order } : {}),
    ...(holds(l) && l.limitMs !== undefined ? { leftMs: l.limitMs - l.elapsedMs } : {}),
  };
}

/**
 * Decides what happens to each node now. Pure: the same facts and clock give the same plan, and a
 * plan that is carried out twice does nothing the second time.
 */
export function plan(nodes: readonly NodeFacts[], cluster: ClusterFacts, clock: Clock): Plan {
  const looks = nodes.map((node) => look(node, cluster, clock));
  const given = admitted(looks, cluster);
  const verdicts = looks.map((l) => verdict(l, given, cluster, looks));
  const left = verdicts.flatMap((v) => (v.leftMs === undefined ? [] : [v.leftMs]));
  const since = new Map(looks.map((l) => [l.node.name, { state: l.state, atMs: clock.nowMs - l.elapsedMs }]));
  return { verdicts, since, ...(left.length > 0 ? { wakeMs: Math.min(...left) } : {}) };
}
