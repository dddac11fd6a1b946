import assert from 'node:assert/strict';
import { test } from 'node:test';

import { decode, encode, pack, putBytes, unpack, viewOf, type Codec } from './codec.ts';
import type { Abi, CtValue } from './types.gen.ts';
import { abi4 } from './v4.gen.ts';
import { abi6 } from './v6.gen.ts';

const families: readonly Abi[] = [abi4, abi6];
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const address = (abi: Abi, last: number): Uint8Array =>
  Uint8Array.from({ length: abi.family === 4 ? 4 : 16 }, (_, i) => (i === 0 ? 10 : last));

test('a frontend key has the address, the port in network order, the protocol and a zero', () => {
  const key = { addr: Uint8Array.of(10, 96, 0, 1), port: 0x1234, proto: 6 };
  assert.equal(hex(encode(abi4.frontendKey, key)), '0a600001' + '1234' + '06' + '00');
  assert.deepEqual(decode(abi4.frontendKey, Buffer.from('0a60000112340600', 'hex')), key);
});

test('fields in host order follow the machine', () => {
  const value = { first: 1, count: 2, outsideFirst: 3, outsideCount: 4, flags: 5 };
  const bytes = encode(abi4.frontend, { ...value, serviceId: 0x01020304, affinity: 6, sourceSet: 7 });
  assert.deepEqual([...new Uint32Array(bytes.buffer)], [1, 2, 3, 4, 5, 0x01020304, 6, 7]);
});

test('what was in the padding before does not stay', () => {
  const bytes = new Uint8Array(abi6.frontendKey.size).fill(0xff);
  abi6.frontendKey.encode({ addr: address(abi6, 1), port: 80, proto: 17 }, viewOf(bytes), 0);
  assert.equal(bytes[19], 0);
});

test('an address of the other family is refused', () => {
  assert.throws(() => encode(abi4.lpmKey, { prefixlen: 32, addr: new Uint8Array(16) }), RangeError);
  assert.throws(() => putBytes(new DataView(new ArrayBuffer(8)), 0, new Uint8Array(3), 4), RangeError);
});

for (const abi of families) {
  test(`IPv${abi.family}: a conntrack value comes back as it was`, () => {
    const value: CtValue = {
      newSaddr: address(abi, 1),
      newDaddr: address(abi, 2),
      newSport: 40000,
      newDport: 8080,
      action: 3,
      flags: 0x21,
      generation: 65535,
      nextHop: address(abi, 3),
      ifindex: 17,
      lastSeen: 0xffffffff,
      routeGen: 9,
      l3Delta: 0xfffe,
      l4Delta: 1,
      serviceId: 70000,
      halfOpen: 70001,
    };
    assert.deepEqual(decode(abi.ctValue, encode(abi.ctValue, value)), value);
  });

  test(`IPv${abi.family}: fields do not overlap and nothing is written outside`, () => {
    const codecs = Object.values(abi).filter(
      (one): one is Codec<Record<string, unknown>> => typeof one === 'object',
    );
    assert.ok(codecs.length > 10);
    for (const codec of codecs) {
      const random = Uint8Array.from({ length: codec.size + 16 }, (_, i) => (i * 37 + 11) & 0xff);
      const value = codec.decode(viewOf(random), 8);
      const target = new Uint8Array(codec.size + 16).fill(0xaa);
      codec.encode(value, viewOf(target), 8);
      assert.deepEqual(codec.decode(viewOf(target), 8), value, codec.name);
      assert.ok(
        [...target.subarray(0, 8), ...target.subarray(8 + codec.size)].every((byte) => byte === 0xaa),
      );
    }
  });
}

test('packed values, and an array whose elements are padded', () => {
  const backends = [1, 2, 3].map((last) => ({ addr: address(abi6, last), port: 80 + last, flags: last }));
  const packed = pack(abi6.backend, backends);
  assert.equal(packed.length, 60);
  assert.deepEqual(unpack(abi6.backend, packed), backends);
  const strided = new Uint8Array(72);
  backends.forEach((_, i) => strided.set(packed.subarray(i * 20, i * 20 + 20), i * 24));
  assert.deepEqual(unpack(abi6.backend, strided, 24), backends);
});
