/** NodeDataplane.status from a draft and what is known of the node. Pure. */
import type { Condition, NodeConditionType } from '@margay/crds/conditions';
import { setCondition } from '@margay/crds/conditions';
import type { NodeDataplane } from '@margay/crds/nodedataplane.gen';
import type { Order, StatusDraft } from '../node-mode/facts.ts';

/** The status as its schema has it. */
export type NodeStatus = NonNullable<NodeDataplane['status']>;

/** What does not change while an agent runs. */
export interface NodeIdentity {
  readonly kernel: string;
  readonly agentVersion: string;
  readonly layout: number;
}

/** What goes into a status beside the draft. */
export interface StatusContext {
  readonly order: Order;
  readonly identity: NodeIdentity;
  /** By name; empty before the probe. */
  readonly features: Readonly<Record<string, boolean>>;
  /** kube-proxy's chains that stay because others refer to them. */
  readonly leftovers: readonly string[];
  readonly now: Date;
}

const MOST_LEFTOVERS = 10;

/** The status to write; conditions keep their transition times where their status did not change. */
export function nodeStatus(previous: NodeStatus, draft: StatusDraft, context: StatusContext): NodeStatus {
  const { order, identity, features, leftovers, now } = context;
  let conditions = (previous.conditions ?? []) as readonly Condition<NodeConditionType>[];
  for (const finding of draft.findings) {
    conditions = setCondition(conditions, finding, { generation: order.generation, now });
  }
  return {
    observedGeneration: order.generation,
    mode: draft.mode,
    reason: draft.reason,
    message: draft.message,
    configRef: { name: order.configName },
    conditions: [...conditions],
    kernel: identity.kernel,
    features: { ...features },
    kubeProxy: {
      state: draft.kubeProxy,
      ...(leftovers.length === 0 ? {} : { leftovers: leftovers.slice(0, MOST_LEFTOVERS) }),
    },
    ...(draft.drainFlows === undefined ? {} : { drain: { flows: draft.drainFlows } }),
    versions: { agent: identity.agentVersion, layout: identity.layout },
  };
}

/** Text of a status that is equal for equal statuses, whatever order the server keeps fields in. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** A JSON merge patch that makes the server's status this one: what is not in it any more is null. */
export function statusPatch(server: NodeStatus, wanted: NodeStatus): object {
  const gone = Object.keys(server).filter((key) => !(key in wanted));
  const leftovers = server.kubeProxy?.leftovers !== undefined && wanted.kubeProxy?.leftovers === undefined;
  return {
    status: {
      ...Object.fromEntries(gone.map((key) => [key, null])),
      ...wanted,
      ...(leftovers ? { kubeProxy: { ...wanted.kubeProxy, leftovers: null } } : {}),
    },
  };
}
