/** When a flow is forgotten, and whether only eBPF can translate it. Pure; ages in milliseconds. */
import type { CtKey, CtValue } from '../abi/types.gen.ts';
import { CtFlags } from '../abi/types.gen.ts';
import { PROTOCOL } from './records.ts';

/** Milliseconds without packets after which a flow is forgotten, by protocol and state. */
export interface FlowTimeouts {
  readonly tcpSyn: number;
  readonly tcpEstablished: number;
  readonly tcpClosing: number;
  readonly tcpReset: number;
  readonly udp: number;
  readonly udpStream: number;
  readonly icmp: number;
  readonly generic: number;
}

/** Both entries of a flow; the reply's may be missing. */
export interface Flow {
  readonly key: CtKey;
  readonly value: CtValue;
  readonly reply: CtValue | undefined;
}

/** A UDP flow that was silent for so long holds up no drain. */
const UDP_QUIET_MS = 5000;

/** An entry without its other half is half made at most for a moment. */
export const ORPHAN_MS = 60_000;

function has(value: CtValue | undefined, flag: number): boolean {
  return value !== undefined && (value.flags & flag) !== 0;
}

function isReset({ value, reply }: Flow): boolean {
  return has(value, CtFlags.Rst) || has(reply, CtFlags.Rst);
}

/** RFC 793's end: both sides have sent FIN, or one RST. */
export function isClosed(flow: Flow): boolean {
  return isReset(flow) || (has(flow.value, CtFlags.Fin) && has(flow.reply, CtFlags.Fin));
}

function isEstablished({ value, reply }: Flow): boolean {
  return has(value, CtFlags.Est) && has(reply, CtFlags.Seen);
}

/** How long the flow may be silent. */
export function timeoutOf(flow: Flow, timeouts: FlowTimeouts): number {
  switch (flow.key.proto) {
    case PROTOCOL.TCP:
      if (isReset(flow)) return timeouts.tcpReset;
      if (isClosed(flow)) return timeouts.tcpClosing;
      return isEstablished(flow) ? timeouts.tcpEstablished : timeouts.tcpSyn;
    case PROTOCOL.UDP:
      return isEstablished(flow) ? timeouts.udpStream : timeouts.udp;
    default:
      return timeouts.generic;
  }
}

/** No flow of the protocol may be forgotten sooner: what is younger needs no closer look. */
export function shortestTimeout(proto: number, timeouts: FlowTimeouts): number {
  const { tcpReset, tcpClosing, tcpEstablished, tcpSyn, udp, udpStream, generic } = timeouts;
  if (proto === PROTOCOL.TCP) return Math.min(tcpReset, tcpClosing, tcpEstablished, tcpSyn);
  return proto === PROTOCOL.UDP ? Math.min(udp, udpStream) : generic;
}

/**
 * The timeouts of a drain: a UDP flow that holds it up no longer is forgotten, so that a client that takes its
 * ports again is served by the stack, as all that is new.
 */
export function drainTimeouts(timeouts: FlowTimeouts): FlowTimeouts {
  const quiet = (timeout: number): number => Math.min(timeout, UDP_QUIET_MS);
  return { ...timeouts, udp: quiet(timeouts.udp), udpStream: quiet(timeouts.udpStream) };
}

/** Netfilter could not go on with it: its packets are rewritten here, and it lives. */
export function needsTranslation(flow: Flow, age: number): boolean {
  if (!has(flow.value, CtFlags.Rewrite)) return false;
  return flow.key.proto === PROTOCOL.UDP ? age < UDP_QUIET_MS : !isClosed(flow);
}

/** The key of the other direction's entry (bpf/abi.h, struct mg_ct_value). */
export function reverseKey(key: CtKey, value: CtValue): CtKey {
  return {
    saddr: value.newDaddr,
    daddr: value.newSaddr,
    sport: value.newDport,
    dport: value.newSport,
    proto: key.proto,
  };
}

/** Ticks between two readings of a 32-bit counter; a reading from the future is none. */
export function ticksBetween(now: number, then: number): number {
  const difference = (now - then) >>> 0;
  return difference > 0x7fff_ffff ? 0 : difference;
}
