/** ClientIP affinity in the packet path, for both families: who was given what, and for how long. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import { loadNative } from '@margay/addon/native';
import { formatAddress } from '@margay/agent/calc/ip';

import { Dataplane, bytesOf } from './dataplane.ts';
import { Tcp, buildPacket, parsePacket } from './packet.ts';
import { address, affinitySeconds, furnish, nameOf, stickyId, type Who } from './place.ts';

const native = loadNative();
const all: readonly Who[] = ['sibling', 'remotePod', 'remotePodTwo'];

/** CLOCK_MONOTONIC. */
const seconds = (): number => Number(process.hrtime.bigint() / 1_000_000_000n);

for (const family of [4, 6] as const) {
  describe(`affinity, IPv${family}`, () => {
    let plane: Dataplane;
    let sport = 20_000;
    const keyOf = (client: Who) => ({ netns: 0n, addr: address(client, family), serviceId: stickyId });
    const remember = (backend: Who, ago: number, client: Who = 'client'): void => {
      plane.putAffinity(keyOf(client), {
        addr: address(backend, family),
        port: 8080,
        lastUsed: seconds() - ago,
      });
    };
    /** Who answers `count` new flows of the client. */
    const reached = async (client: Who, count = 16): Promise<ReadonlySet<string>> => {
      const backends = new Set<string>();
      for (let i = 0; i < count; i++) {
        const ends = { from: address(client, family), to: address('svcSticky', family) };
        const data = buildPacket({ ...ends, sport: sport++, tcp: Tcp.SYN });
        const result = await plane.program('from_net').testRun({ data });
        backends.add(nameOf(formatAddress(bytesOf(parsePacket(result.data).to))));
      }
      return backends;
    };

    before(async () => {
      plane = await Dataplane.load(native, { nodeAddr: address('node', family) });
    });
    beforeEach(async () => {
      await plane.clearFlows();
      await plane.clearAffinity();
      furnish(plane);
    });
    after(() => plane.close());

    for (const backend of all)
      test(`S7: every flow of a client reaches ${backend}, which it was given`, async () => {
        remember(backend, affinitySeconds - 5);
        assert.deepEqual(await reached('client'), new Set([backend]));
      });

    test('S7: a new flow begins the time anew', async () => {
      remember('remotePod', affinitySeconds - 5);
      await reached('client', 1);
      assert.ok(seconds() - (plane.affinity(keyOf('client'))?.lastUsed ?? 0) <= 2);
    });

    test('S7: what was given too long ago does not count', async () => {
      await reached('client', 1);
      const first = nameOf(plane.affinity(keyOf('client'))?.addr ?? '');
      const other = all.find((name) => name !== first) ?? 'client';
      remember(other, affinitySeconds + 2);
      assert.deepEqual(await reached('client'), new Set([first]));
    });

    test('S7: a backend that the Service has no longer is replaced by one that all flows agree on', async () => {
      remember('queued', 1);
      const backends = await reached('client');
      assert.equal(backends.size, 1);
      assert.ok(all.some((name) => backends.has(name)));
    });

    test('S7: another client is another matter, and clients are spread', async () => {
      remember('sibling', 1);
      const clients: readonly Who[] = ['client', 'world', 'gateway', 'otherNode'];
      const seen = await Promise.all(clients.map((client) => reached(client, 4)));
      assert.ok(seen.every((backends) => backends.size === 1));
    });
  });
}
