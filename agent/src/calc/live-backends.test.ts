import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CtValue } from '../abi/types.gen.ts';
import { parseAddress } from './ip.ts';
import { LiveUdpBackends } from './live-backends.ts';

const bytes = (text: string): Uint8Array => parseAddress(text) ?? new Uint8Array();
const backends = ['10.244.1.5', '10.244.1.6', '10.244.2.7'].map((ip) => ({ addr: bytes(ip), port: 53 }));
const nowhere = { addr: bytes('0.0.0.0'), port: 0 };
const frontend = (
  protocol: number,
  serviceId: number,
  [first, count, flags]: readonly [number, number, number],
) => ({
  target: { address: '10.96.0.10', port: 53, protocol },
  value: {
    first,
    count,
    outsideFirst: first,
    outsideCount: count,
    flags,
    serviceId,
    affinity: 0,
    sourceSet: 0,
  },
});

const live = new LiveUdpBackends(
  [
    frontend(17, 1, [0, 2, 0]),
    frontend(6, 2, [2, 1, 0]),
    frontend(17, 3, [0, 0, 0]),
    frontend(17, 4, [0, 0, 1]),
  ],
  (index) => backends[index] ?? nowhere,
  1,
);

function to(ip: string, port: number, serviceId: number): CtValue {
  const none = bytes('0.0.0.0');
  const rest = {
    action: 1,
    flags: 0,
    generation: 0,
    nextHop: none,
    ifindex: 0,
    lastSeen: 0,
    routeGen: 0,
    l3Delta: 0,
    l4Delta: 0,
    halfOpen: 0,
  };
  return { newSaddr: none, newDaddr: bytes(ip), newSport: 1, newDport: port, serviceId, ...rest };
}

const rows: [string, number, CtValue, boolean][] = [
  ['a backend that is there', 17, to('10.244.1.6', 53, 1), false],
  ['a backend that is gone', 17, to('10.244.2.7', 53, 1), true],
  ['another port of a backend', 17, to('10.244.1.6', 54, 1), true],
  ['a Service without backends', 17, to('10.244.1.6', 53, 3), true],
  ['a Service that is gone', 17, to('10.244.1.6', 53, 9), true],
  ['a Service of the stack', 17, to('10.244.1.6', 53, 4), false],
  ['no Service at all', 17, to('10.244.9.9', 53, 0), false],
  ['TCP', 6, to('10.244.9.9', 53, 9), false],
];
for (const [what, protocol, value, stale] of rows) {
  test(`a flow to ${what} is ${stale ? 'forgotten' : 'kept'}`, () =>
    assert.equal(live.isStale(protocol, value), stale));
}

const sockets: [string, string, number, string, boolean][] = [
  ['a backend that is there', '10.96.0.10', 53, '10.244.1.6', false],
  ['a backend that is gone', '10.96.0.10', 53, '10.244.9.9', true],
  ['a Service that is gone', '10.96.0.99', 53, '10.244.1.6', true],
  ['a NodePort, at whichever address of the node', '10.0.0.11', 30053, '10.244.1.5', false],
  ["a NodePort's backend that is gone", '10.0.0.11', 30053, '10.244.2.7', true],
  ['a Service that the stack serves', '10.96.0.20', 53, '10.244.9.9', false],
];
for (const [what, address, port, backend, gone] of sockets)
  test(`S14: a connected socket with ${what} is ${gone ? 'stranded' : 'left alone'}`, () => {
    const of = (target: string, number: number, id: number, flags: number) => {
      const { value } = frontend(17, id, [0, 2, flags]);
      return { target: { address: target, port: number, protocol: 17 }, value };
    };
    const now = new LiveUdpBackends(
      [of('10.96.0.10', 53, 1, 0), of('', 30053, 1, 0), of('10.96.0.20', 53, 4, 1)],
      (index) => backends[index] ?? nowhere,
      1,
    );
    const named = { addr: bytes(address), port };
    assert.equal(now.isGone(named, { addr: bytes(backend), port: 53 }), gone);
  });
