/** A requirement on labels, of a LabelSelector or of a node affinity. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** As metav1.LabelSelector. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelRequirement[];
}

type Labels = Readonly<Record<string, string>>;

const OPERATORS: Readonly<Record<string, (label: string | undefined, values: readonly string[]) => boolean>> =
  {
    In: (label, values) => label !== undefined && values.includes(label),
    NotIn: (label, values) => label === undefined || !values.includes(label),
    Exists: (label) => label !== undefined,
    DoesNotExist: (label) => label === undefined,
    Gt: (label, [value]) => label !== undefined && Number(label) > Number(value),
    Lt: (label, [value]) => label !== undefined && Number(label) < Number(value),
  };

/** Whether labels fulfil one requirement; an unknown operator is never fulfilled. */
export function meets(labels: Labels, { key, operator, values = [] }: LabelRequirement): boolean {
  return OPERATORS[operator]?.(labels[key], values) ?? false;
}

/** Whether labels fulfil a selector; an empty one is always fulfilled. */
export function selects(selector: LabelSelector, labels: Labels): boolean {
  const exact = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return exact && (selector.matchExpressions ?? []).every((r) => meets(labels, r));
}

interface Term {
  readonly matchExpressions?: readonly LabelRequirement[];
  readonly matchFields?: readonly LabelRequirement[];
}

interface NodeAffinity {
  readonly nodeAffinity?: {
    readonly requiredDuringSchedulingIgnoredDuringExecution?: {
      readonly nodeSelectorTerms?: readonly Term[];
    };
  };
}

/** Whether a pod's affinity allows a node: one of its required terms holds, or it has none. */
export function allowsNode(
  affinity: Readonly<Record<string, unknown>>,
  name: string,
  labels: Labels,
): boolean {
  const required = (affinity as NodeAffinity).nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required === undefined) return true;
  const holds = ({ matchExpressions = [], matchFields = [] }: Term): boolean =>
    matchExpressions.length + matchFields.length > 0 &&
    matchExpressions.every((r) => meets(labels, r)) &&
    matchFields.every((r) => meets({ 'metadata.name': name }, r));
  return (required.nodeSelectorTerms ?? []).some(holds);
}
