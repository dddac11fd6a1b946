/**
 * Which endpoints stand behind a Service port: pkg/proxy's rules (readiness and termination by
 * KEP-1669, topology hints by KEP-2433 and KEP-3015) as one pure function.
 */
import { addressBytes } from './ip.ts';
import type { EndpointHints, SlicePort, SliceRecord } from './records.ts';
import { ENDPOINT } from './records.ts';

/** One backend: endpoint number `index` of a slice. */
export interface SelectedBackend {
  readonly slice: SliceRecord;
  readonly index: number;
  readonly port: number;
  /** The endpoint runs on this node. */
  readonly local: boolean;
}

/** Where this node is, for topology hints. */
export interface Topology {
  readonly nodeName: string;
  /** Empty: unknown. */
  readonly zone: string;
}

interface Candidate extends SelectedBackend {
  readonly flags: number;
  readonly hints: EndpointHints | undefined;
}

/** A view of the backend's address. */
export function addressOf({ slice, index }: Pick<SelectedBackend, 'slice' | 'index'>): Uint8Array {
  const size = addressBytes(slice.family);
  return slice.addresses.subarray(index * size, (index + 1) * size);
}

/** Orders by address, then port, so that every node and every history gives the same list. */
function compare(a: Candidate, b: Candidate): number {
  const size = addressBytes(a.slice.family);
  const [inA, inB] = [a.index * size, b.index * size];
  for (let i = 0; i < size; i++) {
    const difference = (a.slice.addresses[inA + i] ?? 0) - (b.slice.addresses[inB + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.port - b.port;
}

/** Lower is better: running before terminating, then ready, then serving. */
function rank(flags: number): number {
  const { TERMINATING, READY, SERVING } = ENDPOINT;
  const terminating = (flags & TERMINATING) === 0 ? 0 : 4;
  return terminating + ((flags & READY) === 0 ? 2 : 0) + ((flags & SERVING) === 0 ? 1 : 0);
}

function addCandidates(slice: SliceRecord, port: number, found: Candidate[]): void {
  slice.flags.forEach((flags, index) => {
    found.push({
      slice,
      index,
      port,
      local: (flags & ENDPOINT.LOCAL) !== 0,
      flags,
      hints: slice.hints?.[index],
    });
  });
}

/** Ports are matched by name and protocol; their numbers may differ from slice to slice. */
function gather(slices: readonly SliceRecord[], wanted: Pick<SlicePort, 'name' | 'protocol'>): Candidate[] {
  const found: Candidate[] = [];
  const byName = slices.length < 2 ? slices : [...slices].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const slice of byName) {
    for (const port of slice.ports) {
      if (port.name === wanted.name && port.protocol === wanted.protocol)
        addCandidates(slice, port.port, found);
    }
  }
  return found;
}

/**
 * An endpoint that moves between slices is in both for a while, and an address that went to a new pod
 * may still be listed for the old one: the better entry counts, among equals that of the first slice by name.
 */
function distinct(candidates: Candidate[]): Candidate[] {
  candidates.sort(
    (a, b) => compare(a, b) || rank(a.flags) - rank(b.flags) || Number(b.local) - Number(a.local),
  );
  return candidates.filter((candidate, i) => {
    const before = candidates[i - 1];
    return before === undefined || compare(before, candidate) !== 0;
  });
}

type Hinted = (candidate: Candidate) => boolean;

/** The hints to obey: only when every ready endpoint has one and at least one is for us. */
function hintFilter(ready: readonly Candidate[], topology: Topology): Hinted | undefined {
  if (ready.every((candidate) => candidate.hints === undefined)) return undefined;
  const kinds: [(hints: EndpointHints) => readonly string[], string][] = [
    [(hints) => hints.nodes, topology.nodeName],
    [(hints) => hints.zones, topology.zone],
  ];
  for (const [values, own] of kinds) {
    const of = (candidate: Candidate): readonly string[] => (candidate.hints ? values(candidate.hints) : []);
    const complete = ready.every((candidate) => of(candidate).length > 0);
    const ours: Hinted = (candidate) => of(candidate).includes(own);
    if (complete && ready.some(ours)) return ours;
  }
  return undefined;
}

const SERVING_TERMINATING = ENDPOINT.SERVING | ENDPOINT.TERMINATING;

/** Backends of a Service port, by traffic policy. Sorted by address, then port; without doubles. */
export interface SelectedBackends {
  readonly cluster: readonly SelectedBackend[];
  readonly local: readonly SelectedBackend[];
}

/** The ready ones, else those that still serve while they terminate. */
function usable(candidates: readonly Candidate[]): readonly Candidate[] {
  const ready = candidates.filter(({ flags }) => (flags & ENDPOINT.READY) !== 0);
  if (ready.length > 0) return ready;
  return candidates.filter(({ flags }) => (flags & SERVING_TERMINATING) === SERVING_TERMINATING);
}

/**
 * Under policy Cluster the usable endpoints (of ready ones those hinted for this node or zone, where
 * hints apply); under policy Local the usable ones among this node's own, whatever the hints.
 */
export function selectBackends(
  slices: readonly SliceRecord[],
  port: Pick<SlicePort, 'name' | 'protocol'>,
  topology: Topology,
): SelectedBackends {
  const all = distinct(gather(slices, port));
  const everywhere = usable(all);
  const hinted = everywhere.every(({ flags }) => (flags & ENDPOINT.READY) !== 0)
    ? hintFilter(everywhere, topology)
    : undefined;
  return {
    cluster: hinted === undefined ? everywhere : everywhere.filter(hinted),
    local: usable(all.filter(({ local }) => local)),
  };
}
