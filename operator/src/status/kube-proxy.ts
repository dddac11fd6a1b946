import type { InstallationStatus } from '@margay/crds/installation.gen';
import type { Verdict } from '../rollout/engine.ts';
import type { KubeProxyPlacement } from '../rollout/facts.ts';

/** What was found out about kube-proxy's DaemonSet. */
export interface KubeProxyFinding {
  readonly placement: KubeProxyPlacement;
  /** Its pods are being replaced: for a moment a node may be served by rules whose pod is gone. */
  readonly replacing: boolean;
  /** `namespace/name` of the DaemonSet. */
  readonly place: string;
  /** Why it is refused; empty when it is not. */
  readonly why: string;
  /** Others changed our change back too often. */
  readonly contested: boolean;
  /** Not known yet. */
  readonly unknown: boolean;
}

type Section = NonNullable<InstallationStatus['kubeProxy']>;

const names = (verdicts: readonly Verdict[]): string => {
  const all = verdicts.map((v) => v.node.name);
  return all.length > 10 ? `${all.slice(0, 10).join(', ')} and ${all.length - 10} more` : all.join(', ');
};

function parkedOn(finding: KubeProxyFinding, ours: readonly Verdict[]): Section {
  const parked = ours.filter((v) => v.node.parked);
  const left = ours.filter((v) => !v.node.parked);
  if (parked.length === 0)
    return { state: 'Running', message: `DaemonSet ${finding.place} runs on every node` };
  if (left.length === 0)
    return { state: 'Parked', message: `${finding.place} is parked on all ${parked.length} nodes` };
  const why = left.map((v) => v.message).find((m) => m !== '') ?? `it runs on ${names(left)}`;
  return {
    state: 'PartlyParked',
    message: `parked on ${parked.length} of ${ours.length} nodes (runs on ${names(left)}); ${why}`,
  };
}

/** `status.kubeProxy`. */
export function kubeProxySection(finding: KubeProxyFinding, verdicts: readonly Verdict[]): Section {
  const ours = verdicts.filter((v) => v.standing !== 'Excluded');
  if (finding.unknown) return { state: 'Unknown', message: finding.why };
  switch (finding.placement) {
    case 'Absent':
      return {
        state: 'Absent',
        message: `there is no DaemonSet ${finding.place}; if kube-proxy runs in another form, switch it off there after Available is True`,
      };
    case 'Disabled': {
      const message = `spec.kubeProxyManagement is Disabled: DaemonSet ${finding.place} is not touched. Once a node's NodeDataplane shows ServicesProgrammed, its kube-proxy may be stopped`;
      return { state: 'Unmanaged', message };
    }
    case 'Refused':
      return { state: finding.contested ? 'Contested' : 'Unmanaged', message: finding.why };
    case 'Managed':
      return parkedOn(finding, ours);
  }
}
