import type { InstallationStatus } from '@margay/crds/installation.gen';
import type { Verdict } from '../rollout/engine.ts';
import type { KubeProxyPlacement } from '../rollout/facts.ts';
import { serves } from '../rollout/state.ts';

/** `status.nodes`, complete. */
export type NodeCounts = Required<NonNullable<InstallationStatus['nodes']>>;

/** Whether a node's Services come from eBPF and from nobody else. */
export function isOnBpf({ node }: Verdict, kubeProxy: KubeProxyPlacement): boolean {
  const alone = node.parked || kubeProxy === 'Absent' || kubeProxy === 'Disabled';
  return node.order?.mode === 'BPF' && alone && serves(node);
}

function kindOf(v: Verdict, kubeProxy: KubeProxyPlacement): keyof NodeCounts {
  if (!v.node.ready && v.standing !== 'Excluded') return 'notReady';
  switch (v.standing) {
    case 'Changing':
      return 'changing';
    case 'Failed':
      return 'failed';
    case 'Unsupported':
    case 'Blocked':
      return 'unsupported';
    case 'Excluded':
      return 'excluded';
    default:
      return isOnBpf(v, kubeProxy) ? 'bpf' : 'standard';
  }
}

/** Every node under exactly one heading, the first that fits. */
export function countNodes(verdicts: readonly Verdict[], kubeProxy: KubeProxyPlacement): NodeCounts {
  const counts = {
    total: 0,
    notReady: 0,
    changing: 0,
    failed: 0,
    unsupported: 0,
    excluded: 0,
    bpf: 0,
    standard: 0,
  };
  for (const verdict of verdicts) {
    counts.total += 1;
    counts[kindOf(verdict, kubeProxy)] += 1;
  }
  return counts;
}
