/** The TC programs under test-run: each table for both families. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';

import { loadNative } from '@margay/addon/native';
import { Reason } from '@margay/agent/abi/types.gen';

import { runCase, syn, type Case, type Summed } from './case.ts';
import { errorCases } from './cases-error.ts';
import { extendedCases } from './cases-extended.ts';
import { forwardCases } from './cases-forward.ts';
import { lifeCases } from './cases-life.ts';
import { endCases, stackCases } from './cases-other.ts';
import { portCases } from './cases-ports.ts';
import { serviceCases } from './cases-service.ts';
import { Dataplane } from './dataplane.ts';
import { buildPacket, parsePacket } from './packet.ts';
import { address, furnish } from './place.ts';

const native = loadNative();
const plain = [...forwardCases, ...lifeCases, ...portCases, ...serviceCases, ...stackCases, ...endCases];
/** ICMP errors, options, extension headers, fragments. */
const uncommon = [...errorCases, ...extendedCases];
const tables = [...plain, ...uncommon];

test('every reason is met in a table, or named here', () => {
  const met = new Set<string>(tables.flatMap(({ steps }) => steps.flatMap(({ reasons = [] }) => reasons)));
  const elsewhere = ['SockConnect', 'SockSendmsg', 'SockRecvmsg', 'SockGetpeername', 'HalfOpenEvicted'];
  const all = Object.keys(Reason).filter((name) => name !== 'ReasonCount');
  assert.deepEqual([...met, ...elsewhere].sort(), all.sort());
});

for (const family of [4, 6] as const) {
  const load = (each: Partial<Case> = {}): Promise<Dataplane> =>
    Dataplane.load(
      native,
      { nodeAddr: address('node', family), ...each.settings },
      each.maxEntries === undefined ? {} : each.maxEntries(family),
    );

  describe(`packet path, IPv${family}`, () => {
    let shared: Dataplane;
    before(async () => {
      shared = await load();
    });
    after(() => shared.close());

    const run = async (each: Case, summed: Summed): Promise<void> => {
      const own = each.settings !== undefined || each.maxEntries !== undefined;
      const plane = own ? await load(each) : shared;
      await plane.clearFlows();
      furnish(plane);
      plane.setState({ mode: 'Active', stackFlows: 0, routeGen: 1 });
      await runCase(plane, each, summed);
      if (own) plane.close();
    };
    for (const summed of ['none', 'complete'] as const) {
      for (const each of plain) test(`${each.description} (checksum ${summed})`, () => run(each, summed));
      for (const each of uncommon)
        test(`F3: ${each.description} (checksum ${summed})`, () => run(each, summed));
    }

    test('the clock tells jiffies', async () => {
      const data = new Uint8Array(64);
      const read = async (): Promise<bigint> => {
        const result = await shared.program('clock').testRun({ data });
        return new DataView(result.data.buffer, result.data.byteOffset).getBigUint64(0, true);
      };
      const first = await read();
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.ok((await read()) > first);
    });

    describe('flows that kernel conntrack knows', () => {
      // Addresses of their own: these entries lie in the machine's table.
      const backend = family === 4 ? '198.18.7.7' : '2001:2::7';
      const ends = ['-s', address('pod', family), '-d', address('svcSibling', family)];
      const replies = ['--reply-src', backend, '--reply-dst', address('pod', family)];
      const conntrack = (verb: string, proto: string, rest: readonly string[]): void => {
        execFileSync(
          'conntrack',
          [verb, '-p', proto, ...ends, '--sport', '40007', '--dport', '80', ...rest],
          { stdio: 'ignore' },
        );
      };
      const run = async (program: 'from_pod' | 'to_pod', packet: { tcp?: number }) => {
        const [from, to] =
          program === 'from_pod'
            ? [address('pod', family), address('svcSibling', family)]
            : [address('pod', family), backend];
        const ports = program === 'from_pod' ? { sport: 40007, dport: 80 } : { sport: 40007, dport: 8080 };
        const counted = new Map(shared.counters());
        const result = await shared
          .program(program)
          .testRun({ data: buildPacket({ from, to, ...ports, ...packet }) });
        const reasons = [...shared.counters()]
          .filter(([name, n]) => n !== (counted.get(name) ?? 0))
          .map(([name]) => name);
        return { retval: result.retval | 0, reasons };
      };
      const stays = { retval: -1, reasons: ['StackKernelFlow'] };
      const begin = async (stackFlows: number): Promise<void> => {
        await shared.clearFlows();
        furnish(shared);
        shared.setState({ mode: 'Active', stackFlows, routeGen: 1 });
      };

      test('UDP stays with the stack while we are told to ask', async () => {
        const rest = ['--timeout', '60', ...replies, '--reply-port-src', '8080', '--reply-port-dst', '40007'];
        conntrack('-I', 'udp', rest);
        try {
          await begin(1);
          assert.deepEqual(await run('from_pod', {}), stays);
          assert.deepEqual(await run('to_pod', {}), stays, "behind netfilter's translation");
          await begin(0);
          assert.deepEqual(await run('from_pod', {}), { retval: 7, reasons: ['FwdPeer', 'NewFlow'] });
        } finally {
          conntrack('-D', 'udp', []);
        }
      });

      test('a tuple that netfilter gave to the replies of its own flow is not taken', async () => {
        const at = address('sibling', family);
        const replies = ['--reply-src', at, '--reply-dst', address('pod', family)];
        const rest = ['--timeout', '60', ...replies, '--reply-port-src', '8080', '--reply-port-dst', '40007'];
        conntrack('-I', 'udp', rest);
        try {
          await begin(1);
          const data = buildPacket({ from: address('pod', family), to: at, sport: 40007, dport: 8080 });
          const result = await shared.program('from_pod').testRun({ data });
          assert.equal(result.retval, 7);
          assert.ok(parsePacket(result.data).sport >= 61000);
        } finally {
          conntrack('-D', 'udp', []);
        }
      });

      test("a SYN stays only while the kernel's connection is being opened", async () => {
        for (const [state, expected] of [
          ['SYN_SENT', stays],
          ['TIME_WAIT', { retval: 7, reasons: ['FwdPeer', 'NewFlow'] }],
        ] as const) {
          conntrack('-I', 'tcp', ['--timeout', '60', '--state', state]);
          try {
            await begin(1);
            assert.deepEqual(await run('from_pod', { tcp: syn }), expected, state);
          } finally {
            conntrack('-D', 'tcp', []);
          }
        }
      });
    });
  });
}
