import type { Condition } from '@margay/crds/conditions';
import { kubeProxyLabel, parkedValue, returningValue } from '@margay/crds/resources';
import type { DataplaneRecord, NodeRecord, PodRecord } from '../watch/records.ts';
import type { AgentFacts, Evidence, Mode, NodeFacts, ShownFacts } from './facts.ts';
import { NO_EVIDENCE } from './facts.ts';
import type { LabelSelector } from './selector.ts';
import { allowsNode, selects } from './selector.ts';

/** What is wanted of all nodes. */
export interface Wanted {
  /** `bpfEnabled`, and false while the Installation is being deleted. */
  readonly bpf: boolean;
  readonly selector: LabelSelector;
  /** `spec.agent.affinity`. */
  readonly affinity: Readonly<Record<string, unknown>>;
  /** Name of the configuration. */
  readonly config: string;
  /** Hash of the agents' template; empty: whichever they are of. */
  readonly template: string;
}

/** All that was seen. */
export interface Seen {
  readonly nodes: readonly NodeRecord[];
  readonly dataplanes: ReadonlyMap<string, DataplaneRecord>;
  readonly agents: ReadonlyMap<string, PodRecord>;
  readonly kubeProxies: ReadonlySet<string>;
}

/** Why a node can never be ours; empty when it can. */
function foreign(node: NodeRecord): string {
  const os = node.labels['kubernetes.io/os'] ?? 'linux';
  if (os !== 'linux') return `runs ${os}`;
  if (node.labels['type'] === 'virtual-kubelet') return 'is a virtual node without a kernel of its own';
  return '';
}

/** Nothing of ours is in force on it: neither an order, nor programs, nor a label. */
function isFree(node: NodeRecord, record: DataplaneRecord | undefined): boolean {
  const { spec, mode: runs = 'Standard' } = record ?? { spec: { mode: 'Standard' } };
  return node.labels[kubeProxyLabel] === undefined && spec.mode === 'Standard' && runs === 'Standard';
}

/** A node that the agents' affinity does not allow is let go when nothing of ours is in force on it, not before. */
function membership(
  node: NodeRecord,
  record: DataplaneRecord | undefined,
  wanted: Wanted,
): Pick<NodeFacts, 'excluded' | 'leaving'> {
  const never = foreign(node);
  if (never !== '') return { excluded: never, leaving: '' };
  if (allowsNode(wanted.affinity, node.name, node.labels)) return { excluded: '', leaving: '' };
  if (isFree(node, record)) return { excluded: 'is excluded by spec.agent.affinity', leaving: '' };
  return { excluded: '', leaving: 'spec.agent.affinity does not allow it any more' };
}

function evidence(record: DataplaneRecord, type: string): Evidence {
  const found: Condition | undefined = record.conditions.find((c) => c.type === type);
  if (found?.observedGeneration !== record.generation) return NO_EVIDENCE;
  return { truth: found.status, reason: found.reason, message: found.message };
}

function shown(record: DataplaneRecord | undefined): ShownFacts {
  if (record === undefined) {
    const none = NO_EVIDENCE;
    return { fresh: false, supported: none, apiServerDirect: none, services: none, kubeProxy: none };
  }
  return {
    ...(record.mode === undefined ? {} : { mode: record.mode }),
    fresh: record.observedGeneration === record.generation,
    supported: evidence(record, 'Supported'),
    apiServerDirect: evidence(record, 'ApiServerDirect'),
    services: evidence(record, 'ServicesProgrammed'),
    kubeProxy: evidence(record, 'KubeProxyProgrammed'),
    kubeProxyLeft: record.kubeProxyState === 'Running',
  };
}

function agent(pod: PodRecord | undefined, template: string): AgentFacts {
  if (pod === undefined) return { up: false, outdated: false, problem: 'there is no agent pod on the node' };
  const outdated = !pod.deleting && template !== '' && pod.template !== template;
  const up = !pod.deleting && !outdated && pod.ready;
  return { up, outdated, problem: up ? '' : pod.deleting ? 'its agent pod is being replaced' : pod.problem };
}

function mode(node: NodeRecord, wanted: Wanted, leaving: string): Mode {
  return leaving === '' && wanted.bpf && selects(wanted.selector, node.labels) ? 'BPF' : 'Standard';
}

/** The facts of every node, in the order of their names. */
export function assemble(seen: Seen, wanted: Wanted): readonly NodeFacts[] {
  return seen.nodes
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((node) => {
      const record = seen.dataplanes.get(node.name);
      const member = membership(node, record, wanted);
      return {
        name: node.name,
        wanted: mode(node, wanted, member.leaving),
        ...member,
        ready: node.ready === 'True',
        reachable: node.ready !== 'Unknown',
        parked: node.labels[kubeProxyLabel] === parkedValue,
        kept: node.labels[kubeProxyLabel] === returningValue,
        kubeProxyPod: seen.kubeProxies.has(node.name),
        agent: agent(seen.agents.get(node.name), wanted.template),
        ...(record === undefined
          ? {}
          : { order: { mode: record.spec.mode, current: record.spec.configRef.name === wanted.config } }),
        shown: shown(record),
      };
    });
}
