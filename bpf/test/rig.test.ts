import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import type { ServiceSpec } from './dataplane.ts';
import { Proto } from './packet.ts';
import { addressOf, Rig, type Family, type NodeName, type PeerName } from './rig.ts';
import type { Seen } from './rig-peer.ts';

const families: readonly Family[] = [4, 6];
const nodePort = 30080;

const serviceAddresses = {
  everywhere: (family: Family) => (family === 4 ? '10.97.0.1' : 'fd97::1'),
  local: (family: Family) => (family === 4 ? '10.97.0.2' : 'fd97::2'),
  remote: (family: Family) => (family === 4 ? '10.97.0.3' : 'fd97::3'),
  host: (family: Family) => (family === 4 ? '10.97.0.4' : 'fd97::4'),
  empty: (family: Family) => (family === 4 ? '10.97.0.5' : 'fd97::5'),
  self: (family: Family) => (family === 4 ? '10.97.0.6' : 'fd97::6'),
  outside: (family: Family) => (family === 4 ? '10.97.0.7' : 'fd97::7'),
  sticky: (family: Family) => (family === 4 ? '10.97.0.8' : 'fd97::8'),
  guarded: (family: Family) => (family === 4 ? '10.97.0.9' : 'fd97::9'),
} as const;

/** Backends of each Service above, all on port 8080. */
const backends: Readonly<Record<keyof typeof serviceAddresses, readonly PeerName[]>> = {
  everywhere: ['b1', 'a2'],
  local: ['b1'],
  remote: ['a2'],
  host: ['n1'],
  empty: [],
  self: ['a1'],
  outside: ['ext'],
  sticky: ['a1', 'b1', 'a2'],
  guarded: ['b1'],
};
/** Whom `guarded` lets in: pod a1 and the node n1, nobody else. */
const guests = { set: 3, peers: ['a1', 'n1'] } as const;
const settings: Partial<Record<keyof typeof backends, Partial<ServiceSpec>>> = {
  sticky: { affinity: 3600 },
  guarded: { sourceSet: guests.set },
};

async function fill(rig: Rig, node: NodeName, family: Family): Promise<void> {
  const plane = rig.plane(node);
  for (const peer of guests.peers)
    await plane.ask('putSource', { set: guests.set, cidr: addressOf(peer, family) });
  for (const proto of [Proto.tcp, Proto.udp]) {
    for (const [name, address] of Object.entries(serviceAddresses) as [
      keyof typeof backends,
      (family: Family) => string,
    ][]) {
      const list = backends[name].map((peer) => ({ address: addressOf(peer, family), port: 8080 }));
      const spec = { address: address(family), port: 80, proto, backends: list, ...settings[name] };
      await plane.ask('putService', spec);
    }
    const local = [{ address: addressOf('b1', family), port: 8080 }];
    await plane.ask('putService', { port: nodePort, proto, backends: local });
    await plane.ask('putService', { port: nodePort + 1, proto, backends: [] });
  }
}

for (const family of families) {
  describe(`two nodes, IPv${family}`, () => {
    let rig: Rig;
    const at = (name: keyof typeof serviceAddresses, port = 80) => ({
      address: serviceAddresses[name](family),
      port,
    });
    const peer = (name: PeerName, port = 8080) => ({ address: addressOf(name, family), port });
    const seenBy = (seen: Seen) => ({ by: seen.by, client: seen.client });

    before(async () => {
      rig = new Rig();
      await rig.listen();
      for (const node of ['n1', 'n2'] as const) {
        await rig.install(node, family);
        await fill(rig, node, family);
        await rig.plane(node).ask('setState', { mode: 'Active' });
      }
    });
    after(() => rig.close());

    for (const kind of ['tcp', 'udp'] as const) {
      const ask = (from: PeerName, to: { address: string; port: number }) => rig.peer(from).ask(kind, to);

      test(`${kind}: pod to pod of the same node and of the other`, async () => {
        const self = addressOf('a1', family);
        assert.deepEqual(seenBy(await ask('a1', peer('b1'))), { by: 'b1', client: self });
        assert.deepEqual(seenBy(await ask('a1', peer('a2'))), { by: 'a2', client: self });
        assert.deepEqual(seenBy(await ask('a2', peer('a1'))), { by: 'a1', client: addressOf('a2', family) });
      });

      test(`S1: ${kind}: pod to Service, backend on this node, another node, this host`, async () => {
        const client = addressOf('a1', family);
        for (const [service, by] of [
          ['local', 'b1'],
          ['remote', 'a2'],
          ['host', 'n1'],
        ] as const) {
          const seen = await ask('a1', at(service));
          assert.deepEqual(seen, { by, client, peer: `${serviceAddresses[service](family)}:80` });
        }
      });

      test(`S11: ${kind}: a pod reaches itself through its Service`, async () => {
        assert.equal((await ask('a1', at('self'))).by, 'a1');
      });

      if (family === 4)
        test(`S3: ${kind}: IPv6 sockets of host and pod that speak IPv4`, async () => {
          const mapped = (name: keyof typeof serviceAddresses) => ({
            address: `::ffff:${serviceAddresses[name](family)}`,
            port: 80,
          });
          for (const [service, by] of [
            ['local', 'b1'],
            ['remote', 'a2'],
            ['host', 'n1'],
          ] as const)
            for (const [from, connected] of [
              ['n1', false],
              ['n1', true],
              ['a1', false],
            ] as const) {
              const seen = await rig.peer(from).ask(kind, { ...mapped(service), connected });
              const told = seen.peer.replace('::ffff:', '');
              assert.deepEqual(
                { by: seen.by, told },
                { by, told: `${serviceAddresses[service](family)}:80` },
              );
            }
        });

      test(`S11: ${kind}: a NodePort at the loopback address is the host's own, not a pod's`, async () => {
        const loopback = { address: family === 4 ? '127.0.0.1' : '::1', port: nodePort };
        const seen = await ask('n1', loopback);
        assert.deepEqual([seen.by, seen.peer], ['b1', `${loopback.address}:${nodePort}`]);
        assert.notEqual((await ask('a1', loopback)).by, 'b1');
      });

      test(`${kind}: host to Service`, async () => {
        for (const [service, by] of [
          ['local', 'b1'],
          ['remote', 'a2'],
          ['host', 'n1'],
        ] as const)
          assert.deepEqual(
            await ask('n1', at(service)).then(({ by: name, peer: told }) => ({ name, told })),
            {
              name: by,
              told: `${serviceAddresses[service](family)}:80`,
            },
          );
      });

      test(`${kind}: NodePort from outside: local backend sees the client, remote one this node`, async () => {
        const local = await ask('ext', { address: addressOf('n1', family), port: nodePort });
        assert.deepEqual(local, {
          by: 'b1',
          client: addressOf('ext', family),
          peer: `${addressOf('n1', family)}:${nodePort}`,
        });
        const remote = await ask('ext', { address: addressOf('n2', family), port: nodePort });
        assert.deepEqual(remote, {
          by: 'b1',
          client: addressOf('n2', family),
          peer: `${addressOf('n2', family)}:${nodePort}`,
        });
      });

      test(`S11: ${kind}: NodePort from a pod, from the host itself, from the other node`, async () => {
        for (const from of ['a1', 'a2', 'n1', 'n2'] as const)
          for (const node of ['n1', 'n2'] as const)
            assert.equal(
              (await ask(from, { address: addressOf(node, family), port: nodePort })).by,
              'b1',
              `${from} to ${node}`,
            );
      });

      test(`S8: ${kind}: a Service without endpoints refuses at once`, async () => {
        for (const from of ['a1', 'n1'] as const) {
          const seen =
            kind === 'udp'
              ? await rig.peer(from).ask('udp', { ...at('empty'), connected: true })
              : await ask(from, at('empty'));
          assert.equal(seen.by, 'ECONNREFUSED', from);
        }
        const seen = await rig
          .peer('ext')
          .ask(kind, { address: addressOf('n1', family), port: nodePort + 1, connected: true });
        assert.equal(seen.by, 'ECONNREFUSED', 'ext');
      });

      test(`S7 ${kind}: a client with affinity keeps its backend, and not all clients have the same`, async () => {
        const seen = new Set<string>();
        for (const from of ['a1', 'b1', 'n1', 'a2', 'n2'] as const) {
          const answers = new Set<string>();
          for (let i = 0; i < 12; i++) answers.add((await ask(from, at('sticky'))).by);
          assert.equal(answers.size, 1, `${from} reached ${[...answers].join(' and ')}`);
          for (const by of answers) seen.add(by);
        }
        assert.ok(seen.size > 0 && [...seen].every((by) => ['a1', 'b1', 'a2'].includes(by)));
      });

      test(`S8 ${kind}: source ranges let in the pod and the node that they name`, async () => {
        for (const from of guests.peers) assert.equal((await ask(from, at('guarded'))).by, 'b1', from);
        for (const [from, node] of [
          ['b1', 'n1'],
          ['n2', 'n2'],
        ] as const) {
          const dropped = async (): Promise<number> =>
            (await rig.plane(node).ask('counters', undefined))['DropSourceRange'] ?? 0;
          const before = await dropped();
          assert.match((await ask(from, at('guarded'))).by, /^(ETIMEDOUT|NoAnswer)$/, from);
          assert.ok((await dropped()) > before, from);
        }
      });

      test(`${kind}: out of the cluster with the node's address, back to the pod`, async () => {
        const client = addressOf('n1', family);
        assert.deepEqual(seenBy(await ask('a1', peer('ext'))), { by: 'ext', client });
        assert.deepEqual(seenBy(await ask('a1', at('outside'))), { by: 'ext', client });
      });

      test(`${kind}: host to pod and pod to host`, async () => {
        assert.equal((await ask('n1', peer('a1'))).by, 'a1');
        assert.equal((await ask('a1', peer('n1'))).by, 'n1');
        assert.equal((await ask('n2', peer('a1'))).by, 'a1');
        assert.equal((await ask('a1', peer('n2'))).by, 'n2');
      });
    }

    test('S3: what sockets asked for was rewritten, and told back', async () => {
      await rig.peer('n1').ask('udp', { ...at('remote'), connected: true });
      const counted = await rig.plane('n1').ask('counters', undefined);
      for (const reason of ['SockConnect', 'SockSendmsg', 'SockRecvmsg', 'SockGetpeername'])
        assert.ok((counted[reason] ?? 0) > 0, reason);
    });

    test('R1: programs go on when the process that loaded them is gone', async () => {
      const unpin = await rig.orphan('n1');
      try {
        assert.equal((await rig.peer('a1').ask('tcp', at('remote'))).by, 'a2');
        assert.equal((await rig.peer('a1').ask('udp', at('local'))).by, 'b1');
        assert.equal((await rig.peer('n1').ask('tcp', at('local'))).by, 'b1');
        const nodePortOfN1 = { address: addressOf('n1', family), port: nodePort };
        assert.equal((await rig.peer('ext').ask('tcp', nodePortOfN1)).by, 'b1');
      } finally {
        unpin();
      }
    });
  });
}
