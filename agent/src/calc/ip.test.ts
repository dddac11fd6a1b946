import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { contains, formatAddress, formatCidr, isUsableUnicast, parseAddress, parseCidr } from './ip.ts';

const cases: [string, string | undefined][] = [
  ['10.0.0.1', '10.0.0.1'],
  ['010.000.0.01', '10.0.0.1'],
  ['10.0.0', undefined],
  ['10.0.0.256', undefined],
  ['10.0.0.1 ', undefined],
  ['', undefined],
  ['fd00::5', 'fd00::5'],
  ['FD00:0:0:1:0:0:0:5', 'fd00:0:0:1::5'],
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['::ffff:10.0.0.1', '::ffff:a00:1'],
  ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
  ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ['1::2::3', undefined],
  ['1:2:3:4:5:6:7:8:9', undefined],
  ['12345::', undefined],
  ['fe80::1%eth0', undefined],
  ['::10.0.0', undefined],
];
for (const [text, canonical] of cases) {
  test(`address "${text}" is ${canonical ?? 'refused'}`, () => {
    const bytes = parseAddress(text);
    assert.equal(bytes && formatAddress(bytes), canonical);
  });
}

test('what Node calls an address is one, and formatting it is a fixed point', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const bytes = parseAddress(text);
      assert.ok(bytes);
      assert.equal(bytes.length, isIP(text) === 4 ? 4 : 16);
      const formatted = formatAddress(bytes);
      assert.notEqual(isIP(formatted), 0);
      assert.deepEqual(parseAddress(formatted), bytes);
    }),
  );
});

test('CIDRs lose their host bits and contain what they should', () => {
  const cidr = parseCidr('10.1.2.3/20');
  assert.ok(cidr);
  assert.equal(formatCidr(cidr), '10.1.0.0/20');
  assert.ok(contains(cidr, parseAddress('10.1.15.255') ?? new Uint8Array()));
  assert.ok(!contains(cidr, parseAddress('10.1.16.0') ?? new Uint8Array()));
  assert.ok(!contains(cidr, parseAddress('fd00::1') ?? new Uint8Array()));
  assert.equal(parseCidr('10.0.0.0/33'), undefined);
  assert.equal(parseCidr('10.0.0.0/8/8'), undefined);
  assert.equal(parseCidr('fd00::1')?.prefix, 128);
  assert.equal(parseCidr('::/0')?.prefix, 0);
});

test('addresses that nothing can be reached at', () => {
  for (const text of [
    '0.0.0.0',
    '127.0.0.1',
    '224.0.0.1',
    '169.254.1.1',
    '255.255.255.255',
    '::',
    '::1',
    'ff02::1',
    'fe80::1',
  ]) {
    assert.ok(!isUsableUnicast(parseAddress(text) ?? new Uint8Array()), text);
  }
  for (const text of ['10.0.0.1', '192.168.0.1', 'fd00::1', '2001:db8::1']) {
    assert.ok(isUsableUnicast(parseAddress(text) ?? new Uint8Array()), text);
  }
});
