import type { Happening } from '@margay/lib/events';
import type { Verdict } from '../rollout/engine.ts';

/** What is remembered of a node between two plans, to tell what happened. */
export type Remembered = ReadonlyMap<string, Pick<Verdict, 'node' | 'state' | 'standing' | 'reason'>>;

const happened = (type: Happening['type'], reason: string, action: string, note: string): Happening => ({
  type,
  reason,
  action,
  note,
});

function arrived({ node, state }: Verdict): Happening | undefined {
  if (state === 'BPF') {
    const alone = node.parked ? ' and kube-proxy is parked' : '';
    return happened('Normal', 'ServicesFromBPF', 'Enable', `${node.name}: Services come from eBPF${alone}`);
  }
  if (state === 'Standard') {
    return happened(
      'Normal',
      'ServicesFromKubeProxy',
      'Disable',
      `${node.name}: Services come from kube-proxy`,
    );
  }
  return undefined;
}

function bad({ standing, state, reason, message }: Verdict): Happening | undefined {
  if (standing === 'Failed') return happened('Warning', reason, 'Rollout', message);
  if (standing === 'Unsupported') return happened('Warning', reason, 'Enable', message);
  if (state === 'Lost') return happened('Warning', 'KubeProxyBroughtBack', 'Unpark', message);
  if (standing === 'Blocked') return happened('Warning', reason, 'Enable', message);
  return undefined;
}

/** A node that begins to leave. */
function leaves(
  { node, message }: Verdict,
  before: Pick<Verdict, 'node'> | undefined,
): Happening | undefined {
  const known = before !== undefined && before.node.leaving !== '';
  if (node.leaving === '' || known) return undefined;
  return happened('Normal', 'NodeLeaving', 'Disable', message);
}

/** What a person should hear of a node since the last plan; undefined: nothing new. */
export function happeningOf(verdict: Verdict, remembered: Remembered): Happening | undefined {
  const before = remembered.get(verdict.node.name);
  const { state, standing, reason } = verdict;
  const leaving = leaves(verdict, before);
  if (leaving !== undefined) return leaving;
  if (before?.state === state && before.standing === standing && before.reason === reason) return undefined;
  const warning = bad(verdict);
  if (warning !== undefined) return warning;
  // A node that is only taken note of has not changed hands.
  const same = before === undefined || before.state === state || before.state === 'New';
  return same ? undefined : arrived(verdict);
}
