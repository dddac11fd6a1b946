import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planSysctls, sysctlWarnings } from './sysctl.ts';

const off = new Map([
  ['net/ipv4/ip_forward', '0'],
  ['net/ipv6/conf/all/forwarding', '0'],
  ['net/ipv6/conf/ens3/accept_ra', '1'],
  ['net/ipv6/conf/lo/accept_ra', '0'],
]);
const paths = (families: (4 | 6)[], current = off): string[] =>
  planSysctls(new Set(families), ['ens3', 'lo'], current).map((s) => `${s.path}=${s.value}`);

test('forwarding of the families that pods have, accept_ra first', () => {
  assert.deepEqual(paths([4]), ['net/ipv4/ip_forward=1']);
  assert.deepEqual(paths([4, 6]), [
    'net/ipv4/ip_forward=1',
    'net/ipv6/conf/ens3/accept_ra=2',
    'net/ipv6/conf/all/forwarding=1',
  ]);
});

test('what forwards already is not touched, nor what the kernel does not have', () => {
  const on = new Map([...off, ['net/ipv4/ip_forward', '1'], ['net/ipv6/conf/all/forwarding', '1']]);
  assert.deepEqual(paths([4, 6], on), []);
  assert.deepEqual(paths([4, 6], new Map()), []);
});

test('ports of source NAT are reserved where the node would give them to sockets, beside what is reserved already', () => {
  const ports = (range: string, reserved: string): string[] =>
    paths(
      [],
      new Map([
        ['net/ipv4/ip_local_port_range', range],
        ['net/ipv4/ip_local_reserved_ports', reserved],
      ]),
    );
  const path = 'net/ipv4/ip_local_reserved_ports';
  assert.deepEqual(ports('32768\t60999', ''), []);
  assert.deepEqual(ports('1024\t65535', ''), [`${path}=61000-65535`]);
  assert.deepEqual(ports('1024\t65535', '8080,9000-9010'), [`${path}=8080,9000-9010,61000-65535`]);
  assert.deepEqual(ports('1024\t65535', '8080,60000-65535'), []);
});

test('a strict reverse-path filter is warned about, not changed', () => {
  const strict = new Map([['net/ipv4/conf/all/rp_filter', '1']]);
  assert.equal(sysctlWarnings(strict).length, 1);
  assert.deepEqual(planSysctls(new Set([4]), [], strict), []);
  assert.deepEqual(sysctlWarnings(new Map([['net/ipv4/conf/all/rp_filter', '2']])), []);
});
