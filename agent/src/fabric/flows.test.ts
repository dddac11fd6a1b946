import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConntrackEntry } from '@margay/addon/netlink-api';
import { flowKey, isDestinationNat, stillThere } from './flows.ts';

function entry(sourcePort: number, status: number): ConntrackEntry {
  const tuple = {
    family: 4,
    protocol: 6,
    source: '10.244.1.5',
    destination: '10.96.0.1',
    destinationPort: 443,
  } as const;
  return { original: { ...tuple, sourcePort }, reply: { ...tuple, sourcePort: 6443 }, status, timeout: 100 };
}

test('only flows of the first look count, and each only while it is there', () => {
  const first = new Set([entry(1000, 0x20), entry(1001, 0x20)].map(flowKey));
  const later = stillThere(first, [entry(1001, 0x20), entry(2000, 0x20)]);
  assert.deepEqual([...later], [flowKey(entry(1001, 0))]);
  assert.equal(stillThere(later, [entry(2000, 0x20)]).size, 0);
});

test('a masqueraded flow is no flow of a Service', () => {
  assert.equal(isDestinationNat(entry(1, 0x1a0 & ~0x20)), false);
  assert.equal(isDestinationNat(entry(1, 0x1ae)), true);
});
