/** A flood of flows that nobody completes, under test-run, for both families: it pushes out only itself. */
import assert from 'node:assert/strict';
import { cpus } from 'node:os';
import { after, before, beforeEach, describe, test } from 'node:test';

import { loadNative } from '@margay/addon/native';

import { Dataplane } from './dataplane.ts';
import { Tcp, buildPacket, parsePacket, type PacketSpec } from './packet.ts';
import { address, furnish, type Who } from './place.ts';

const native = loadNative();
/** Flows that a CPU may have half open here. */
const quota = Math.max(8, Math.floor(128 / cpus().length));
const entries = 1024;

type Ends = Partial<PacketSpec> & { readonly from?: Who; readonly to?: Who };

for (const family of [4, 6] as const) {
  describe(`half-open flows, IPv${family}`, () => {
    let plane: Dataplane;
    const run = async (program: string, { from = 'pod', to = 'svcSibling', ...rest }: Ends) => {
      const data = buildPacket({ ...rest, from: address(from, family), to: address(to, family) });
      return plane.program(program).testRun({ data });
    };
    /** Packets that begin flows, each from a port of its own, and how many of them were let down. */
    const flood = async (count: number, packet: Ends): Promise<number> => {
      let failed = 0;
      for (let i = 0; i < count; i++) {
        const { retval } = await run('from_pod', { ...packet, sport: 1024 + i });
        if (retval !== 7) failed++;
      }
      return failed;
    };
    const connect = async (sport: number): Promise<void> => {
      await run('from_pod', { sport, tcp: Tcp.SYN });
      await run('from_pod', {
        from: 'sibling',
        to: 'pod',
        sport: 8080,
        dport: sport,
        tcp: Tcp.SYN | Tcp.ACK,
      });
      await run('from_pod', { sport, tcp: Tcp.ACK });
    };
    const evicted = (): number => plane.counters().get('HalfOpenEvicted') ?? 0;

    before(async () => {
      const sizes = { [`ct${family}`]: entries, [`half_open${family}`]: quota };
      plane = await Dataplane.load(native, { nodeAddr: address('node', family), halfOpen: quota }, sizes);
    });
    beforeEach(async () => {
      await plane.clearFlows();
      furnish(plane);
    });
    after(() => plane.close());

    test('R3: SYNs without end keep to their quota, and every one of them still reaches its backend', async () => {
      assert.equal(await flood(5000, { tcp: Tcp.SYN }), 0);
      const flows = await plane.flows();
      assert.ok(flows.length <= 2 * quota * cpus().length, `${String(flows.length)} entries`);
      assert.equal(flows.length % 2, 0, 'flows went whole');
      assert.ok(evicted() > 0);
    });

    test('R3: established connections outlive a flood ten times the size of the table', async () => {
      for (let sport = 50_000; sport < 50_020; sport++) await connect(sport);
      assert.equal(await flood(10 * entries, { tcp: Tcp.SYN }), 0);
      for (let sport = 50_000; sport < 50_020; sport++) {
        const result = await run('from_pod', { sport, tcp: Tcp.ACK });
        assert.equal(result.retval, 7, `port ${String(sport)} goes on`);
        assert.equal(parsePacket(result.data).dport, 8080);
      }
    });

    test('R3: a connection is made while the flood goes on', async () => {
      await flood(3 * quota, { tcp: Tcp.SYN });
      await run('from_pod', { sport: 50_100, tcp: Tcp.SYN });
      await flood(quota / 4, { tcp: Tcp.SYN });
      const answer = { from: 'sibling', to: 'pod', sport: 8080, dport: 50_100 } as const;
      const reply = await run('from_pod', { ...answer, tcp: Tcp.SYN | Tcp.ACK });
      assert.equal(parsePacket(reply.data).sport, 80, 'the answer comes from the Service');
    });

    test('R3: UDP that was answered and goes on is no flood', async () => {
      await run('from_pod', { sport: 50_200 });
      await run('from_pod', { from: 'sibling', to: 'pod', sport: 8080, dport: 50_200 });
      await run('from_pod', { sport: 50_200 });
      const before = (await plane.flows()).length;
      assert.equal(await flood(2000, {}), 0);
      assert.equal(before, 2);
      const reply = await run('from_pod', { from: 'sibling', to: 'pod', sport: 8080, dport: 50_200 });
      assert.equal(parsePacket(reply.data).sport, 80);
    });
  });
}
