import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingCapabilities } from './privileges.ts';

const rows: [string, string, readonly string[]][] = [
  ['root', 'CapPrm:\t0\nCapEff:\t000001ffffffffff\n', []],
  ['nobody', 'CapEff:\t0000000000000000\n', ['CAP_NET_ADMIN', 'CAP_SYS_ADMIN']],
  ['a container as runtimes make it', 'CapEff:\t00000000a80425fb\n', ['CAP_NET_ADMIN', 'CAP_SYS_ADMIN']],
  ['network only', 'CapEff:\t0000000000001000\n', ['CAP_SYS_ADMIN']],
  ['nothing to read', '', ['CAP_NET_ADMIN', 'CAP_SYS_ADMIN']],
];
for (const [who, status, missing] of rows) {
  test(`${who} lacks ${missing.join(' and ') || 'nothing'}`, () =>
    assert.deepEqual(missingCapabilities(status), missing));
}
