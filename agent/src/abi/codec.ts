/** What the generated codecs of the layouts in bpf/abi.h are made of, and help to use them. */

/** One C struct: its size, and both ways between bytes and a value. Offsets are in bytes. */
export interface Codec<T> {
  /** The struct's name in abi.h. */
  readonly name: string;
  readonly size: number;
  /** Writes `size` bytes, padding as zeroes. @throws RangeError when an address has the wrong length. */
  encode(value: T, view: DataView, offset: number): void;
  decode(view: DataView, offset: number): T;
}

/** The byte order of this machine, for the fields that are not "be". */
export const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Copies bytes whose number the layout fixes. */
export function putBytes(view: DataView, offset: number, bytes: Uint8Array, size: number): void {
  if (bytes.length !== size) throw new RangeError(`${bytes.length} bytes where the layout has ${size}`);
  for (let i = 0; i < size; i++) view.setUint8(offset + i, bytes[i] as number);
}

/** A copy of some bytes. */
export function getBytes(view: DataView, offset: number, size: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + offset, size).slice();
}

/** Padding: part of a key's identity, hence never left as it was. */
export function putZero(view: DataView, offset: number, size: number): void {
  for (let i = 0; i < size; i++) view.setUint8(offset + i, 0);
}

/** A view over the whole of some bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The bytes of one value. */
export function encode<T>(codec: Codec<T>, value: T): Uint8Array {
  const bytes = new Uint8Array(codec.size);
  codec.encode(value, viewOf(bytes), 0);
  return bytes;
}

/** The value at the start of some bytes. @throws RangeError when there are too few. */
export function decode<T>(codec: Codec<T>, bytes: Uint8Array): T {
  return codec.decode(viewOf(bytes), 0);
}

/** Values one after the other, as batch operations take them. */
export function pack<T>(codec: Codec<T>, values: readonly T[]): Uint8Array {
  const bytes = new Uint8Array(codec.size * values.length);
  const view = viewOf(bytes);
  values.forEach((value, i) => codec.encode(value, view, i * codec.size));
  return bytes;
}

/** The values of packed bytes, or of an array whose elements are `stride` bytes apart. */
export function unpack<T>(codec: Codec<T>, bytes: Uint8Array, stride = codec.size): T[] {
  const view = viewOf(bytes);
  const out: T[] = [];
  for (let at = 0; at + codec.size <= bytes.length; at += stride) out.push(codec.decode(view, at));
  return out;
}
