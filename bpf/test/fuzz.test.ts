/**
 * Random packets and random maps. MARGAY_FUZZ_SEED and MARGAY_FUZZ_PACKETS repeat a run or make it longer; every failure
 * names the seed and the packet.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { loadNative } from '@margay/addon/native';
import type { Family } from '@margay/agent/calc/ip';

import { Verdict, type Program } from './case.ts';
import { Dataplane } from './dataplane.ts';
import { outcomeOf, type FirstPacket } from './model.ts';
import { buildPacket, parsePacket, Tcp, type PacketSpec } from './packet.ts';
import { address, backends, everybody, furnish, nameOf, type Who } from './place.ts';
import { Random } from './random.ts';

const seed = Number(process.env['MARGAY_FUZZ_SEED'] ?? 20_260_101);
const packets = Number(process.env['MARGAY_FUZZ_PACKETS'] ?? 4000);

const programs: readonly Program[] = ['from_pod', 'to_pod', 'from_net', 'to_net'];
const verdicts: ReadonlySet<number> = new Set(Object.values(Verdict));
/** Of an ICMP message that is built around what is left of a packet. */
const ANSWER_BYTES = 14 + 40 + 8 + 40 + 8;
/** Programs count each packet that is theirs, and these say that it may be changed. */
const changing = /^(Fwd|Refused|MadeRoom|IcmpError)/;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function ends(random: Random, family: Family): Pick<PacketSpec, 'from' | 'to' | 'sport' | 'dport'> {
  return {
    from: address(random.pick(everybody), family),
    to: address(random.pick(everybody), family),
    sport: random.pick([40000, 80, 8080, 61000, random.below(65536)]),
    dport: random.pick([80, 8080, 30080, 30081, 30082, 61000, random.below(65536)]),
  };
}

/** A packet that could be. */
function valid(random: Random, family: Family): PacketSpec {
  const transport = random.pick<Partial<PacketSpec>>([
    { tcp: random.below(64) },
    { tcp: Tcp.SYN },
    { payload: 'x'.repeat(random.below(40)) },
    { proto: random.below(256) },
  ]);
  const header = random.pick<Partial<PacketSpec>>([
    {},
    {},
    { options: true },
    { fragment: random.below(65536) },
    { ttl: random.below(3) },
    { unserved: true },
  ]);
  const spec = { ...ends(random, family), ...transport, ...header };
  if (!random.oneIn(5)) return spec;
  const error = { type: random.pick(['unreachable', 'tooBig', 'exceeded'] as const), quote: spec };
  return { ...ends(random, family), error };
}

/** The same with bytes that are wrong, or missing behind the IP header: test-run refuses shorter ones. */
function damaged(random: Random, packet: Uint8Array, family: Family): Uint8Array {
  const least = family === 4 ? 34 : 54;
  const bytes = packet.slice();
  for (let n = random.below(6); n > 0; n--) bytes[14 + random.below(bytes.length - 14)] = random.below(256);
  return random.oneIn(3) ? bytes.slice(0, least + random.below(bytes.length - least)) : bytes;
}

async function clear(plane: Dataplane): Promise<void> {
  await plane.clearFlows();
  furnish(plane);
  plane.setState({ mode: 'Active', stackFlows: 0, routeGen: 1 });
}

/** Nothing that a packet may do to the node happened. */
async function survives(plane: Dataplane, program: Program, data: Uint8Array): Promise<void> {
  const counted = plane.counters();
  const result = await plane.program(program).testRun({ data });
  const verdict = result.retval | 0;
  assert.ok(verdicts.has(verdict), `verdict ${verdict}`);
  assert.ok(result.data.length <= Math.max(data.length, ANSWER_BYTES), `${result.data.length} bytes`);
  const reasons = [...plane.counters()]
    .filter(([name, n]) => n !== (counted.get(name) ?? 0))
    .map(([name]) => name);
  if (!reasons.some((name) => changing.test(name))) assert.equal(hex(result.data), hex(data), reasons.join());
}

async function each(
  title: string,
  make: (
    random: Random,
    i: number,
  ) => Promise<{ program: Program; data: Uint8Array; check: () => Promise<void> }>,
): Promise<void> {
  const random = new Random(seed);
  for (let i = 0; i < packets; i++) {
    const { program, data, check } = await make(random, i);
    await check().catch((cause: unknown) => {
      throw new Error(`${title}, seed ${seed}, packet ${i}, ${program}: ${hex(data)}`, { cause });
    });
  }
}

/** Maps with nonsense: values that user space would never write. */
function scramble(random: Random, plane: Dataplane): void {
  const name = random.pick(['services', 'backends', 'endpoints', 'routes', 'ct', 'frags', 'state']);
  const { keySize, valueSize } = plane.map(name).info;
  const key = random.bytes(keySize);
  // A prefix length, an index, the key of an array of one: what the kernel itself would refuse is no test.
  if (name === 'routes') key.set(new Uint8Array(Uint32Array.of(random.below((keySize - 4) * 8 + 1)).buffer));
  if (name === 'backends') key.set(new Uint8Array(Uint32Array.of(random.below(64)).buffer));
  if (name === 'state') key.fill(0);
  plane.map(name).update(key, random.bytes(valueSize));
}

/** Every entry of the flows that there are becomes nonsense in part. */
async function scrambleFlows(random: Random, plane: Dataplane): Promise<void> {
  const map = plane.map('ct');
  const { keys, values, count } = await map.dump();
  const { keySize, valueSize } = map.info;
  for (let i = 0; i < count; i++) {
    const value = values.slice(i * valueSize, (i + 1) * valueSize);
    value[random.below(valueSize)] = random.below(256);
    map.update(keys.slice(i * keySize, (i + 1) * keySize), value);
  }
}

for (const family of [4, 6] as const)
  describe(`random packets, IPv${family}`, () => {
    let plane: Dataplane;
    before(async () => {
      plane = await Dataplane.load(loadNative(), { nodeAddr: address('node', family), halfOpen: 64 });
      await clear(plane);
    });
    after(() => plane.close());

    test('R8: no packet, whole or damaged, crashes a program, grows, or is changed where nobody has to', async () => {
      await clear(plane);
      await each('packets', (random) => {
        const program = random.pick(programs);
        const whole = buildPacket(valid(random, family));
        const data = random.oneIn(4) ? whole : damaged(random, whole, family);
        return Promise.resolve({ program, data, check: () => survives(plane, program, data) });
      });
    });

    test('F3, S1: the first packet of a flow becomes what a plain model of Services says', async () => {
      await clear(plane);
      const senders: readonly (readonly [FirstPacket['program'], Who])[] = [
        ['from_pod', 'pod'],
        ['from_net', 'client'],
        ['from_net', 'otherNode'],
        ['from_net', 'remotePod'],
      ];
      const targets = everybody.filter(
        (name) => !/^(linkLocal|loopback|unreachable|world|gateway)/.test(name),
      );
      await each('model', async (random, i) => {
        if (i % 500 === 0) await plane.clearFlows();
        const [program, from] = random.pick(senders);
        const to = random.pick(targets);
        // Whatever else is at a Service's address is a matter of the machine's routes.
        const dport = to in backends ? 80 : random.pick([80, 8080, 30080, 30081, 30082, 30083]);
        const packet = { program, from, to, dport };
        const spec: PacketSpec = {
          from: address(from, family),
          to: address(to, family),
          sport: 1024 + (i % 60_000),
          dport,
          ...random.pick<Partial<PacketSpec>>([{ tcp: Tcp.SYN }, { payload: 'query' }]),
        };
        const data = buildPacket(spec);
        return { program, data, check: () => agrees(plane, packet, data) };
      });
    });

    test('R8: nonsense in the maps never crashes a program', async () => {
      await clear(plane);
      await each('maps', async (random, i) => {
        if (i % 50 === 0) await clear(plane);
        scramble(random, plane);
        if (i % 10 === 0) await scrambleFlows(random, plane);
        const program = random.pick(programs);
        const data = buildPacket(valid(random, family));
        const check = async (): Promise<void> => {
          const { retval } = await plane.program(program).testRun({ data });
          assert.ok(verdicts.has(retval | 0), `verdict ${retval | 0}`);
        };
        return { program, data, check };
      });
    });
  });

async function agrees(plane: Dataplane, packet: FirstPacket, data: Uint8Array): Promise<void> {
  const expected = outcomeOf(packet);
  const result = await plane.program(packet.program).testRun({ data });
  const said = `${packet.program} ${packet.from} > ${packet.to}:${packet.dport}`;
  assert.equal(result.retval | 0, Verdict[expected.verdict], said);
  if (expected.verdict === 'drop') return;
  const out = parsePacket(result.data);
  assert.ok(out.checksumsRight, `${said}: checksums`);
  if (expected.to === undefined) return;
  const to = nameOf(out.to.includes(':') ? compressed(out.to) : out.to);
  assert.ok(
    expected.to.some((name) => name === to),
    `${said}: reached ${to}, not ${expected.to.join(' or ')}`,
  );
}

/** parsePacket writes all eight groups. */
function compressed(text: string): string {
  const found = everybody.find(
    (name) => parsePacket(buildPacket({ from: address(name, 6), to: address(name, 6) })).to === text,
  );
  return found === undefined ? text : address(found, 6);
}
