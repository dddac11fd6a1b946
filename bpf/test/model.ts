/** What a Service does with the first packet of a flow, said slowly, for the place of the tables. */
import { backends, nodePorts, type Who } from './place.ts';

/** A first packet: who sends it by which program, and what it names. */
export interface FirstPacket {
  readonly program: 'from_pod' | 'from_net';
  readonly from: Who;
  readonly to: Who;
  readonly dport: number;
}

/** The verdict, and who may get the packet; nobody: it is as it was, or an answer. */
export interface Outcome {
  readonly verdict: 'redirect' | 'stack' | 'drop';
  readonly to?: readonly Who[];
}

const stack: Outcome = { verdict: 'stack' };
const drop: Outcome = { verdict: 'drop' };

/** Who belongs to the cluster: policies Local and source ranges are not about them, or name them. */
const inside: ReadonlySet<Who> = new Set(['pod', 'remotePod', 'remotePodTwo']);
const withinRanges: ReadonlySet<Who> = new Set(['pod', 'client']);

/** Where the chosen backend is. */
function toBackend(list: readonly Who[]): Outcome {
  if (list.includes('unreachable')) return drop;
  return list.includes('node') ? { verdict: 'stack', to: list } : { verdict: 'redirect', to: list };
}

/** Whoever is outside and may not come in that way, or finds nobody here. */
function keptOut(from: Who, to: Who): boolean {
  if (to === 'svcLocalOnly' || to === 'svcBroken') return true;
  if (to === 'svcNoneHere') return !inside.has(from);
  return to === 'svcRanges' && !withinRanges.has(from);
}

function atService({ from, to }: FirstPacket, list: readonly Who[]): Outcome {
  if (to === 'svcToStack') return stack;
  if (keptOut(from, to)) return drop;
  if (to === 'svcSplit' && !inside.has(from)) return toBackend(['sibling']);
  return list.length === 0 ? { verdict: 'redirect' } : toBackend(list);
}

function atNobody({ program, to }: FirstPacket): Outcome {
  if (to === 'pod' || to === 'sibling' || to === 'queued') return { verdict: 'redirect', to: [to] };
  if (to === 'nobody') return drop;
  if (to === 'node' || program === 'from_net') return stack;
  return { verdict: 'redirect', to: [to] };
}

/** See the file comment. */
export function outcomeOf(packet: FirstPacket): Outcome {
  const list = packet.dport === 80 ? backends[packet.to] : undefined;
  if (list !== undefined) return atService(packet, list);
  const [, behind] = nodePorts.find(([port]) => packet.to === 'node' && port === packet.dport) ?? [];
  if (behind !== undefined) return behind.length === 0 ? { verdict: 'redirect' } : toBackend(behind);
  return atNobody(packet);
}
