import { bytesOf } from './dataplane.ts';

/** TCP's flags, as they lie in byte 13 of its header. */
export const Tcp = { FIN: 1, SYN: 2, RST: 4, ACK: 16 } as const;

export const Proto = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 } as const;

/** By name the type and code, as [IPv4, IPv6]. */
const icmpErrors = {
  unreachable: [0x0303, 0x0104],
  tooBig: [0x0304, 0x0200],
  exceeded: [0x0b00, 0x0300],
} as const;

export type IcmpError = keyof typeof icmpErrors;

/** Identifies the datagram that fragments belong to. */
const DATAGRAM = 0x4d47;

/** What a test says of a packet; the builder knows the rest. */
export interface PacketSpec {
  readonly from: string;
  readonly to: string;
  readonly sport?: number;
  readonly dport?: number;
  /** UDP where neither this nor `proto` is given. */
  readonly tcp?: number;
  /** A protocol other than TCP and UDP. */
  readonly proto?: number;
  readonly ttl?: number;
  /** IPv4's flags and offset field; IPv6 gets a fragment header that says the same. */
  readonly fragment?: number;
  /** IPv4: a no-operation option. IPv6: an empty hop-by-hop header. */
  readonly options?: boolean;
  /** Headers that only the stack serves. IPv4: shorter than it can be. IPv6: a routing header. */
  readonly unserved?: boolean;
  /** An ICMP error. The quote is a whole packet, or so many bytes of its transport header and payload. */
  readonly error?: {
    readonly type: IcmpError;
    readonly quote: PacketSpec;
    readonly quotedTransport?: number;
  };
  /** UDP without a checksum. */
  readonly noChecksum?: boolean;
  readonly payload?: string;
  /** Leave only so many bytes of the transport header. */
  readonly cutTransport?: number;
  readonly etherType?: number;
  /** The destination is another machine's. */
  readonly otherHost?: boolean;
}

/** What a test reads of a packet that came out. */
export interface ParsedPacket {
  readonly from: string;
  readonly to: string;
  readonly proto: number;
  readonly ttl: number;
  readonly sport: number;
  readonly dport: number;
  readonly payload: Uint8Array;
  /** Every checksum that the packet carries is right. */
  readonly checksumsRight: boolean;
  /** UDP's field, as it is. */
  readonly checksum: number;
  /** ICMP errors: type, code and the packet that they quote, its own checksums not judged. */
  readonly icmp?: { readonly type: number; readonly code: number; readonly quoted: Uint8Array };
}

type Transport = Omit<ParsedPacket, 'from' | 'to' | 'proto' | 'ttl'>;

function sum16(...parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const part of parts)
    for (let i = 0; i < part.length; i++) sum += (part[i] ?? 0) << (i % 2 === 0 ? 8 : 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

function pseudoHeader(from: Uint8Array, to: Uint8Array, proto: number, length: number): Uint8Array {
  const tail = new Uint8Array(8);
  const view = new DataView(tail.buffer);
  view.setUint32(0, length);
  view.setUint32(4, proto);
  return Uint8Array.of(...from, ...to, ...tail);
}

function checksumOffset(proto: number): number {
  if (proto === Proto.tcp) return 16;
  return proto === Proto.udp ? 6 : 2;
}

function transportHeader(spec: PacketSpec, proto: number): Uint8Array {
  const header = new Uint8Array(proto === Proto.tcp ? 20 : 8);
  const view = new DataView(header.buffer);
  if (proto === Proto.icmp || proto === Proto.icmp6) {
    view.setUint8(0, proto === Proto.icmp ? 8 : 128); // echo request
    return header;
  }
  view.setUint16(0, spec.sport ?? 40000);
  view.setUint16(2, spec.dport ?? 80);
  if (proto === Proto.tcp) {
    view.setUint8(12, 5 << 4);
    view.setUint8(13, spec.tcp ?? Tcp.ACK);
  } else {
    view.setUint16(4, 8 + (spec.payload ?? '').length);
  }
  return header;
}

/** RFC 792, RFC 4443: eight bytes, the last of them an MTU where that is meant, and the packet in question. */
function icmpError(
  { type, quote, quotedTransport }: NonNullable<PacketSpec['error']>,
  proto: number,
): Uint8Array {
  const whole = buildPacket(quote).slice(14);
  const network = bytesOf(quote.from).length === 4 ? 20 : 40;
  const quoted = whole.slice(0, quotedTransport === undefined ? whole.length : network + quotedTransport);
  const message = Uint8Array.of(...new Uint8Array(8), ...quoted);
  const view = new DataView(message.buffer);
  view.setUint16(0, icmpErrors[type][proto === Proto.icmp ? 0 : 1]);
  if (type === 'tooBig') view.setUint16(6, 1400);
  return message;
}

function protocolOf(spec: PacketSpec, v4: boolean): number {
  if (spec.error !== undefined) return v4 ? Proto.icmp : Proto.icmp6;
  return spec.proto ?? (spec.tcp === undefined ? Proto.udp : Proto.tcp);
}

function transport(spec: PacketSpec, proto: number): Uint8Array {
  const bytes = Uint8Array.of(
    ...(spec.error === undefined ? transportHeader(spec, proto) : icmpError(spec.error, proto)),
    ...new TextEncoder().encode(spec.payload ?? ''),
  );
  if (spec.noChecksum === true) return bytes;
  const pseudo =
    proto === Proto.icmp
      ? new Uint8Array()
      : pseudoHeader(bytesOf(spec.from), bytesOf(spec.to), proto, bytes.length);
  const sum = 0xffff - sum16(pseudo, bytes);
  new DataView(bytes.buffer).setUint16(
    checksumOffset(proto),
    sum === 0 && proto === Proto.udp ? 0xffff : sum,
  );
  return bytes;
}

function ipv4(spec: PacketSpec, proto: number, length: number): Uint8Array {
  const header = new Uint8Array(spec.options === true ? 24 : 20);
  const view = new DataView(header.buffer);
  view.setUint8(0, 0x40 | (spec.unserved === true ? 4 : header.length / 4));
  view.setUint16(2, header.length + length);
  view.setUint16(4, DATAGRAM);
  view.setUint16(6, spec.fragment ?? 0x4000);
  view.setUint8(8, spec.ttl ?? 64);
  view.setUint8(9, proto);
  header.set(bytesOf(spec.from), 12);
  header.set(bytesOf(spec.to), 16);
  header.fill(1, 20); // no-operation options
  view.setUint16(10, 0xffff - sum16(header));
  return header;
}

/** Protocol number of the one extension header that a packet has. */
function extensionOf({ unserved, options, fragment }: PacketSpec): number | undefined {
  if (unserved === true) return 43;
  if (options === true) return 0;
  return fragment === undefined ? undefined : 44;
}

function ipv6(spec: PacketSpec, proto: number, length: number): Uint8Array {
  const extension = extensionOf(spec);
  const header = new Uint8Array(extension === undefined ? 40 : 48);
  const view = new DataView(header.buffer);
  view.setUint8(0, 0x60);
  view.setUint16(4, header.length - 40 + length);
  view.setUint8(6, extension ?? proto);
  view.setUint8(7, spec.ttl ?? 64);
  header.set(bytesOf(spec.from), 8);
  header.set(bytesOf(spec.to), 24);
  if (extension !== undefined) view.setUint8(40, proto);
  if (extension === 44) {
    const { fragment = 0 } = spec;
    view.setUint16(42, ((fragment & 0x1fff) << 3) | Number((fragment & 0x2000) !== 0));
    view.setUint32(44, DATAGRAM);
  }
  return header;
}

/** A whole frame, every checksum complete. MAC addresses are those of a loopback device: zero. */
export function buildPacket(spec: PacketSpec): Uint8Array {
  const v4 = bytesOf(spec.from).length === 4;
  const proto = protocolOf(spec, v4);
  const body = transport(spec, proto);
  const ip = v4 ? ipv4(spec, proto, body.length) : ipv6(spec, proto, body.length);
  const frame = Uint8Array.of(...new Uint8Array(14), ...ip, ...body);
  new DataView(frame.buffer).setUint16(12, spec.etherType ?? (v4 ? 0x0800 : 0x86dd));
  if (spec.otherHost === true) frame[5] = 7;
  return frame.slice(0, 14 + ip.length + (spec.cutTransport ?? body.length));
}

interface Network {
  /** A fragment but the first: the body has no transport header. */
  readonly later: boolean;
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  readonly proto: number;
  readonly ttl: number;
  readonly headerRight: boolean;
  readonly body: Uint8Array;
}

/** Where the transport header is, which, and whether it is there at all. One extension header at most. */
function transportOf(view: DataView): {
  readonly at: number;
  readonly proto: number;
  readonly later: boolean;
} {
  const next = view.getUint8(6);
  if (next !== 0 && next !== 44) return { at: 54, proto: next, later: false };
  return { at: 62, proto: view.getUint8(40), later: next === 44 && view.getUint16(42) >= 8 };
}

function network(frame: Uint8Array): Network {
  const view = new DataView(frame.buffer, frame.byteOffset + 14);
  if (view.getUint8(0) >>> 4 === 4) {
    const size = (view.getUint8(0) & 15) * 4;
    const headerRight = sum16(frame.subarray(14, 14 + size)) === 0xffff;
    const length = view.getUint16(2);
    return {
      later: (view.getUint16(6) & 0x1fff) !== 0,
      from: frame.slice(26, 30),
      to: frame.slice(30, 34),
      proto: view.getUint8(9),
      ttl: view.getUint8(8),
      headerRight: headerRight && length <= frame.length - 14,
      body: frame.slice(14 + size, 14 + length),
    };
  }
  const { at, proto, later } = transportOf(view);
  return {
    later,
    from: frame.slice(22, 38),
    to: frame.slice(38, 54),
    proto,
    ttl: view.getUint8(7),
    headerRight: view.getUint16(4) <= frame.length - 54,
    body: frame.slice(at, 54 + view.getUint16(4)),
  };
}

function text(address: Uint8Array): string {
  if (address.length === 4) return address.join('.');
  const view = new DataView(address.buffer, address.byteOffset);
  return Array.from({ length: 8 }, (_, i) => view.getUint16(i * 2).toString(16)).join(':');
}

/** UDP without a checksum (RFC 768). */
function isUnchecked(proto: number, checksum: number): boolean {
  return proto === Proto.udp && checksum === 0;
}

/** What a transport header says; nothing of it is in a fragment but the first. */
function transportOfBody({ from, to, proto, headerRight, body, later }: Network): Transport {
  if (later) return { sport: 0, dport: 0, payload: body, checksum: 0, checksumsRight: headerRight };
  const view = new DataView(body.buffer);
  const icmp = proto === Proto.icmp || proto === Proto.icmp6;
  const pseudo = proto === Proto.icmp ? new Uint8Array() : pseudoHeader(from, to, proto, body.length);
  const checksum = view.getUint16(checksumOffset(proto));
  const bodyRight = isUnchecked(proto, checksum) || sum16(pseudo, body) === 0xffff;
  return {
    sport: icmp ? 0 : view.getUint16(0),
    dport: icmp ? 0 : view.getUint16(2),
    payload: body.slice(proto === Proto.tcp ? 20 : 8),
    checksumsRight: headerRight && bodyRight,
    checksum,
    ...(icmp ? { icmp: { type: view.getUint8(0), code: view.getUint8(1), quoted: body.slice(8) } } : {}),
  };
}

/** Reads a frame. */
export function parsePacket(frame: Uint8Array): ParsedPacket {
  const read = network(frame);
  const { from, to, proto, ttl } = read;
  return { from: text(from), to: text(to), proto, ttl, ...transportOfBody(read) };
}
