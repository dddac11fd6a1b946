import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { BtfMember, BtfType } from '@margay/addon/api';
import { anchorSource, definedTypes } from './btf-anchor.ts';
import { emitFamily } from './btf-emit.ts';
import { modelOf, shape } from './btf-model.ts';

const int = (name: string, size: number): BtfType => ({ kind: 'int', name, size, signed: false });
const layout: BtfType = { kind: 'enum', name: 'mg_layout', size: 4, values: { MG_LAYOUT_VERSION: 7 } };
const struct = (name: string, size: number, members: readonly BtfMember[]): BtfType => ({
  kind: 'struct',
  name,
  size,
  members,
});
const model = (...types: BtfType[]): ReturnType<typeof modelOf> => modelOf([layout, ...types]);

test('types are found in a header, uses of them are not', () => {
  const header =
    'struct mg_a {\n\t__u32 x;\n};\nenum mg_b { MG_B_X };\nstruct other {\n};\nstruct mg_c *p;\n';
  assert.deepEqual(definedTypes(header), ['struct mg_a', 'enum mg_b']);
  assert.match(anchorSource(['a.h'], ['struct mg_a']), /struct mg_a anchor_0;/);
});

test('a hole, at the end or between fields, is an error that names it', () => {
  const members = [
    { name: 'a', offset: 0, type: int('__u8', 1) },
    { name: 'b', offset: 4, type: int('__u32', 4) },
  ];
  assert.throws(() => model(struct('mg_x', 8, members)), /mg_x\.b: 3 bytes before it are unnamed/);
  assert.throws(() => model(struct('mg_x', 8, [members[0] as BtfMember])), /mg_x: 7 bytes at its end/);
});

test('a field that no codec can carry is an error', () => {
  const pointer = { name: 'p', offset: 0, type: { kind: 'other', name: '', size: 8 } as const };
  assert.throws(() => model(struct('mg_x', 8, [pointer])), /mg_x\.p: no codec/);
});

test('an enum loses the words that all its names share, two at most', () => {
  const values = { MG_CT_A_ONE: 1, MG_CT_A_TWO: 2 };
  const [one] = model({ kind: 'enum', name: 'mg_ct_flags', size: 4, values }).enums;
  assert.deepEqual(one?.values, [['AOne', 1], ['ATwo', 2]]); // prettier-ignore
  const mixed = { MG_DROP_X: 0, MG_REFUSED: 1 };
  assert.deepEqual(
    model({ kind: 'enum', name: 'mg_reason', size: 4, values: mixed }).enums[0]?.values.map(([name]) => name),
    ['DropX', 'Refused'],
  );
});

test('byte order comes from the name of the type', () => {
  const members = [
    { name: 'port', offset: 0, type: int('__be16', 2) },
    { name: 'delta', offset: 2, type: int('__sum16', 2) },
    { name: 'total', offset: 4, type: int('__u32', 4) },
  ];
  const text = emitFamily(model(struct('mg_x', 8, members)), 4);
  assert.match(text, /setUint16\(offset, value\.port, false\)/);
  assert.match(text, /setUint16\(offset \+ 2, value\.delta, littleEndian\)/);
  assert.match(text, /getUint32\(offset \+ 4, littleEndian\)/);
});

test('families of one shape differ in sizes only', () => {
  const words = (count: number): BtfType =>
    struct('mg_addr', count * 4, [{ name: 'w', offset: 0, type: { kind: 'array', element: int('__be32', 4), count, size: count * 4 } }]); // prettier-ignore
  const of = (count: number, name: string) =>
    model(struct('mg_x', count * 4, [{ name, offset: 0, type: words(count) }]));
  assert.equal(shape(of(1, 'addr')), shape(of(4, 'addr')));
  assert.notEqual(shape(of(1, 'addr')), shape(of(4, 'address')));
});
