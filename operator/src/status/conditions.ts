import type { Finding, InstallationConditionType } from '@margay/crds/conditions';
import type { Standing, Verdict } from '../rollout/engine.ts';
import type { KubeProxyFinding } from './kube-proxy.ts';
import type { Problem } from './problem.ts';

/** What the conditions are made from. */
export interface ConditionInputs {
  readonly verdicts: readonly Verdict[];
  readonly problems: readonly Problem[];
  readonly kubeProxy: Pick<KubeProxyFinding, 'placement' | 'replacing'>;
  readonly deleting: boolean;
}

type Found = Finding<InstallationConditionType>;

/** Sentences of at most ten nodes, and how many more there are. */
function sentences(verdicts: readonly Verdict[]): string {
  const first = verdicts.slice(0, 10).map((v) => v.message);
  const more = verdicts.length > 10 ? [`and ${verdicts.length - 10} more nodes`] : [];
  return [...first, ...more].join('; ');
}

const standing = (verdicts: readonly Verdict[], ...of: Standing[]): readonly Verdict[] =>
  verdicts.filter((v) => of.includes(v.standing));

const EXCUSED: readonly Standing[] = ['Done', 'Excluded', 'Unsupported'];

/** Nobody serves the node's Services: eBPF does not (any more), and there is no kube-proxy on it. */
function unserved(v: Verdict, kubeProxy: ConditionInputs['kubeProxy']): boolean {
  if (v.standing === 'Excluded' || kubeProxy.placement === 'Disabled' || v.node.kubeProxyPod) return false;
  if (v.state === 'Lost') return true;
  if (kubeProxy.replacing) return false;
  const ours: readonly Verdict['state'][] = [
    'BPF',
    'Parking',
    'Confirming',
    'Returning',
    'Draining',
    'Blocked',
  ];
  return !ours.includes(v.state);
}

/** A node whose programs lost something serves the rest still. */
function howUnserved({ state, node }: Verdict): string {
  if (state !== 'Lost') return `${node.name}: neither eBPF nor a kube-proxy pod serves Services there`;
  const why = node.shown.services.message || 'its agent does not say which';
  return `${node.name}: eBPF does not serve every Service there, and no kube-proxy pod is on it: ${why}`;
}

function available({ verdicts, kubeProxy }: ConditionInputs): Found {
  const bad = verdicts.filter((v) => unserved(v, kubeProxy));
  if (bad.length === 0) {
    const message = `every node's Services are served (${verdicts.length} nodes)`;
    return { type: 'Available', status: 'True', reason: 'Served', message };
  }
  const more = bad.length > 10 ? [`and ${bad.length - 10} more nodes`] : [];
  const message = [...bad.slice(0, 10).map(howUnserved), ...more].join('; ');
  return { type: 'Available', status: 'False', reason: 'NodeNotServed', message };
}

function progressing({ verdicts, deleting }: ConditionInputs): Found {
  const moving = standing(verdicts, 'Changing', 'Failed', 'Waiting', 'Blocked');
  const [first] = standing(verdicts, 'Changing').concat(moving);
  if (first === undefined) {
    const reason = deleting ? 'Deleting' : 'Complete';
    return {
      type: 'Progressing',
      status: 'False',
      reason,
      message: 'every node is in its wanted mode or excused',
    };
  }
  const reason = deleting ? 'Deleting' : first.standing === 'Changing' ? 'Rolling' : first.reason;
  return { type: 'Progressing', status: 'True', reason, message: sentences(moving) };
}

function degraded({ verdicts, problems }: ConditionInputs): Found {
  const failed = standing(verdicts, 'Failed');
  const all = [...problems, ...failed.map((v) => ({ reason: v.reason, message: v.message }))];
  const [first] = all;
  if (first === undefined) {
    return { type: 'Degraded', status: 'False', reason: 'AsExpected', message: 'nothing needs a person' };
  }
  const message = all
    .slice(0, 10)
    .map((p) => p.message)
    .join('; ');
  return { type: 'Degraded', status: 'True', reason: first.reason, message };
}

function ready({ verdicts, problems, deleting }: ConditionInputs): Found {
  const open = verdicts.filter((v) => !EXCUSED.includes(v.standing));
  const excused = standing(verdicts, 'Unsupported');
  if (deleting)
    return {
      type: 'Ready',
      status: 'False',
      reason: 'Deleting',
      message: sentences(open) || 'the Installation is being deleted',
    };
  const [problem] = problems;
  if (problem !== undefined) return { type: 'Ready', status: 'False', ...problem };
  const [first] = open;
  if (first !== undefined) {
    return { type: 'Ready', status: 'False', reason: first.reason || first.state, message: sentences(open) };
  }
  const but = excused.length > 0 ? `, except: ${sentences(excused)}` : '';
  const message = `${verdicts.length} nodes are in their wanted mode${but}`;
  return { type: 'Ready', status: 'True', reason: 'Complete', message };
}

/** The four conditions of an Installation. */
export function conditionFindings(inputs: ConditionInputs): readonly Found[] {
  return [ready(inputs), available(inputs), progressing(inputs), degraded(inputs)];
}
