import { kubeProxyLabel, parkedValue } from '@margay/crds/resources';
import { originalAffinity } from '../names.ts';
import type { PatchOperation } from '@margay/lib/apply';
import { pointerPart } from '@margay/lib/apply';
import { stableJson } from './agent-config.ts';

/** A requirement on a node's labels, as the API has it. */
export interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** One of several alternatives of a required node affinity. */
export interface NodeTerm {
  readonly matchExpressions?: readonly Requirement[];
  readonly matchFields?: readonly Requirement[];
}

/** The parts of a pod's affinity that matter here; the rest is carried along untouched. */
export interface Affinity {
  readonly nodeAffinity?: {
    readonly requiredDuringSchedulingIgnoredDuringExecution?: {
      readonly nodeSelectorTerms?: readonly NodeTerm[];
    };
    readonly [other: string]: unknown;
  };
  readonly [other: string]: unknown;
}

/** What is read of kube-proxy's DaemonSet. */
export interface PlacedDaemonSet {
  readonly metadata?: {
    readonly resourceVersion?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: { readonly template?: { readonly spec?: { readonly affinity?: Affinity } } };
}

const AFFINITY_PATH = '/spec/template/spec/affinity';
const ANNOTATION_PATH = `/metadata/annotations/${pointerPart(originalAffinity)}`;

const TERM: Requirement = { key: kubeProxyLabel, operator: 'NotIn', values: [parkedValue] };

const isOurs = (r: Requirement): boolean => r.key === kubeProxyLabel;

/**
 * Whether a term keeps kube-proxy off parked nodes: it holds our requirement. A term without any
 * requirement matches no node (API documentation of NodeSelectorTerm) and needs nothing.
 */
function keepsOff(term: NodeTerm): boolean {
  const expressions = term.matchExpressions ?? [];
  const empty = expressions.length === 0 && (term.matchFields ?? []).length === 0;
  return empty || expressions.some((r) => isOurs(r) && stableJson(r) === stableJson(TERM));
}

/** The alternatives of a required node affinity; none where there is no such affinity. */
export function termsOf(affinity: Affinity | undefined): readonly NodeTerm[] {
  return affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
}

/** Whether the DaemonSet stays off nodes that are labelled parked. */
export function canPark(daemonSet: PlacedDaemonSet): boolean {
  const terms = termsOf(daemonSet.spec?.template?.spec?.affinity);
  return terms.length > 0 && terms.every(keepsOff);
}

/** The affinity with our requirement in every alternative, and everything else as it was. */
export function withTerm(affinity: Affinity | undefined): Affinity {
  const terms = termsOf(affinity);
  const added = (term: NodeTerm): NodeTerm =>
    keepsOff(term)
      ? term
      : { ...term, matchExpressions: [...(term.matchExpressions ?? []).filter((r) => !isOurs(r)), TERM] };
  const nodeSelectorTerms = terms.length === 0 ? [{ matchExpressions: [TERM] }] : terms.map(added);
  return {
    ...affinity,
    nodeAffinity: {
      ...affinity?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms },
    },
  };
}

function without(object: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(object).filter(([k]) => k !== key));
}

/** The affinity without our requirement; what that leaves empty, and only that, goes too. */
export function withoutTerm(affinity: Affinity | undefined): Affinity | undefined {
  if (affinity === undefined || !termsOf(affinity).some((t) => t.matchExpressions?.some(isOurs)))
    return affinity;
  const stripped = termsOf(affinity).map(({ matchExpressions, ...rest }) => {
    const left = (matchExpressions ?? []).filter((r) => !isOurs(r));
    return left.length > 0 ? { ...rest, matchExpressions: left } : rest;
  });
  const otherNode = without(affinity.nodeAffinity ?? {}, 'requiredDuringSchedulingIgnoredDuringExecution');
  const other = without(affinity, 'nodeAffinity');
  // A single alternative that is empty now was ours alone: without it the requirement would match no node.
  const ours = stripped.length === 1 && Object.keys(stripped[0] ?? {}).length === 0;
  const required = ours
    ? {}
    : { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: stripped } };
  const nodeAffinity = { ...otherNode, ...required };
  const result = Object.keys(nodeAffinity).length > 0 ? { ...other, nodeAffinity } : other;
  return Object.keys(result).length > 0 ? result : undefined;
}

function setAffinity(before: Affinity | undefined, after: Affinity | undefined): readonly PatchOperation[] {
  if (before === undefined)
    return after === undefined ? [] : [{ op: 'add', path: AFFINITY_PATH, value: after }];
  const test: PatchOperation = { op: 'test', path: AFFINITY_PATH, value: before };
  if (after === undefined) return [test, { op: 'remove', path: AFFINITY_PATH }];
  return [test, { op: 'replace', path: AFFINITY_PATH, value: after }];
}

function guard(daemonSet: PlacedDaemonSet): PatchOperation {
  return { op: 'test', path: '/metadata/resourceVersion', value: daemonSet.metadata?.resourceVersion ?? '' };
}

/** The patch that makes kube-proxy keep off parked nodes; empty when it does already. */
export function parkablePatch(daemonSet: PlacedDaemonSet): readonly PatchOperation[] {
  if (canPark(daemonSet)) return [];
  const affinity = daemonSet.spec?.template?.spec?.affinity;
  const annotations = daemonSet.metadata?.annotations;
  const original = stableJson(withoutTerm(affinity) ?? null);
  const note: PatchOperation =
    annotations === undefined
      ? { op: 'add', path: '/metadata/annotations', value: { [originalAffinity]: original } }
      : { op: 'add', path: ANNOTATION_PATH, value: original };
  return [guard(daemonSet), ...setAffinity(affinity, withTerm(affinity)), note];
}

/** `null`: there was none; `undefined`: no note, or one that is not ours to trust. */
function noted(daemonSet: PlacedDaemonSet): Affinity | null | undefined {
  try {
    const value: unknown = JSON.parse(daemonSet.metadata?.annotations?.[originalAffinity] ?? '');
    return typeof value === 'object' && !Array.isArray(value) ? (value as Affinity | null) : undefined;
  } catch {
    return undefined;
  }
}

const affinityOf = (daemonSet: PlacedDaemonSet): Affinity | undefined =>
  daemonSet.spec?.template?.spec?.affinity;

const same = (a: unknown, b: unknown): boolean => stableJson(a ?? null) === stableJson(b ?? null);

/** What the affinity was, if nobody but us has changed it since; else what it is without our requirement. */
function restored(daemonSet: PlacedDaemonSet): Affinity | undefined {
  const affinity = affinityOf(daemonSet);
  const original = noted(daemonSet);
  if (original === undefined) return withoutTerm(affinity);
  const before = original ?? undefined;
  return same(withTerm(before), affinity) ? before : withoutTerm(affinity);
}

/** The patch that gives kube-proxy its own affinity back; empty when nothing of ours is there. */
export function restorePatch(daemonSet: PlacedDaemonSet): readonly PatchOperation[] {
  const affinity = affinityOf(daemonSet);
  const wanted = restored(daemonSet);
  const changes = same(wanted, affinity) ? [] : setAffinity(affinity, wanted);
  const hasNote = daemonSet.metadata?.annotations?.[originalAffinity] !== undefined;
  if (!hasNote && changes.length === 0) return [];
  return [
    guard(daemonSet),
    ...changes,
    ...(hasNote ? [{ op: 'remove' as const, path: ANNOTATION_PATH }] : []),
  ];
}
