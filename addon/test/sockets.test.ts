import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';

import { loadNetlink } from '../src/netlink.ts';
import { run } from './support/fixtures.ts';
import { isolated } from './support/isolate.ts';

/** Cookies of connected UDP sockets by their peer, as ss tells them. */
function cookies(): ReadonlyMap<string, bigint> {
  const lines = run('ss', '-Huane', 'state', 'connected').split('\n');
  return new Map(
    lines.flatMap((line): [string, bigint][] => {
      const cookie = /sk:([0-9a-f]+)/.exec(line)?.[1];
      const peer = line.trim().split(/\s+/)[4];
      return cookie === undefined || peer === undefined ? [] : [[peer, BigInt(`0x${cookie}`)]];
    }),
  );
}

async function connected(type: 'udp4' | 'udp6', port: number, address: string): Promise<Socket> {
  const socket = createSocket({ type, ipv6Only: false });
  socket.connect(port, address);
  await once(socket, 'connect');
  return socket;
}

function define(): void {
  const netlink = loadNetlink();

  const rows = [
    ['an IPv4 socket', 'udp4', 4, '127.0.0.1', '127.0.0.1', '127.0.0.1:9001'],
    ['an IPv6 socket', 'udp6', 6, '::1', '::1', '[::1]:9001'],
    [
      'an IPv6 socket that speaks IPv4',
      'udp6',
      4,
      '::ffff:127.0.0.1',
      '127.0.0.1',
      '[::ffff:127.0.0.1]:9001',
    ],
  ] as const;
  for (const [what, type, family, to, address, shown] of rows)
    test(`S14: ${what} is ended by its cookie and its peer`, async (t) => {
      const socket = await connected(type, 9001, to);
      t.after(() => socket.close());
      const cookie = cookies().get(shown);
      assert.ok(cookie !== undefined, [...cookies().keys()].join(' '));
      const wanted = { cookie, family, address, port: 9001 };
      assert.equal(await netlink.destroyUdpSockets([{ ...wanted, port: 9002 }]), 0, 'connected elsewhere');
      assert.equal(
        await netlink.destroyUdpSockets([{ ...wanted, cookie: cookie + 1n }]),
        0,
        'another socket',
      );
      const failed = once(socket, 'error');
      assert.equal(await netlink.destroyUdpSockets([wanted]), 1);
      const [error] = (await failed) as [NodeJS.ErrnoException];
      assert.equal(error.code, 'ECONNABORTED');
      assert.equal(await netlink.destroyUdpSockets([wanted]), 0, 'it is over');
    });

  test('what is no socket is refused', () => {
    const wanted = { cookie: 1, family: 4, address: '127.0.0.1', port: 1 } as unknown as {
      cookie: bigint;
      family: 4;
      address: string;
      port: number;
    };
    assert.throws(() => netlink.destroyUdpSockets([wanted]), /cookie must be a bigint/);
  });
}

if (isolated(import.meta.filename)) define();
