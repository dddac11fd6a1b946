import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatAddress } from './ip.ts';
import type { SliceRecord, ServiceRecord } from './records.ts';
import { ENDPOINT } from './records.ts';
import type { ServicesDelta } from './services.ts';
import { ServiceCalculator } from './services.ts';
import { testLayout } from './testing/layout.ts';
import { LIMITS, NODE, parse, Run, steps } from './testing/service-run.ts';

for (const family of [4, 6] as const) {
  test(`IPv${family}: after any history the maps equal the reference, and no step shows a third answer`, () => {
    fc.assert(
      fc.property(steps(family), (history) => {
        const run = new Run(family);
        for (const step of history) run.apply(step);
        run.flush(1);
      }),
      { numRuns: 400 },
    );
  });
}

function service(key: string, more: Partial<ServiceRecord> = {}): ServiceRecord {
  const port = { name: '', protocol: 6, port: 80, nodePort: 0 };
  return {
    key,
    created: 1,
    clusterIPs: ['10.96.0.1'],
    externalIPs: [],
    loadBalancerIPs: [],
    ports: [port],
    traits: {},
    problems: [],
    ...more,
  };
}

function slice(
  name: string,
  of: string,
  ips: readonly string[],
  flags: number = ENDPOINT.READY | ENDPOINT.SERVING,
): SliceRecord {
  return {
    name,
    service: of,
    family: 4,
    ports: [{ name: '', protocol: 6, port: 8080 }],
    addresses: Uint8Array.from(ips.flatMap((ip) => [...parse(ip)])),
    flags: new Uint8Array(ips.length).fill(flags),
    problems: [],
  };
}

function writes(delta: ServicesDelta): number {
  const { sources, ranges, upserts, removes } = delta;
  return [sources.upserts, sources.removes, ranges, upserts, removes].flat().length;
}

test('a restart on unchanged lists writes nothing', () => {
  const run = new Run(4);
  run.apply({ kind: 'service', record: service('d/a') });
  run.apply({ kind: 'slice', record: slice('a', 'd/a', ['10.244.0.1', '10.244.0.2']) });
  run.apply({ kind: 'service', record: service('d/b', { clusterIPs: ['10.96.0.2'] }) });
  run.flush(1);
  const again = new ServiceCalculator(testLayout(4), NODE, LIMITS);
  again.adopt(run.kernel.snapshot());
  for (const [key, record] of run.world.services) again.setService(key, record);
  for (const [key, record] of run.world.slices) again.setSlice(key, record);
  assert.equal(writes(again.flush(2)), 0);
});

test('the work for one endpoint does not grow with the Services', () => {
  const calculator = new ServiceCalculator(testLayout(4), NODE, { frontends: 4096, backends: 16384 });
  for (let i = 0; i < 2000; i++) {
    calculator.setService(`d/${i}`, service(`d/${i}`, { clusterIPs: [`10.96.${i >> 8}.${i & 255}`] }));
    calculator.setSlice(`x${i}`, slice(`x${i}`, `d/${i}`, ['10.244.0.1']));
  }
  assert.equal(writes(calculator.flush(0)), 4000);
  calculator.committed(0);
  calculator.setSlice('x7', slice('x7', 'd/7', ['10.244.0.1', '10.244.0.2']));
  const delta = calculator.flush(1);
  assert.equal(writes(delta), 2);
  assert.deepEqual(
    delta.upserts.map(({ target }) => target.address),
    ['10.96.0.7'],
  );
});

test('a freed range is not written again within a second of the kernel having forgotten it', () => {
  const calculator = new ServiceCalculator(testLayout(4), NODE, { frontends: 8, backends: 8 });
  calculator.setService('d/a', service('d/a'));
  const seen: number[] = [];
  const change = (now: number, ip: string): void => {
    calculator.setSlice('a', slice('a', 'd/a', [ip, '10.244.0.9']));
    for (const { first } of calculator.flush(now).ranges) seen.push(first);
    calculator.committed(now);
  };
  change(0, '10.244.0.1');
  change(10, '10.244.0.2');
  change(20, '10.244.0.3');
  change(30, '10.244.0.4');
  assert.equal(new Set(seen).size, 4, 'four ranges of two fill the map');
  change(40, '10.244.0.5');
  assert.equal(seen.length, 4);
  assert.deepEqual(
    calculator.shortages().map(({ map, waiting }) => [map, waiting]),
    [['backends', 1]],
  );
  for (const { first } of calculator.flush(1009).ranges) seen.push(first);
  assert.equal(seen.length, 4, 'still in quarantine');
  for (const { first } of calculator.flush(1011).ranges) seen.push(first);
  assert.deepEqual(seen.slice(4), [seen[0]]);
  assert.deepEqual(calculator.shortages(), []);
});

test('a full map of frontends keeps what it has, names who waits, and takes them in when there is room', () => {
  const calculator = new ServiceCalculator(testLayout(4), NODE, { frontends: 2, backends: 8 });
  for (const n of [1, 2, 3])
    calculator.setService(`d/${n}`, service(`d/${n}`, { clusterIPs: [`10.96.0.${n}`] }));
  assert.equal(calculator.flush(0).upserts.length, 2);
  assert.deepEqual(calculator.shortages(), [
    { map: 'services', limit: 2, waiting: 1, first: ['Service port d/3:/TCP'] },
  ]);
  calculator.setService('d/1', undefined);
  const delta = calculator.flush(1);
  assert.deepEqual(
    delta.removes.map(({ address }) => address),
    ['10.96.0.1'],
  );
  assert.deepEqual(
    delta.upserts.map(({ target }) => target.address),
    ['10.96.0.3'],
  );
  assert.deepEqual(calculator.shortages(), []);
});

test('of two Services with one external address the older has it, and the other is named', () => {
  const calculator = new ServiceCalculator(testLayout(4), NODE, LIMITS);
  calculator.setService(
    'd/young',
    service('d/young', { created: 2, externalIPs: ['1.2.3.4'], clusterIPs: ['10.96.0.1'] }),
  );
  calculator.setService(
    'd/old',
    service('d/old', { created: 1, externalIPs: ['1.2.3.4'], clusterIPs: ['10.96.0.2'] }),
  );
  const [problem, ...rest] = calculator.flush(0).problems;
  assert.deepEqual(rest, []);
  assert.equal(problem?.object, 'Service port d/young:/TCP');
  assert.match(problem.message, /1\.2\.3\.4:80\/TCP belongs to Service port d\/old/);
});

test('a Service that is not served exactly goes to the stack whole, and is still known as a frontend', () => {
  const calculator = new ServiceCalculator(testLayout(4), NODE, LIMITS);
  calculator.setService(
    'd/a',
    service('d/a', { ports: [{ name: '', protocol: 132, port: 80, nodePort: 0 }] }),
  );
  calculator.setSlice('a', {
    ...slice('a', 'd/a', ['10.244.0.1']),
    ports: [{ name: '', protocol: 132, port: 8080 }],
  });
  const { toStack } = testLayout(4).bits;
  const { upserts, ranges } = calculator.flush(0);
  assert.deepEqual(
    upserts.map(({ value }) => [value.count, value.flags]),
    [[0, toStack]],
  );
  assert.deepEqual(ranges, []);
  assert.deepEqual(
    [...calculator.frontends()].map(({ name, hasEndpoints }) => [name, hasEndpoints]),
    [['d/a:/SCTP', true]],
  );
});

test('O3: kube-proxy is asked for NodePorts without an address, wherever ours answer', () => {
  const calculator = new ServiceCalculator(testLayout(4), NODE, LIMITS);
  calculator.setNode({ zone: '', addresses: [], nodePortAddresses: { 4: ['10.0.0.11'] } });
  calculator.setService(
    'd/a',
    service('d/a', { ports: [{ name: '', protocol: 6, port: 80, nodePort: 30080 }] }),
  );
  const written = calculator.flush(0).upserts.map(({ target }) => target.address);
  assert.ok(written.includes('10.0.0.11'), written.join());
  const asked = [...calculator.frontends()].map(({ target }) => [target.address, target.port]);
  assert.ok(asked.some(([address, port]) => address === '' && port === 30080));
  assert.ok(!asked.some(([address]) => address === '10.0.0.11'));
});

test('S11: a hostPort leads to its pod, in whose family it has an address, and kube-proxy is not asked for it', () => {
  const calculator = new ServiceCalculator(testLayout(4), NODE, LIMITS);
  const port = { containerPort: 8080, hostIP: '', port: 9090, protocol: 6 };
  const both = { ...port, pod: 'd/both', addresses: ['10.244.0.7', 'fd00::7'] };
  const six = { ...port, pod: 'd/six', port: 9091, addresses: ['fd00::8'] };
  const sctp = { ...both, pod: 'd/sctp', port: 9092, protocol: 132 };
  calculator.setHostPorts([both, six, sctp]);
  const { upserts, ranges } = calculator.flush(0);
  const written = upserts.map(({ target, value }) => [target.port, value.count, value.flags]);
  assert.deepEqual(written, [
    [9090, 1, 0],
    [9092, 0, testLayout(4).bits.toStack],
  ]);
  assert.equal(ranges.length, 1);
  assert.deepEqual([...calculator.frontends()], []);
  calculator.committed(0);
  calculator.setHostPorts([{ ...both, addresses: ['10.244.0.9'] }]);
  const again = calculator.flush(5000);
  assert.deepEqual(
    again.removes.map(({ port: number }) => number),
    [9092],
  );
  assert.equal(again.ranges.length, 1, 'a pod that came back with another address');
});

test('a Node that is written again as it was touches no Service', () => {
  const calculator = new ServiceCalculator(testLayout(4), NODE, LIMITS);
  const facts = { zone: 'z', addresses: ['10.0.0.11'], nodePortAddresses: {} };
  calculator.setNode(facts);
  calculator.setService('d/a', service('d/a'));
  calculator.flush(0);
  calculator.setNode({ ...facts, addresses: [...facts.addresses] });
  assert.equal(calculator.pending, false);
  calculator.setNode({ ...facts, zone: 'other' });
  assert.equal(calculator.pending, true);
});

const LIST = ' 10.244.0.1:8080/0 10.244.0.2:8080/0';
const ONE_LIST = `flags=0 affinity=0 inside:${LIST} outside:${LIST}`;

test('the backends written are those addresses, in network order', () => {
  const run = new Run(4);
  run.apply({ kind: 'service', record: service('d/a') });
  run.apply({ kind: 'slice', record: slice('a', 'd/a', ['10.244.0.2', '10.244.0.1']) });
  run.flush(0);
  assert.equal(formatAddress(run.calculator.image.subarray(0, 4)), '10.244.0.1');
  assert.equal(run.kernel.answers().get('10.96.0.1:80/TCP'), ONE_LIST);
});

test('ranges of Services that went away while no agent ran are used again', () => {
  const run = new Run(4);
  run.apply({ kind: 'service', record: service('d/a') });
  run.apply({ kind: 'slice', record: slice('a', 'd/a', ['10.244.0.1', '10.244.0.2']) });
  run.flush(0);
  const again = new ServiceCalculator(testLayout(4), NODE, LIMITS);
  again.adopt(run.kernel.snapshot());
  assert.equal(again.usage.backendsFree, LIMITS.backends - 2);
  again.flush(0);
  again.committed(0);
  again.flush(2000);
  assert.equal(again.usage.backendsFree, LIMITS.backends);
});
