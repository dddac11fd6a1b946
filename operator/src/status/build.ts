import type { Condition, InstallationConditionType } from '@margay/crds/conditions';
import { setCondition } from '@margay/crds/conditions';
import type { EffectiveSpec } from '@margay/crds/defaults';
import type { InstallationStatus } from '@margay/crds/installation.gen';
import type { Verdict } from '../rollout/engine.ts';
import { conditionFindings } from './conditions.ts';
import { countNodes } from './counts.ts';
import type { KubeProxyFinding } from './kube-proxy.ts';
import { kubeProxySection } from './kube-proxy.ts';
import type { Problem } from './problem.ts';

/** What an Installation's status is made from. */
export interface StatusInputs {
  readonly generation: number;
  readonly now: Date;
  readonly previous: InstallationStatus;
  readonly computed: EffectiveSpec;
  /** Name of the configuration; empty before there is one. */
  readonly config: string;
  readonly verdicts: readonly Verdict[];
  readonly problems: readonly Problem[];
  readonly kubeProxy: KubeProxyFinding;
  readonly apiServer: NonNullable<InstallationStatus['apiServer']>;
  readonly deleting: boolean;
}

type Rollout = NonNullable<InstallationStatus['rollout']>;

const tenNames = (verdicts: readonly Verdict[]): string[] => verdicts.slice(0, 10).map((v) => v.node.name);

function phase(
  { computed }: StatusInputs,
  changing: number,
  failed: number,
  waiting: number,
): NonNullable<Rollout['phase']> {
  if (changing > 0) return 'Rolling';
  if (failed > 0 || (waiting > 0 && computed.nodeUpdateStrategy.paused)) return 'Paused';
  return waiting > 0 ? 'Rolling' : 'Complete';
}

function rollout(inputs: StatusInputs): Rollout {
  const of = (...standing: Verdict['standing'][]): readonly Verdict[] =>
    inputs.verdicts.filter((v) => standing.includes(v.standing));
  const changing = of('Changing');
  const waiting = of('Waiting', 'Blocked');
  const failed = of('Failed');
  return {
    target: inputs.computed.bpfEnabled && !inputs.deleting ? 'BPF' : 'Standard',
    phase: inputs.config === '' ? 'Idle' : phase(inputs, changing.length, failed.length, waiting.length),
    ...(inputs.config === '' ? {} : { configRef: { name: inputs.config } }),
    changing: tenNames(changing),
    waiting: { count: waiting.length, first: tenNames(waiting) },
    failed: tenNames(failed),
  };
}

function summary(
  nodes: { readonly bpf: number; readonly total: number },
  roll: Rollout,
): InstallationStatus['summary'] {
  const names =
    [roll.changing, roll.failed, roll.waiting?.first].find((list) => (list ?? []).length > 0) ?? [];
  const [first, ...others] = names;
  const more = others.length > 0 ? `, +${others.length}` : '';
  return {
    nodes: `${nodes.bpf}/${nodes.total}`,
    rollout: first === undefined ? String(roll.phase) : `${String(roll.phase)} (${first}${more})`,
  };
}

/** The whole status. The same inputs give the same status, but for the times of conditions that changed. */
export function buildStatus(inputs: StatusInputs): InstallationStatus {
  const { generation, now, verdicts, kubeProxy, previous } = inputs;
  const nodes = countNodes(verdicts, kubeProxy.placement);
  const roll = rollout(inputs);
  const findings = conditionFindings(inputs);
  const before = (previous.conditions ?? []) as readonly Condition<InstallationConditionType>[];
  const conditions = findings.reduce(
    (list, finding) => setCondition(list, finding, { generation, now }),
    before,
  );
  return {
    observedGeneration: generation,
    conditions: [...conditions],
    computed: { ...inputs.computed },
    summary: summary(nodes, roll) ?? {},
    nodes,
    rollout: roll,
    apiServer: inputs.apiServer,
    kubeProxy: kubeProxySection(kubeProxy, verdicts),
  };
}
