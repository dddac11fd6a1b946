import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overlaps } from './machine.ts';

const cases: [string, string, boolean][] = [
  ['10.240.0.0/24', '10.240.0.0/24', true],
  ['10.240.0.7', '10.240.0.0/24', true],
  ['10.0.0.0/8', '10.240.0.0/24', true],
  ['10.240.0.128/25', '10.240.0.0/24', true],
  ['10.240.1.0/24', '10.240.0.0/24', false],
  ['10.239.255.255', '10.240.0.0/24', false],
  ['192.0.2.0/24', '10.240.0.0/24', false],
  ['default', '10.240.0.0/24', false],
  ['0.0.0.0/0', '10.240.0.0/24', false],
];

for (const [a, b, expected] of cases) {
  test(`${a} ${expected ? 'overlaps' : 'is apart from'} ${b}`, () => {
    assert.equal(overlaps(a, b), expected);
    assert.equal(overlaps(b, a), expected);
  });
}
