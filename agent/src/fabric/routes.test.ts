import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Address, Route } from '@margay/addon/netlink-api';
import type { PeerRoute } from '../ports.ts';
import { planRoutes } from './routes.ts';

function address(text: string, ifindex = 2): Address {
  const [host = '', prefix = ''] = text.split('/');
  return { ifindex, family: host.includes(':') ? 6 : 4, address: host, prefix: Number(prefix), scope: 0 };
}
function peer(node: string, cidr: string, nextHop: string): PeerRoute {
  return { node, cidr, nextHop };
}
function own(destination: string, gateway: string, over: Partial<Route> = {}): Route {
  const family = destination.includes(':') ? 6 : 4;
  const metric = family === 6 ? 1024 : 0;
  return { family, destination, gateway, ifindex: 2, table: 254, protocol: 80, scope: 0, metric, ...over };
}
const here = [address('10.240.0.11/24'), address('fd00:10:240::11/64'), address('10.244.1.1/32', 9)];
const n2 = [peer('n2', '10.244.2.0/24', '10.240.0.12'), peer('n2', 'fd00:10:244:2::/64', 'fd00:10:240::12')];

test('a route by the peer for each family', () => {
  const plan = planRoutes(n2, here, []);
  assert.deepEqual(
    plan.replace.map((r) => [r.destination, r.gateway, r.ifindex, r.protocol]),
    [
      ['10.244.2.0/24', '10.240.0.12', 2, 80],
      ['fd00:10:244:2::/64', 'fd00:10:240::12', 2, 80],
    ],
  );
  assert.deepEqual([plan.remove, plan.problems], [[], []]);
});

test('what is there already is left alone, in both families', () => {
  const existing = [
    own('10.244.2.0/24', '10.240.0.12'),
    own('fd00:10:244:2::/64', 'fd00:10:240::12'),
    own('0.0.0.0/0', '10.240.0.1', { protocol: 3 }),
  ];
  assert.deepEqual(planRoutes(n2, here, existing), { replace: [], remove: [], problems: [] });
});

test('a peer that moved is replaced in place, one that went is removed', () => {
  const existing = [own('10.244.2.0/24', '10.240.0.99'), own('10.244.7.0/24', '10.240.0.17')];
  const plan = planRoutes([n2[0] as PeerRoute], here, existing);
  assert.deepEqual(
    plan.replace.map((r) => r.gateway),
    ['10.240.0.12'],
  );
  assert.deepEqual(
    plan.remove.map((r) => r.destination),
    ['10.244.7.0/24'],
  );
});

test("another's route to the same CIDR stays and is named", () => {
  const plan = planRoutes([n2[0] as PeerRoute], here, [
    own('10.244.2.0/24', '10.240.0.1', { protocol: 186 }),
  ]);
  assert.deepEqual([plan.replace, plan.remove], [[], []]);
  assert.match(plan.problems[0] ?? '', /10\.244\.2\.0\/24 \(protocol 186, via 10\.240\.0\.1\)/);
});

test("another's route with another metric, or ours in another table, is not in the way", () => {
  const existing = [
    own('10.244.2.0/24', '10.240.0.1', { protocol: 186, metric: 100 }),
    own('10.9.0.0/24', '10.240.0.1', { table: 100 }),
  ];
  const plan = planRoutes([n2[0] as PeerRoute], here, existing);
  assert.deepEqual([plan.replace.length, plan.remove.length], [1, 0]);
});

test('a peer in no subnet of ours, or of two families, is a problem with a name', () => {
  const peers = [peer('n8', '10.244.8.0/24', '10.9.9.9'), peer('n9', '10.244.9.0/24', 'fd00:10:240::19')];
  const plan = planRoutes(peers, here, []);
  assert.equal(plan.replace.length, 0);
  assert.match(plan.problems[0] ?? '', /node n8: 10\.9\.9\.9 is in no subnet/);
  assert.match(plan.problems[1] ?? '', /node n9: .* not of one family/);
});

test('the narrowest subnet decides the interface; this node itself is no peer', () => {
  const addresses = [address('10.0.0.5/8', 3), address('10.240.0.11/24', 2)];
  const plan = planRoutes([...n2.slice(0, 1), peer('n1', '10.244.1.0/24', '10.240.0.11')], addresses, []);
  assert.deepEqual(
    plan.replace.map((r) => [r.destination, r.ifindex]),
    [['10.244.2.0/24', 2]],
  );
});
