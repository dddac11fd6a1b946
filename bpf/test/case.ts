import assert from 'node:assert/strict';

import type { Reason } from '@margay/agent/abi/types.gen';
import type { Family } from '@margay/agent/calc/ip';

import type { Dataplane, Settings } from './dataplane.ts';
import { buildPacket, parsePacket, Tcp, type PacketSpec, type ParsedPacket } from './packet.ts';
import { address, describeEntry, type Who } from './place.ts';

/** What a program decides: next program (and so the stack), dropped, or redirected. */
export const Verdict = { stack: -1, drop: 2, redirect: 7 } as const;

export type Program = 'from_pod' | 'to_pod' | 'from_net' | 'to_net';

/** A packet between two names; `tcp` flags make it TCP. Ports are 40000 -> 80 unless given. */
export type NamedPacket = Omit<PacketSpec, 'from' | 'to' | 'error'> & {
  readonly from: Who;
  readonly to: Who;
  readonly error?: Omit<NonNullable<PacketSpec['error']>, 'quote'> & { readonly quote: NamedPacket };
};

/** One packet and what becomes of it. */
export interface Step {
  readonly program: Program;
  readonly packet: NamedPacket;
  readonly verdict: keyof typeof Verdict;
  /** What is counted for this packet, sorted as in reasons.h. None: it was not our business. */
  readonly reasons?: readonly (keyof typeof Reason)[];
  /** The packet that comes out: `from:port>to:port`. As it went in when absent. */
  readonly out?: string;
  /** The packet that an ICMP error that comes out quotes, as `out`; all of its checksums are right. */
  readonly quoted?: string;
  /** More about the packet that comes out. */
  readonly check?: (packet: ParsedPacket, family: Family) => void;
  /** skb->mark before, and after. */
  readonly mark?: { readonly in?: number; readonly out: number };
  /** Changes before this packet. */
  readonly before?: (plane: Dataplane) => void | Promise<void>;
}

export interface Case {
  readonly description: string;
  /** For a load of its own. */
  readonly settings?: Partial<Settings>;
  readonly maxEntries?: (family: Family) => Readonly<Record<string, number>>;
  readonly steps: readonly Step[];
  /** All conntrack entries afterwards, in any order; see describeEntry. */
  readonly flows?: readonly string[];
}

const markOffset = 8; // struct __sk_buff: len, pkt_type, mark
const contextSize = 192;

function contextOf(step: Step): Uint8Array {
  const context = new Uint8Array(contextSize);
  new DataView(context.buffer).setUint32(markOffset, step.mark?.in ?? 0, true);
  return context;
}

function difference(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): string[] {
  return [...after].filter(([name, count]) => count !== (before.get(name) ?? 0)).map(([name]) => name);
}

function ends(packet: { from: string; to: string; sport: number; dport: number }): string {
  const port = (number: number): string => (number >= 61000 ? 'nat' : String(number));
  return `${packet.from}:${port(packet.sport)}>${packet.to}:${port(packet.dport)}`;
}

/** `pod:1>sibling:2` with the names replaced by a family's addresses, as parsePacket writes them. */
function resolved(text: string, family: Family): string {
  return text.replace(/[a-zA-Z]+(?=:)/g, (name) => {
    if (name === 'nat') return name;
    const probe = { from: address(name as Who, family), to: address(name as Who, family) };
    return parsePacket(buildPacket(probe)).from;
  });
}

/** The packet with addresses for names. */
function specOf({ error, ...packet }: NamedPacket, family: Family): PacketSpec {
  return {
    ...packet,
    from: address(packet.from, family),
    to: address(packet.to, family),
    ...(error === undefined ? {} : { error: { ...error, quote: specOf(error.quote, family) } }),
  };
}

function compareQuote(step: Step, { icmp }: ParsedPacket, family: Family): void {
  if (step.quoted === undefined) return;
  const quote = parsePacket(
    Uint8Array.of(...new Uint8Array(14), ...(icmp?.quoted ?? []), ...new Uint8Array(20)),
  );
  assert.equal(ends(quote), resolved(step.quoted, family), 'the quote');
  if (step.packet.error?.quotedTransport === undefined)
    assert.ok(quote.checksumsRight, 'checksums of the quote are right');
}

function compareOut(step: Step, sent: Uint8Array, data: Uint8Array, family: Family): void {
  if (step.out === undefined && step.check === undefined) {
    assert.deepEqual(data, sent, 'the packet is as it was');
    return;
  }
  const packet = parsePacket(data);
  assert.ok(packet.checksumsRight, 'checksums are right');
  if (step.out !== undefined) assert.equal(ends(packet), resolved(step.out, family));
  compareQuote(step, packet, family);
  step.check?.(packet, family);
}

/** BPF_F_TEST_SKB_CHECKSUM_COMPLETE: the run fails (EBADMSG) when skb->csum is wrong afterwards. */
const checksumComplete = 4;

/** How the packet's checksum reaches the program: checked or not, or summed whole by the device. */
export type Summed = 'none' | 'complete';

/** Runs one packet through its program and compares everything that a step says. */
async function runStep(plane: Dataplane, step: Step, summed: Summed): Promise<void> {
  await step.before?.(plane);
  const { family } = plane;
  const data = buildPacket(specOf(step.packet, family));
  const before = plane.counters();
  // An answer leaves by an egress hook, where the sum of what came in means nothing.
  const flags = summed === 'complete' && step.reasons?.includes('Refused') !== true ? checksumComplete : 0;
  const result = await plane.program(step.program).testRun({ data, context: contextOf(step), flags });
  assert.equal(result.retval | 0, Verdict[step.verdict], 'verdict');
  assert.deepEqual(difference(before, plane.counters()), step.reasons ?? [], 'reasons');
  compareOut(step, data, result.data, family);
  const mark = new DataView(result.context.buffer, result.context.byteOffset).getUint32(markOffset, true);
  if (step.mark !== undefined) assert.equal(mark >>> 0, step.mark.out >>> 0, 'mark');
}

/** Runs a case on a furnished dataplane without flows. */
export async function runCase(plane: Dataplane, each: Case, summed: Summed): Promise<void> {
  for (const [i, step] of each.steps.entries()) {
    try {
      await runStep(plane, step, summed);
    } catch (error) {
      if (error instanceof Error) error.message = `step ${i + 1} (${step.program}): ${error.message}`;
      throw error;
    }
  }
  if (each.flows === undefined) return;
  const flows = (await plane.flows()).map(describeEntry);
  assert.deepEqual(flows.sort(), [...each.flows].sort());
}

/** TCP flag sets that the tables use. */
export const syn = Tcp.SYN;
export const synAck = Tcp.SYN | Tcp.ACK;
export const ack = Tcp.ACK;
export const finAck = Tcp.FIN | Tcp.ACK;
export const rst = Tcp.RST;
