import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Link, Route } from '@margay/addon/netlink-api';
import { type Attachment, difference, discover, generationOf, wanted } from './discover.ts';

function link(index: number, over: Partial<Link> = {}): Link {
  return {
    index,
    name: `veth${index}`,
    kind: 'veth',
    mtu: 1500,
    mac: '02:00:00:00:00:01',
    up: true,
    master: 0,
    parent: 2,
    peerElsewhere: true,
    ...over,
  };
}

function route(destination: string, ifindex: number, over: Partial<Route> = {}): Route {
  const family = destination.includes(':') ? 6 : 4;
  return { family, destination, ifindex, table: 254, protocol: 3, scope: 253, metric: 0, ...over };
}

const none = { links: [], routes: [], addresses: [], attachments: [], released: new Set<number>() };

function attachment(ifindex: number, ...ips: string[]): Attachment {
  return { containerId: `c${ifindex}`, ifname: 'eth0', hostIfname: `veth${ifindex}`, ifindex, ips };
}

test('host routes to veths whose peer is elsewhere are pods, in both families', () => {
  const routes = [route('10.244.1.5/32', 7), route('fd00:10:244:1::5/128', 7), route('10.244.1.6/32', 8)];
  const found = discover({ links: [link(7), link(8)], routes, addresses: [] });
  assert.deepEqual([...found.keys()], ['10.244.1.5', 'fd00:10:244:1::5', '10.244.1.6']);
  assert.deepEqual(found.get('10.244.1.6'), {
    ip: '10.244.1.6',
    ifindex: 8,
    hostIfname: 'veth8',
    generation: 9,
    noPeer: false,
  });
});

const ignored: readonly [string, Link, Route][] = [
  ['a network', link(7), route('10.244.1.0/24', 7)],
  ['a v6 network', link(7), route('fd00::/64', 7)],
  ['a gateway', link(7), route('10.244.1.5/32', 7, { gateway: '10.244.1.1' })],
  ['the local table', link(7), route('10.244.1.1/32', 7, { table: 255 })],
  ['a device that is no veth', link(7, { kind: '' }), route('192.0.2.9/32', 7)],
  ['a veth with both ends here', link(7, { peerElsewhere: false }), route('10.244.1.5/32', 7)],
  ['another device', link(7), route('10.244.1.5/32', 9)],
];
for (const [what, device, to] of ignored) {
  test(`no pod: ${what}`, () => {
    assert.equal(discover({ links: [device], routes: [to], addresses: [] }).size, 0);
  });
}

test("the node's own address on a pod's device is no pod, although it has a host route (IPv6)", () => {
  const address = 'fd00:10:244:1::1';
  const addresses = [{ ifindex: 7, family: 6, address, prefix: 128, scope: 0 } as const];
  const routes = [route(`${address}/128`, 7, { protocol: 2 })];
  assert.equal(discover({ links: [link(7)], routes, addresses }).size, 0);
});

test('an address that moves to another interface gets another generation; the same interface keeps it', () => {
  const before = wanted({ ...none, links: [link(7)], routes: [route('10.244.1.5/32', 7)] });
  const after = wanted({ ...none, links: [link(8)], routes: [route('10.244.1.5/32', 8)] });
  const change = difference(before, after);
  assert.deepEqual([change.put.length, change.remove.length], [1, 0]);
  assert.notEqual(change.put[0]?.generation, before.get('10.244.1.5')?.generation);
  assert.deepEqual(difference(after, after), { put: [], remove: [] });
});

test('what the plugin named is an endpoint before its route is seen, and goes with its interface', () => {
  const attachments = [attachment(7, '10.244.1.5')];
  const there = wanted({ ...none, links: [link(7)], attachments });
  assert.equal(there.get('10.244.1.5')?.ifindex, 7);
  const gone = wanted({ ...none, attachments });
  assert.deepEqual(
    difference(there, gone).remove.map((e) => e.ip),
    ['10.244.1.5'],
  );
});

test('an interface number that was given to another device is not the attachment', () => {
  const links = [link(7, { name: 'veth-new' })];
  assert.equal(wanted({ ...none, links, attachments: [attachment(7, '10.244.1.5')] }).size, 0);
});

test('the youngest attachment owns a reused address, whatever the routes still say', () => {
  const sources = {
    ...none,
    links: [link(7), link(8)],
    routes: [route('10.244.1.5/32', 7)],
    attachments: [attachment(7, '10.244.1.5'), attachment(8, '10.244.1.5')],
  };
  assert.equal(wanted(sources).get('10.244.1.5')?.ifindex, 8);
});

test('a pod whose DEL was answered does not come back while its device goes', () => {
  const sources = { ...none, links: [link(7)], routes: [route('10.244.1.5/32', 7)] };
  assert.equal(wanted({ ...sources, released: new Set([7]) }).size, 0);
});

test('generations stay within 1-65535', () => {
  assert.deepEqual([1, 65534, 65535, 65536].map(generationOf), [2, 65535, 1, 2]);
});
