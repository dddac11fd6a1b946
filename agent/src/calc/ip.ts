/** Addresses and CIDRs as bytes in network order. No DNS, no ports, no zones. */

/** An address family. */
export type Family = 4 | 6;

/** An address and how many of its leading bits count; the other bits are zero. */
export interface Cidr {
  readonly family: Family;
  /** 4 or 16 bytes, network order. */
  readonly address: Uint8Array;
  readonly prefix: number;
}

/** Bytes of an address of the family. */
export function addressBytes(family: Family): 4 | 16 {
  return family === 4 ? 4 : 16;
}

const DOT = 46;
const ZERO = 48;

/** Character by character: every endpoint of the cluster passes here. Leading zeros are decimal, as in Kubernetes' own sloppy parser. */
function parseV4(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(4);
  let index = 0;
  let value = -1;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : DOT;
    if (code === DOT) {
      if (value < 0 || index > 3) return undefined;
      bytes[index++] = value;
      value = -1;
    } else {
      if (code < ZERO || code > ZERO + 9) return undefined;
      value = Math.max(value, 0) * 10 + code - ZERO;
      if (value > 255) return undefined;
    }
  }
  return index === 4 ? bytes : undefined;
}

/** Turns a trailing dotted quad into two groups: `::ffff:10.0.0.1` has seven groups less one. */
function expandTail(text: string): string | undefined {
  if (!text.includes('.')) return text;
  const colon = text.lastIndexOf(':');
  const v4 = parseV4(text.slice(colon + 1));
  if (colon < 0 || v4 === undefined) return undefined;
  const hex = (i: number): string => (((v4[i] ?? 0) << 8) | (v4[i + 1] ?? 0)).toString(16);
  return `${text.slice(0, colon + 1)}${hex(0)}:${hex(2)}`;
}

function groupsOf(text: string): number[] | undefined {
  if (text === '') return [];
  const groups = text.split(':');
  if (groups.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.map((group) => Number.parseInt(group, 16));
}

/** Both sides of `::` as groups; one side means that there is no `::`. */
function sidesOf(text: string): number[][] | undefined {
  const sides = expandTail(text)?.split('::').map(groupsOf);
  if (sides === undefined || sides.length > 2) return undefined;
  return sides.every((side) => side !== undefined) ? sides : undefined;
}

function parseV6(text: string): Uint8Array | undefined {
  const sides = sidesOf(text);
  if (sides === undefined) return undefined;
  const [head = [], tail = []] = sides;
  const missing = 8 - head.length - tail.length;
  if (sides.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  head.forEach((group, i) => view.setUint16(i * 2, group));
  tail.forEach((group, i) => view.setUint16((head.length + missing + i) * 2, group));
  return bytes;
}

/** The 4 or 16 bytes of an address in text (RFC 4291 for IPv6), or undefined for anything else. */
export function parseAddress(text: string): Uint8Array | undefined {
  return text.includes(':') ? parseV6(text) : parseV4(text);
}

/** Where the longest run of at least two zero groups starts, and its length. */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: -1, length: 1 };
  let start = 0;
  for (let i = 0; i <= groups.length; i++) {
    if (groups[i] === 0) continue;
    if (i - start > best.length) best = { start, length: i - start };
    start = i + 1;
  }
  return best;
}

/** Canonical text (RFC 5952) of 4 or 16 bytes. */
export function formatAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(i * 2));
  const zeros = longestZeros(groups);
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (zeros.start < 0) return text(groups);
  return `${text(groups.slice(0, zeros.start))}::${text(groups.slice(zeros.start + zeros.length))}`;
}

/** The family of some bytes that {@link parseAddress} returned. */
export function familyOf(bytes: Uint8Array): Family {
  return bytes.length === 4 ? 4 : 6;
}

function mask(bytes: Uint8Array, prefix: number): Uint8Array {
  return bytes.map((byte, i) => {
    const bits = Math.min(8, Math.max(0, prefix - i * 8));
    return byte & (0xff << (8 - bits)) & 0xff;
  });
}

/** `10.0.0.0/8`; host bits are cleared. An address without a prefix is a CIDR of one. */
export function parseCidr(text: string): Cidr | undefined {
  const [head = '', tail, ...rest] = text.trim().split('/');
  const address = parseAddress(head);
  if (address === undefined || rest.length > 0) return undefined;
  const bits = address.length * 8;
  if (tail !== undefined && !/^[0-9]{1,3}$/.test(tail)) return undefined;
  const prefix = tail === undefined ? bits : Number(tail);
  if (prefix > bits) return undefined;
  return { family: familyOf(address), address: mask(address, prefix), prefix };
}

/** Canonical text of a CIDR. */
export function formatCidr(cidr: Cidr): string {
  return `${formatAddress(cidr.address)}/${cidr.prefix}`;
}

/** Whether the address (of any family) lies in the CIDR. */
export function contains(cidr: Cidr, address: Uint8Array): boolean {
  if (address.length !== cidr.address.length) return false;
  const whole = cidr.prefix >> 3;
  for (let i = 0; i < whole; i++) {
    if (address[i] !== cidr.address[i]) return false;
  }
  const rest = cidr.prefix & 7;
  if (rest === 0) return true;
  return (((address[whole] ?? 0) ^ (cidr.address[whole] ?? 0)) & (0xff << (8 - rest)) & 0xff) === 0;
}

/** Equal for equal addresses; cheaper than text. */
export function addressKey(bytes: Uint8Array): number | string {
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  return bytes.length === 4 ? ((a << 24) | (b << 16) | (c << 8) | d) >>> 0 : String.fromCharCode(...bytes);
}

const UNUSABLE = [
  '0.0.0.0/32',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/3',
  '::/128',
  '::1/128',
  'ff00::/8',
  'fe80::/10',
].flatMap((text) => parseCidr(text) ?? []);

/** False for addresses that no backend or Service can have: unspecified, loopback, multicast, link-local. */
export function isUsableUnicast(bytes: Uint8Array): boolean {
  return !UNUSABLE.some((cidr) => contains(cidr, bytes));
}
