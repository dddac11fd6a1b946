// Where kube-proxy was during a run, and because of which objects.

/** What was known of a node from a moment on. */
export interface Sample {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly node: string;
  /** It has the label that keeps kube-proxy away. */
  readonly parked: boolean;
  /** A kube-proxy pod is on it. */
  readonly pod: boolean;
  /** Message of `ServicesProgrammed` when its reason is `UnsupportedService`; else empty. */
  readonly unsupported: string;
}

/** kube-proxy was on a node, or was allowed to be, from one moment to another. */
export interface Presence {
  readonly from: number;
  readonly to: number;
  readonly nodes: readonly string[];
}

/** An object that this version leaves to kube-proxy. */
export interface Cause {
  /** Absent for none; a Service is `namespace/name`, a pod `pod namespace/name`. */
  readonly object: string;
  readonly namespace: string;
  readonly why: string;
}

/** The stretches in which at least one node was not parked; one that has not ended ends at `end`. */
export function presences(samples: readonly Sample[], end: number): readonly Presence[] {
  const now = new Map<string, Sample>();
  const found: Presence[] = [];
  let open: { from: number; nodes: Set<string> } | undefined;
  const close = (to: number): void => {
    if (open) found.push({ from: open.from, to, nodes: [...open.nodes].sort() });
    open = undefined;
  };
  for (const sample of samples) {
    now.set(sample.node, sample);
    const present = [...now.values()].filter(({ parked, pod }) => !parked || pod);
    if (present.length === 0) close(sample.at);
    else open ??= { from: sample.at, nodes: new Set() };
    for (const { node } of present) open?.nodes.add(node);
  }
  close(end);
  return found;
}

/** Every object that a node named as the reason why kube-proxy must stay, once. */
export function causes(samples: readonly Sample[]): readonly Cause[] {
  const found = new Map<string, Cause>();
  for (const { unsupported } of samples) {
    for (const [, object = '', namespace = '', why = ''] of unsupported.matchAll(NAMED))
      found.set(object, { object, namespace, why });
  }
  return [...found.values()];
}

/** `ns/name (why)` or `pod ns/name (why)`, as the agent's message lists them. */
const NAMED = /((?:pod )?([a-z0-9-]+)\/[a-z0-9.-]+) \(([^()]*)\)/g;

/** Milliseconds of a stretch of time in which kube-proxy was there. */
export function presentFor(from: number, to: number, periods: readonly Presence[]): number {
  return periods.reduce((sum, p) => sum + Math.max(0, Math.min(to, p.to) - Math.max(from, p.from)), 0);
}
