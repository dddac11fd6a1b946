import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Address, Link, Route } from '@margay/addon/netlink-api';
import { findNics, hostAddresses } from './nics.ts';

const plain = { kind: '', mtu: 1500, mac: '', up: true, master: 0, parent: 0, peerElsewhere: false };
const link = (index: number, name: string, more: Partial<Link> = {}): Link => ({
  index,
  name,
  ...plain,
  ...more,
});
const address = (ifindex: number, text: string, prefix: number, scope = 0): Address => ({
  ifindex,
  family: text.includes(':') ? 6 : 4,
  address: text,
  prefix,
  scope,
});
const route = (ifindex: number, destination: string, more: Partial<Route> = {}): Route => ({
  family: 4,
  destination,
  ifindex,
  table: 254,
  protocol: 3,
  scope: 0,
  metric: 0,
  ...more,
});

const sources = {
  links: [
    link(1, 'lo'),
    link(2, 'eth0', { kind: 'veth', peerElsewhere: true }),
    link(3, 'ens5'),
    link(4, 'cni0', { kind: 'bridge' }),
    link(5, 'veth1', { kind: 'veth', peerElsewhere: true }),
    link(6, 'veth2', { kind: 'veth', peerElsewhere: true }),
    link(7, 'kube-ipvs0'),
    link(8, 'idle'),
    link(9, 'bond0.7', { kind: 'vlan' }),
  ],
  addresses: [
    address(1, '127.0.0.1', 8, 254),
    address(2, '10.0.0.1', 24),
    address(3, '10.128.0.2', 32),
    address(4, '10.244.1.1', 24),
    address(5, '10.244.1.1', 32),
    address(6, '192.168.7.1', 24),
    address(7, '10.96.0.1', 24),
    address(8, 'fe80::1', 64, 253),
    address(9, 'fd00::1', 64),
  ],
  routes: [
    route(3, '0.0.0.0/0', { gateway: '10.128.0.1' }),
    route(8, '10.244.2.0/24', { gateway: '10.9.9.9', protocol: 80 }),
  ],
  podCidrs: ['10.244.1.0/24'],
  podInterfaces: new Set([6]),
};

test('F4: interfaces with neighbours or a gateway, and no pod behind them', () => {
  assert.deepEqual(findNics(sources), [2, 3, 9]);
});

test("the node's own addresses", () => {
  const texts = hostAddresses(sources.addresses).map((one) => one.address);
  assert.ok(!texts.includes('127.0.0.1') && !texts.includes('fe80::1'));
  assert.ok(texts.includes('10.0.0.1') && texts.includes('10.244.1.1'));
});
