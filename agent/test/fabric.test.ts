// Routes, forwarding and masquerade on a node of our own. Needs root.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { loadNetlink } from '@margay/addon/netlink';
import { isolated } from '../../addon/test/support/isolate.ts';
import { NodeFabric } from '../src/fabric/node-fabric.ts';
import type { FabricSettings } from '../src/ports.ts';
import { addNetns, addVeth, echoServer, privateRun, seenAs, sh } from './support/scratch.ts';

const settings: FabricSettings = {
  peers: [
    { node: 'n2', cidr: '10.244.2.0/24', nextHop: '192.0.2.12' },
    { node: 'n2', cidr: 'fd00:10:244:2::/64', nextHop: 'fd00:2::12' },
  ],
  localPodCidrs: ['10.244.1.0/24', 'fd00:10:244:1::/64'],
  clusterCidrs: ['10.244.1.0/24', '10.244.2.0/24', 'fd00:10:244:1::/64', 'fd00:10:244:2::/64'],
  nodeAddresses: ['192.0.2.11', '192.0.2.12', 'fd00:2::11', 'fd00:2::12'],
  encapsulation: 'VXLANCrossSubnet',
  natOutgoing: true,
  excludeFromNat: [],
  mtu: 0,
  markBit: 31,
};

const outside = { host: '192.0.2.200', port: 80 };

async function define(): Promise<void> {
  privateRun();
  addNetns('pod');
  addNetns('outside');
  addVeth('pod', 'veth-pod', { near: '10.244.1.1/24', far: '10.244.1.5/24' });
  addVeth('outside', 'veth-out', { near: '192.0.2.11/24', far: '192.0.2.200/24' });
  sh('ip address add fd00:2::11/64 dev veth-out nodad');
  writeFileSync('/proc/sys/net/ipv4/ip_forward', '0');
  const server = await echoServer('outside', 80);
  after(() => server.stop());
  const fabric = new NodeFabric({ netlink: loadNetlink() });

  test('forwarding is set and said; a second call has nothing to say', async () => {
    const sentences = await fabric.apply(settings);
    assert.equal(readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8').trim(), '1');
    assert.equal(readFileSync('/proc/sys/net/ipv6/conf/all/forwarding', 'utf8').trim(), '1');
    assert.ok(sentences.some((s) => s.startsWith('net.ipv4.ip_forward was set to 1')));
    assert.deepEqual(await fabric.apply(settings), []);
  });

  test('F1: routes to the peers in both families, repaired when they are lost, gone with the peer', async () => {
    const routes = (): string => sh('ip route show proto 80; ip -6 route show proto 80');
    const both =
      /10\.244\.2\.0\/24 via 192\.0\.2\.12 dev veth-out *\n(?:.*\n)*.*fd00:10:244:2::\/64 via fd00:2::12 dev veth-out/;
    assert.match(routes(), both);
    sh('ip route del 10.244.2.0/24');
    await fabric.apply(settings);
    assert.match(routes(), both);
    sh('ip route add 10.244.7.0/24 via 192.0.2.17 proto static');
    await fabric.apply({ ...settings, peers: [] });
    assert.equal(routes(), '');
    assert.match(sh('ip route show proto static'), /10\.244\.7\.0\/24/);
  });

  test("a pod's connection to the outside comes from the node, from a port that is no NodePort", async () => {
    const [address, port] = ((await seenAs('pod', { ...outside, localPort: 62000 })) ?? '').split(' ');
    assert.equal(address, '192.0.2.11');
    assert.ok(Number(port) >= 32768 && Number(port) <= 60999, port);
  });

  test('excluded destinations and the inside see the pod itself', async () => {
    await fabric.apply({ ...settings, excludeFromNat: ['192.0.2.128/25'] });
    assert.match((await seenAs('pod', outside)) ?? '', /^10\.244\.1\.5 /);
    await fabric.apply({ ...settings, nodeAddresses: ['192.0.2.200'] });
    assert.match((await seenAs('pod', outside)) ?? '', /^10\.244\.1\.5 /);
    await fabric.apply({ ...settings, natOutgoing: false });
    assert.match((await seenAs('pod', outside)) ?? '', /^10\.244\.1\.5 /);
    await fabric.apply(settings);
    assert.match((await seenAs('pod', outside)) ?? '', /^192\.0\.2\.11 /);
  });

  test('packets that eBPF has handled are left alone', async () => {
    const marking =
      'table inet marking { chain c { type filter hook prerouting priority raw; ip saddr 10.244.1.5 meta mark set 0x80000000; }; }';
    sh(`nft '${marking}'`);
    assert.match((await seenAs('pod', outside)) ?? '', /^10\.244\.1\.5 /);
    sh('nft delete table inet marking');
  });

  test('a table that somebody emptied or deleted is put back; one that is right is not written', async () => {
    const handle = (): string =>
      /postrouting \{ # handle ([0-9]+)/.exec(sh('nft -a list table inet margay'))?.[1] ?? '';
    const before = handle();
    await fabric.apply(settings);
    assert.equal(handle(), before);
    sh('nft flush chain inet margay postrouting');
    assert.match((await seenAs('pod', outside)) ?? '', /^10\.244\.1\.5 /);
    await fabric.apply(settings);
    assert.match((await seenAs('pod', outside)) ?? '', /^192\.0\.2\.11 /);
    sh('nft delete table inet margay');
    await fabric.apply(settings);
    assert.match((await seenAs('pod', outside)) ?? '', /^192\.0\.2\.11 /);
  });

  test('remove takes away tables and routes, and only ours', async () => {
    await fabric.installHandover();
    await fabric.apply(settings);
    await fabric.remove();
    assert.equal(sh('nft list tables'), '');
    assert.equal(sh('ip route show proto 80; ip -6 route show proto 80'), '');
    assert.match(sh('ip route show proto static'), /10\.244\.7\.0\/24/);
    await fabric.remove();
  });
}

if (isolated(import.meta.filename)) await define();
