/** Conditions: what they are called, how they are set, and when they count. */

/** Conditions of an Installation. */
export type InstallationConditionType = 'Ready' | 'Available' | 'Progressing' | 'Degraded';

/** Conditions of a NodeDataplane: the evidence. */
export type NodeConditionType =
  'Supported' | 'ApiServerDirect' | 'ServicesProgrammed' | 'PolicyProgrammed' | 'KubeProxyProgrammed';

/** As in metav1.Condition; Unknown before there is evidence. */
export type ConditionStatus = 'True' | 'False' | 'Unknown';

/** One condition as it stands in a status. */
export interface Condition<Type extends string = string> {
  type: Type;
  status: ConditionStatus;
  observedGeneration?: number;
  /** RFC 3339, whole seconds. */
  lastTransitionTime: string;
  reason: string;
  message: string;
}

/** What is found out about a condition. */
export interface Finding<Type extends string = string> {
  readonly type: Type;
  readonly status: ConditionStatus;
  /** PascalCase. */
  readonly reason: string;
  /** What, where, and what to do; with a name in it. */
  readonly message: string;
}

/** For which generation of the object, and when, something was found. */
export interface Found {
  /** `metadata.generation` of the object that was judged. */
  readonly generation: number;
  readonly now: Date;
}

/** The API server keeps no more than this many characters of a message. */
export const longestMessage = 4096;

function wholeSeconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/**
 * The conditions with this finding in the place of the one of its type. `lastTransitionTime` moves only when the
 * status changes; the array itself is returned where nothing at all changed.
 */
export function setCondition<Type extends string>(
  conditions: readonly Condition<Type>[],
  finding: Finding<Type>,
  found: Found,
): readonly Condition<Type>[] {
  const previous = conditions.find((condition) => condition.type === finding.type);
  const kept = previous?.status === finding.status ? previous.lastTransitionTime : undefined;
  const message = finding.message.slice(0, longestMessage);
  const next: Condition<Type> = {
    type: finding.type,
    status: finding.status,
    observedGeneration: found.generation,
    lastTransitionTime: kept ?? wholeSeconds(found.now),
    reason: finding.reason,
    message,
  };
  if (previous === undefined) return [...conditions, next];
  if (sameCondition(previous, next)) return conditions;
  return conditions.map((condition) => (condition === previous ? next : condition));
}

function sameCondition(a: Condition, b: Condition): boolean {
  return (
    a.status === b.status &&
    a.observedGeneration === b.observedGeneration &&
    a.reason === b.reason &&
    a.message === b.message
  );
}

/** An object whose conditions are asked for; any custom resource of Margay's. */
export interface WithConditions {
  readonly metadata?: { readonly generation?: number };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** The condition of that type, if it counts: if it was found for the object as it is now. */
export function currentCondition(object: WithConditions, type: string): Condition | undefined {
  const condition = object.status?.conditions?.find((one) => one.type === type);
  return condition?.observedGeneration === object.metadata?.generation ? condition : undefined;
}

/** Whether the condition counts and has that status; without one that counts it is Unknown. */
export function conditionIs(object: WithConditions, type: string, status: ConditionStatus): boolean {
  return (currentCondition(object, type)?.status ?? 'Unknown') === status;
}

/** `conditionIs(object, type, 'True')`. */
export function isTrue(object: WithConditions, type: string): boolean {
  return conditionIs(object, type, 'True');
}
