import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';

import { isKernelError } from '../src/errors.ts';
import { loadNetlink } from '../src/netlink.ts';
import type { NetlinkChange, Route } from '../src/netlink-api.ts';
import { eventually, ifindexOf, ip, run, vethPair } from './support/fixtures.ts';
import { isolated } from './support/isolate.ts';

const MAIN = 254;
const OURS = 80;
const IPS_DST_NAT = 1 << 5;

function define(): void {
  const netlink = loadNetlink();

  test('links: a veth pair that spans namespaces, a bridge and its port', async (t) => {
    await vethPair(t, 'nl-a');
    ip('link add nl-br type bridge');
    ip('link add nl-b type veth peer name nl-c');
    ip('link set nl-b master nl-br mtu 1400 address 02:00:00:00:00:0a');
    const links = new Map((await netlink.links()).map((link) => [link.name, link]));
    const far = links.get('nl-a');
    assert.ok(far);
    assert.deepEqual([far.kind, far.up, far.peerElsewhere, far.master], ['veth', true, true, 0]);
    assert.ok(far.parent > 0);
    assert.deepEqual(links.get('nl-b'), {
      index: ifindexOf('nl-b'), name: 'nl-b', kind: 'veth', mtu: 1400, mac: '02:00:00:00:00:0a', up: false,
      master: ifindexOf('nl-br'), parent: ifindexOf('nl-c'), peerElsewhere: false,
    }); // prettier-ignore
    assert.equal(links.get('nl-br')?.kind, 'bridge');
    assert.equal(links.get('lo')?.kind, '');
    for (const name of ['nl-a', 'nl-b', 'nl-br']) ip(`link del ${name}`);
  });

  test('addresses of both families; a peer address is not taken for our own', async () => {
    ip('link add nl-d type veth peer name nl-e');
    ip('addr add 10.9.8.7 peer 10.9.8.1/32 dev nl-d');
    ip('addr add fd00:9::7/64 dev nl-d nodad');
    const ifindex = ifindexOf('nl-d');
    const own = (await netlink.addresses()).filter((address) => address.ifindex === ifindex);
    assert.deepEqual(own.filter(({ scope }) => scope === 0), [
      { ifindex, family: 4, address: '10.9.8.7', prefix: 32, scope: 0 },
      { ifindex, family: 6, address: 'fd00:9::7', prefix: 64, scope: 0 },
    ]); // prettier-ignore
    ip('link del nl-d');
  });

  const families = [
    { family: 4, net: '10.244.1.0/24', via: '10.7.0.9', other: '10.7.0.8', own: '10.7.0.1', metric: 0 },
    {
      family: 6,
      net: 'fd00:244:1::/64',
      via: 'fd00:7::9',
      other: 'fd00:7::8',
      own: 'fd00:7::1',
      metric: 1024,
    },
  ] as const;
  for (const { family, net, via, other, own, metric } of families) {
    test(`IPv${family} routes are added, replaced, listed and deleted`, async () => {
      ip('link add nl-f type veth peer name nl-g');
      ip('link set nl-g up');
      ip('link set nl-f up');
      ip('addr add 10.7.0.1/24 dev nl-f');
      ip('addr add fd00:7::1/64 dev nl-f nodad');
      const ifindex = ifindexOf('nl-f');
      const route: Route = { family, destination: net, gateway: via, ifindex, source: own, table: MAIN, protocol: OURS, scope: 0, metric }; // prettier-ignore
      const ours = async (): Promise<Route[]> =>
        (await netlink.routes(family)).filter(({ protocol }) => protocol === OURS);
      await netlink.replaceRoute(route);
      assert.deepEqual(await ours(), [route]);
      await netlink.replaceRoute({ ...route, gateway: other });
      assert.deepEqual(await ours(), [{ ...route, gateway: other }]);
      assert.match(ip(`-${family} route show ${net}`), new RegExp(`via ${other} dev nl-f proto 80`));
      assert.equal(await netlink.deleteRoute({ ...route, gateway: other }), true);
      assert.equal(await netlink.deleteRoute({ ...route, gateway: other }), false);
      assert.deepEqual(await ours(), []);
      ip('link del nl-f');
      assert.equal(await netlink.deleteRoute(route), false);
    });
  }

  test('default routes, other tables, several next hops, a next hop of the other family', async () => {
    ip('link add nl-h type veth peer name nl-i');
    ip('link set nl-i up');
    ip('link set nl-h up');
    ip('addr add 10.6.0.1/24 dev nl-h');
    ip('route add default via 10.6.0.2 table 1234');
    ip('route add 10.61.0.0/16 nexthop via 10.6.0.3 nexthop via 10.6.0.4');
    ip('route add 10.62.0.0/16 via inet6 fe80::1 dev nl-h');
    ip('route add blackhole 10.63.0.0/16');
    const ifindex = ifindexOf('nl-h');
    const found = (await netlink.routes(4)).filter(
      (route) => route.ifindex === ifindex && route.gateway !== undefined,
    );
    assert.deepEqual(
      found.map(({ destination, gateway, table }) => `${destination} ${gateway} ${table}`).sort(),
      [
        '0.0.0.0/0 10.6.0.2 1234',
        '10.61.0.0/16 10.6.0.3 254',
        '10.61.0.0/16 10.6.0.4 254',
        '10.62.0.0/16 fe80::1 254',
      ],
    );
    assert.equal(
      (await netlink.routes(4)).some(({ destination }) => destination === '10.63.0.0/16'),
      false,
    );
    const mixed = found.find(({ destination }) => destination === '10.62.0.0/16') ?? assert.fail();
    await netlink.replaceRoute({ ...mixed, gateway: 'fe80::2' });
    assert.match(ip('route show 10.62.0.0/16'), /via inet6 fe80::2 dev nl-h/);
    ip('link del nl-h');
  });

  test('a route that the kernel or we cannot take', async () => {
    const route: Route = { family: 4, destination: '10.1.0.0/24', gateway: '192.0.2.99', ifindex: 0, table: MAIN, protocol: OURS, scope: 0, metric: 0 }; // prettier-ignore
    await assert.rejects(netlink.replaceRoute(route), (error: unknown) =>
      isKernelError(error, 'ENETUNREACH'),
    );
    for (const destination of ['10.1.0.0', '10.1.0.0/33', 'fd00::/64', 'x/8', '10.1.0.0/8x']) {
      await assert.rejects(netlink.replaceRoute({ ...route, destination }), (error: unknown) =>
        isKernelError(error, 'EINVAL'),
      );
    }
  });

  test('changes are told, until close()', async () => {
    const seen = new Set<NetlinkChange>();
    const watch = netlink.watch((change) => seen.add(change));
    ip('link add nl-j type veth peer name nl-k');
    await eventually('link', () => seen.has('link'));
    seen.clear();
    ip('link set nl-j up');
    ip('addr add 10.5.0.1/24 dev nl-j');
    await eventually('address', () => seen.has('address'));
    seen.clear();
    ip('route add 10.51.0.0/16 dev nl-j');
    await eventually('route', () => seen.has('route'));
    watch.close();
    watch.close();
    seen.clear();
    ip('link del nl-j');
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(seen.size, 0);
  });

  test('a storm of changes ends with the last one told', async () => {
    const batch = Array.from(
      { length: 2000 },
      (_, i) => `route add 10.${100 + (i >> 8)}.${i & 255}.0/24 dev lo`,
    ).join('\n');
    let told = 0;
    const watch = netlink.watch(() => told++);
    run('sh', '-c', `printf '%s\n' '${batch}' | ip -batch -`);
    await eventually('told', () => told > 0);
    assert.equal(
      (await netlink.routes(4)).filter(({ destination }) => destination.endsWith('.0/24')).length,
      2000,
    );
    watch.close();
    run('sh', '-c', `printf '%s\n' '${batch.replaceAll('add', 'del')}' | ip -batch -`);
  });

  test('conntrack: what is translated is told from what is not, and deleted by its tuple', async () => {
    run('conntrack', '-F');
    const create = (...args: readonly string[]): string =>
      run('conntrack', '-I', '-t', '600', '-s', '10.0.0.1', '-d', '10.96.0.1', '-p', ...args);
    create(
      'tcp',
      '--sport',
      '1111',
      '--dport',
      '80',
      '--state',
      'ESTABLISHED',
      '--dst-nat',
      '10.244.0.5:8080',
    );
    create('udp', '--sport', '2222', '--dport', '53');
    run(
      'conntrack',
      '-I',
      '-t',
      '600',
      '-s',
      'fd00::1',
      '-d',
      'fd00::2',
      '-p',
      'udp',
      '--sport',
      '3333',
      '--dport',
      '53',
    );
    const [nat, ...none] = await netlink.conntrack({ natOnly: true });
    assert.ok(nat);
    assert.equal(none.length, 0);
    assert.deepEqual(nat.original, { family: 4, protocol: 6, source: '10.0.0.1', destination: '10.96.0.1', sourcePort: 1111, destinationPort: 80 }); // prettier-ignore
    assert.deepEqual(nat.reply, { family: 4, protocol: 6, source: '10.244.0.5', destination: '10.0.0.1', sourcePort: 8080, destinationPort: 1111 }); // prettier-ignore
    assert.ok((nat.status & IPS_DST_NAT) !== 0 && nat.timeout > 500 && nat.timeout <= 600);
    assert.equal((await netlink.conntrack({ natOnly: false })).length, 3);
    const absent = { ...nat.original, sourcePort: 9999 };
    assert.equal(await netlink.deleteConntrack([absent, nat.original]), 1);
    const left = await netlink.conntrack({ natOnly: false });
    assert.deepEqual(left.map(({ original }) => original.sourcePort).sort(), [2222, 3333]);
    assert.equal(await netlink.deleteConntrack(left.map(({ original }) => original)), 2);
  });

  test('conntrack: a ping is known by its identifier, and thousands of flows go in one call', async () => {
    run(
      'nft',
      'add table inet track; add chain inet track out { type filter hook output priority 0; }; add rule inet track out ct state new accept',
    );
    run('conntrack', '-F');
    run('ping', '-c', '1', '127.0.0.1');
    const ping = (await netlink.conntrack({ natOnly: false })).find(
      ({ original }) => original.protocol === 1,
    );
    assert.ok(ping);
    assert.deepEqual([ping.original.destinationPort >> 8, ping.reply.destinationPort >> 8], [8, 0]);
    assert.equal(await netlink.deleteConntrack([ping.original]), 1);
    const socket = createSocket('udp4').on('error', () => undefined);
    for (let port = 10_000; port < 13_000; port++)
      await new Promise((sent) => socket.send('x', port, '127.0.0.1', sent));
    socket.close();
    await once(socket, 'close');
    const flows = (await netlink.conntrack({ natOnly: false })).filter(
      ({ original }) => original.protocol === 17,
    );
    assert.equal(flows.length, 3000);
    assert.equal(await netlink.deleteConntrack(flows.map(({ original }) => original)), 3000);
    const rest = await netlink.conntrack({ natOnly: false });
    assert.deepEqual(
      rest.filter(({ original }) => original.protocol === 17),
      [],
    );
  });

  test('an address that is none is refused before the kernel sees it', async () => {
    const tuple = { family: 4, protocol: 6, source: 'localhost', destination: '10.0.0.1', sourcePort: 1, destinationPort: 2 } as const; // prettier-ignore
    await assert.rejects(netlink.deleteConntrack([tuple]), (error: unknown) =>
      isKernelError(error, 'EINVAL'),
    );
  });
}

if (isolated(import.meta.filename)) define();
