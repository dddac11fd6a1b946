import type { EffectiveSpec } from '@margay/crds/defaults';
import type { Problem } from './problem.ts';

interface Unserved {
  readonly field: string;
  readonly asked: (spec: EffectiveSpec) => boolean;
  /** What happens instead. */
  readonly instead: string;
}

/** What the API has room for and this version does not do yet. Nobody may believe to have it. */
const UNSERVED: readonly Unserved[] = [
  {
    field: 'bpfExternalServiceMode: DSR',
    asked: (spec) => spec.bpfExternalServiceMode === 'DSR',
    instead: 'replies go back through the node that the client asked',
  },
  {
    field: 'bpfDSROptoutCIDRs',
    asked: (spec) => spec.bpfDSROptoutCIDRs.length > 0,
    instead: 'there is no DSR to opt out of',
  },
  {
    field: 'bpfLogLevel',
    asked: (spec) => spec.bpfLogLevel !== 'Disabled',
    instead: 'programs count and do not log',
  },
  {
    field: 'network.margay.encapsulation: VXLAN',
    asked: (spec) => spec.network.margay.encapsulation === 'VXLAN',
    instead: 'nodes of one subnet route to each other without it',
  },
  {
    field: 'policy.endpointToHostAction',
    asked: (spec) => spec.policy.endpointToHostAction !== 'Accept',
    instead: 'pods reach their node',
  },
  {
    field: 'policy.reversePathCheck',
    asked: (spec) => spec.policy.reversePathCheck !== 'Loose',
    instead: 'the check stays as the kernel has it',
  },
  {
    field: 'nodeUpdateStrategy.canarySelector',
    asked: ({ nodeUpdateStrategy: { canarySelector } }) => Object.keys(canarySelector).length > 0,
    instead: 'nodes are changed in the order of their names',
  },
  {
    field: 'onDelete.fabric: Remove',
    asked: (spec) => spec.onDelete.fabric === 'Remove',
    instead: 'routes and the CNI file stay',
  },
];

/** Settings that somebody wrote and this version does not serve; undefined when there are none. */
export function unservedSettings(spec: EffectiveSpec): Problem | undefined {
  const asked = UNSERVED.filter((each) => each.asked(spec));
  if (asked.length === 0) return undefined;
  const named = asked.map(({ field, instead }) => `spec.${field} (${instead})`).join(', ');
  return {
    reason: 'SettingNotServed',
    message: `not served by this version: ${named}. Remove what is named, everything else is in force`,
  };
}
