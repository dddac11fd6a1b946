import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CtKey, CtValue } from '../abi/types.gen.ts';
import { CtFlags } from '../abi/types.gen.ts';
import type { FlowTimeouts } from './flows.ts';
import { drainTimeouts, isClosed, needsTranslation, reverseKey, ticksBetween, timeoutOf } from './flows.ts';
import { parseAddress } from './ip.ts';

const { Rewrite, Seen, Fin, Rst, Est } = CtFlags;
const a = parseAddress('10.244.1.5') ?? new Uint8Array();
const b = parseAddress('10.96.0.1') ?? new Uint8Array();
const c = parseAddress('10.244.2.5') ?? new Uint8Array();

function key(proto: number): CtKey {
  return { saddr: a, daddr: b, sport: 1000, dport: 80, proto };
}

function value(flags: number): CtValue {
  const rest = {
    action: 1,
    generation: 0,
    nextHop: a,
    ifindex: 0,
    lastSeen: 0,
    routeGen: 0,
    l3Delta: 0,
    l4Delta: 0,
    serviceId: 1,
    halfOpen: 0,
  };
  return { newSaddr: a, newDaddr: c, newSport: 1000, newDport: 8080, flags, ...rest };
}

const timeouts: FlowTimeouts = {
  tcpSyn: 1,
  tcpEstablished: 2,
  tcpClosing: 3,
  tcpReset: 4,
  udp: 5,
  udpStream: 6,
  icmp: 7,
  generic: 8,
};

const rows: [string, number, number, number | undefined, keyof FlowTimeouts, boolean][] = [
  ['a SYN', 6, Seen, 0, 'tcpSyn', true],
  ['a SYN and its answer', 6, Seen, Seen, 'tcpSyn', true],
  ['a handshake', 6, Seen | Est, Seen, 'tcpEstablished', true],
  ['one FIN', 6, Seen | Est | Fin, Seen | Est, 'tcpEstablished', true],
  ['both FINs', 6, Seen | Est | Fin, Seen | Est | Fin, 'tcpClosing', false],
  ['a RST of the answer', 6, Seen | Est, Seen | Rst, 'tcpReset', false],
  ['half a pair', 6, Seen | Est, undefined, 'tcpSyn', true],
  ['one datagram', 17, Seen, 0, 'udp', true],
  ['question and answer', 17, Seen | Est, Seen, 'udpStream', true],
  ['another protocol', 1, Seen, Seen, 'generic', true],
];
for (const [what, proto, forward, reply, expected, open] of rows) {
  test(`${what}: ${expected}, ${open ? 'open' : 'closed'}`, () => {
    const flow = {
      key: key(proto),
      value: value(forward | Rewrite),
      reply: reply === undefined ? undefined : value(reply),
    };
    assert.equal(timeoutOf(flow, timeouts), timeouts[expected]);
    assert.equal(isClosed(flow), !open);
    assert.equal(needsTranslation(flow, 0), open);
  });
}

test('what is not rewritten, and UDP that is silent, hold up no drain', () => {
  assert.ok(!needsTranslation({ key: key(6), value: value(Seen | Est), reply: value(Seen) }, 0));
  const udp = { key: key(17), value: value(Rewrite | Seen), reply: value(Seen) };
  assert.ok(needsTranslation(udp, 4999));
  assert.ok(!needsTranslation(udp, 5000));
});

test("the other direction's key is the new tuple turned round", () => {
  assert.deepEqual(reverseKey(key(6), value(0)), { saddr: c, daddr: a, sport: 8080, dport: 1000, proto: 6 });
});

test('ticks wrap, and never run backwards', () => {
  assert.equal(ticksBetween(5, 0xffff_fffe), 7);
  assert.equal(ticksBetween(5, 9), 0);
});

test('a drain forgets UDP flows as soon as they hold it up no longer, and TCP as ever', () => {
  const drained = drainTimeouts({ ...timeouts, udp: 30_000, udpStream: 120_000 });
  assert.deepEqual(drained, { ...timeouts, udp: 5000, udpStream: 5000 });
  const flow = { key: key(17), value: value(Seen | Est | Rewrite), reply: value(Seen) };
  assert.equal(needsTranslation(flow, timeoutOf(flow, drained)), false);
  assert.equal(drainTimeouts(timeouts).udp, timeouts.udp);
});
