/** What `kubectl margay status` says. Pure. */
import { type Condition, currentCondition, type WithConditions } from '@margay/crds/conditions';
import type { Installation, InstallationStatus } from '@margay/crds/installation.gen';
import type { NodeDataplane } from '@margay/crds/nodedataplane.gen';
import { table } from './table.ts';

const installationConditions = ['Ready', 'Available', 'Progressing', 'Degraded'];

function statusOf(object: WithConditions, type: string): string {
  return currentCondition(object, type)?.status ?? 'Unknown';
}

function conditionRow(installation: Installation, type: string): readonly string[] {
  const condition: Condition | undefined = currentCondition(installation, type);
  if (condition !== undefined) return [type, condition.status, condition.reason, condition.message];
  return [
    type,
    'Unknown',
    'NotObserved',
    'the operator has not looked at this generation yet: is it running?',
  ];
}

function facts(status: InstallationStatus): readonly string[] {
  const { nodes, rollout, kubeProxy, apiServer } = status;
  const lines: string[] = [];
  if (nodes !== undefined) {
    const others = (['standard', 'changing', 'failed', 'unsupported', 'excluded', 'notReady'] as const)
      .filter((state) => (nodes[state] ?? 0) > 0)
      .map((state) => `${nodes[state] ?? 0} ${state}`);
    lines.push(`nodes:       ${[`${nodes.bpf ?? 0} of ${nodes.total ?? 0} on eBPF`, ...others].join(', ')}`);
  }
  if (rollout !== undefined) lines.push(`rollout:     ${rolloutText(rollout)}`);
  if (kubeProxy !== undefined) {
    lines.push(`kube-proxy:  ${[kubeProxy.state, kubeProxy.message].filter(Boolean).join(', ')}`);
  }
  if (apiServer !== undefined) {
    lines.push(
      `API servers: ${(apiServer.endpoints ?? []).join(', ')} (from ${apiServer.source ?? 'unknown'})`,
    );
  }
  return lines;
}

function rolloutText(rollout: NonNullable<InstallationStatus['rollout']>): string {
  const named = (what: string, names: readonly string[] | undefined): string =>
    names === undefined || names.length === 0 ? '' : `${what} ${names.join(', ')}`;
  const waiting = (rollout.waiting?.count ?? 0) > 0 ? `${rollout.waiting?.count ?? 0} waiting` : '';
  const parts = [
    `${rollout.phase ?? 'Unknown'} to ${rollout.target ?? 'unknown'}`,
    named('changing', rollout.changing),
    named('failed', rollout.failed),
    waiting,
  ];
  return parts.filter((part) => part !== '').join('; ');
}

function nodeRow(node: NodeDataplane): readonly string[] {
  const status = node.status ?? {};
  const cells = [
    node.metadata?.name,
    node.spec.mode,
    status.mode,
    statusOf(node, 'Supported'),
    statusOf(node, 'ApiServerDirect'),
    statusOf(node, 'ServicesProgrammed'),
    status.kubeProxy?.state,
    status.versions?.agent,
    status.kernel,
    status.reason,
  ];
  return cells.map((cell) => (cell === undefined || cell === '' ? '-' : cell));
}

const nodeHeader = [
  'NODE',
  'WANTED',
  'MODE',
  'SUPPORTED',
  'API-DIRECT',
  'SERVICES',
  'KUBE-PROXY',
  'AGENT',
  'KERNEL',
  'REASON',
];

/** What is not as it should be on a node, in its agent's words. */
function complaint(node: NodeDataplane): readonly string[] {
  const { message = '' } = node.status ?? {};
  return message === '' ? [] : [`${node.metadata?.name ?? '-'}: ${message}`];
}

/** The whole text for an Installation and its nodes. */
export function statusText(installation: Installation, nodes: readonly NodeDataplane[]): string {
  const sorted = [...nodes].sort((a, b) => (a.metadata?.name ?? '').localeCompare(b.metadata?.name ?? ''));
  const conditions = installationConditions.map((type) => conditionRow(installation, type));
  const leaving = installation.metadata?.deletionTimestamp === undefined ? [] : ['it is being deleted'];
  const blocks = [
    [...leaving, ...facts(installation.status ?? {})].map((line) => `${line}\n`).join(''),
    table(['CONDITION', 'STATUS', 'REASON', 'MESSAGE'], conditions),
    sorted.length === 0 ? 'no node has an order yet\n' : table(nodeHeader, sorted.map(nodeRow)),
    sorted
      .flatMap(complaint)
      .map((line) => `${line}\n`)
      .join(''),
  ];
  return blocks.filter((block) => block !== '').join('\n');
}
