import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LocalFacts, RouteEntry } from './node-routes.ts';
import { RouteCalculator } from './node-routes.ts';
import type { NodeRecord } from './records.ts';

function node(name: string, more: Partial<NodeRecord> = {}): NodeRecord {
  const plain = {
    created: 1,
    podCidrs: [],
    internalIPs: [],
    externalIPs: [],
    zone: '',
    leaving: false,
    kubeProxyParked: false,
  };
  return { name, problems: [], ...plain, ...more };
}

const here: LocalFacts = {
  addresses: [
    { address: '10.0.0.1', prefix: 24, ifindex: 2 },
    { address: '10.244.1.1', prefix: 32, ifindex: 9 },
    { address: 'fd00::1', prefix: 64, ifindex: 2 },
  ],
  podCidrs: ['10.250.0.0/16'],
  excludeFromNat: ['192.168.0.0/16'],
  ownFabric: true,
};

function kernelAfter(
  calculator: RouteCalculator,
  kernel = new Map<string, RouteEntry>(),
): Map<string, RouteEntry> {
  const { upserts, removes } = calculator.flush();
  for (const cidr of removes) kernel.delete(cidr);
  for (const entry of upserts) kernel.set(entry.cidr, entry);
  return kernel;
}

test('each kind of prefix, with the next hop where the node is a neighbour', () => {
  const calculator = new RouteCalculator(4, 'n1');
  calculator.setLocal(here);
  calculator.setNode(
    'n1',
    node('n1', { podCidrs: ['10.244.1.0/24', 'fd10::/64'], internalIPs: ['10.0.0.1'] }),
  );
  calculator.setNode('n2', node('n2', { podCidrs: ['10.244.2.0/24'], internalIPs: ['10.0.0.2', 'fd00::2'] }));
  calculator.setNode(
    'n3',
    node('n3', { podCidrs: ['10.244.3.0/24'], internalIPs: ['10.9.0.3'], externalIPs: ['1.2.3.4'] }),
  );
  const text = [...kernelAfter(calculator).values()].map(
    (e) => `${e.cidr} ${e.kind} ${e.nextHop || '-'} ${e.ifindex}`,
  );
  assert.deepEqual(text.sort(), [
    '1.2.3.4/32 RemoteHost - 0',
    '10.0.0.1/32 LocalHost - 0',
    '10.0.0.2/32 RemoteHost - 0',
    '10.244.1.0/24 LocalPods - 0',
    '10.244.1.1/32 LocalHost - 0',
    '10.244.2.0/24 RemotePods 10.0.0.2 2',
    '10.244.3.0/24 RemotePods - 0',
    '10.250.0.0/16 RemotePods - 0',
    '10.9.0.3/32 RemoteHost - 0',
    '192.168.0.0/16 NoSnat - 0',
  ]);
  assert.deepEqual(calculator.peers(), [
    { cidr: '10.244.2.0/24', nextHop: '10.0.0.2', node: 'n2' },
    { cidr: '10.244.3.0/24', nextHop: '10.9.0.3', node: 'n3' },
  ]);
  assert.deepEqual(calculator.podCidrs().local, ['10.244.1.0/24']);
});

test('the IPv6 calculator sees IPv6 only', () => {
  const calculator = new RouteCalculator(6, 'n1');
  calculator.setLocal(here);
  calculator.setNode(
    'n2',
    node('n2', { podCidrs: ['10.244.2.0/24', 'fd10:2::/64'], internalIPs: ['10.0.0.2', 'fd00::2'] }),
  );
  assert.deepEqual([...kernelAfter(calculator).keys()].sort(), ['fd00::1/128', 'fd00::2/128', 'fd10:2::/64']);
  assert.deepEqual(calculator.peers(), [{ cidr: 'fd10:2::/64', nextHop: 'fd00::2', node: 'n2' }]);
});

test('of two Nodes with one CIDR the older has it until it goes, and the other is named', () => {
  const calculator = new RouteCalculator(4, 'n1');
  calculator.setNode('new', node('new', { created: 2, podCidrs: ['10.244.2.0/24'] }));
  calculator.setNode('old', node('old', { created: 1, podCidrs: ['10.244.2.7/24'] }));
  const { problems, upserts } = calculator.flush();
  assert.equal(upserts.length, 1);
  assert.deepEqual(
    problems.map(({ object }) => object),
    ['Node new'],
  );
});

test('after any history the map equals that of a calculator that saw only the end', () => {
  const record = fc.record({
    name: fc.constantFrom('n1', 'n2', 'n3'),
    created: fc.constantFrom(1, 2),
    podCidrs: fc.uniqueArray(fc.constantFrom('10.244.1.0/24', '10.244.2.0/24', '10.0.0.2/32'), {
      maxLength: 2,
    }),
    internalIPs: fc.uniqueArray(fc.constantFrom('10.0.0.1', '10.0.0.2', '10.9.0.3'), { maxLength: 2 }),
  });
  const local = fc.uniqueArray(fc.constantFrom(...here.addresses), { maxLength: 3 });
  const step = fc.oneof(
    record.map((r) => ({ kind: 'set' as const, record: node(r.name, r) })),
    fc.constantFrom('n1', 'n2', 'n3').map((name) => ({ kind: 'unset' as const, name })),
    local.map((addresses) => ({ kind: 'local' as const, facts: { ...here, addresses } })),
    fc.constant({ kind: 'flush' as const }),
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
      const calculator = new RouteCalculator(4, 'n1');
      const kernel = new Map<string, RouteEntry>();
      const nodes = new Map<string, NodeRecord>();
      let facts: LocalFacts = { addresses: [], podCidrs: [], excludeFromNat: [], ownFabric: true };
      for (const one of steps) {
        if (one.kind === 'set') nodes.set(one.record.name, one.record);
        if (one.kind === 'unset') nodes.delete(one.name);
        if (one.kind === 'set') calculator.setNode(one.record.name, one.record);
        if (one.kind === 'unset') calculator.setNode(one.name, undefined);
        if (one.kind === 'flush') kernelAfter(calculator, kernel);
        if (one.kind !== 'local') continue;
        facts = one.facts;
        calculator.setLocal(facts);
      }
      const fresh = new RouteCalculator(4, 'n1');
      fresh.setLocal(facts);
      for (const [name, value] of nodes) fresh.setNode(name, value);
      const byCidr = (a: RouteEntry, b: RouteEntry): number => (a.cidr < b.cidr ? -1 : 1);
      const expected = [...kernelAfter(fresh).values()].sort(byCidr);
      assert.deepEqual([...kernelAfter(calculator, kernel).values()].sort(byCidr), expected);
      assert.deepEqual([...calculator.entries()].sort(byCidr), expected);
    }),
    { numRuns: 500 },
  );
});

test("under another CNI only the FIB knows where pods are, and this node's CIDR says nothing", () => {
  const calculator = new RouteCalculator(4, 'n1');
  calculator.setLocal({ ...here, ownFabric: false });
  calculator.setNode('n1', node('n1', { podCidrs: ['10.244.1.0/24'], internalIPs: ['10.0.0.1'] }));
  calculator.setNode('n2', node('n2', { podCidrs: ['10.244.2.0/24'], internalIPs: ['10.0.0.2'] }));
  const kernel = kernelAfter(calculator);
  assert.equal(kernel.get('10.244.1.0/24'), undefined);
  const remote = { cidr: '10.244.2.0/24', kind: 'RemotePods', nextHop: '', ifindex: 0 };
  assert.deepEqual(kernel.get('10.244.2.0/24'), remote);
  calculator.setLocal(here);
  assert.equal(kernelAfter(calculator, kernel).get('10.244.1.0/24')?.kind, 'LocalPods');
});
