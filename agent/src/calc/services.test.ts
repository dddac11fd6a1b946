import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Family } from './ip.ts';
import { formatAddress, parseAddress } from './ip.ts';
import type { SliceRecord, ServiceRecord } from './records.ts';
import { ENDPOINT } from './records.ts';
import type { BackendLayout, ServicesDelta } from './services.ts';
import { ServiceCalculator } from './services.ts';
import { FakeKernel } from './testing/fake-kernel.ts';
import { referenceAnswers } from './testing/reference.ts';
import type { World } from './testing/reference.ts';
import { testLayout } from './testing/layout.ts';

const NODE = 'n1';
const LIMITS = { frontends: 4096, backends: 4096 };

/** A small universe, so that histories meet the same addresses and names again and again. */
function arbitraries(family: Family) {
  const address = (base: number, n: number): string =>
    family === 4 ? `10.${base}.0.${n}` : `fd00:${base}::${n}`;
  const pick = (base: number) => fc.integer({ min: 1, max: 4 }).map((n) => address(base, n));
  const port = fc.record({
    name: fc.constantFrom('a', 'a', 'b'),
    protocol: fc.constantFrom(6, 6, 17),
    port: fc.constantFrom(80, 81),
    nodePort: fc.constantFrom(0, 0, 30000, 30001),
  });
  const traits = fc.constantFrom<ServiceRecord['traits'][]>(
    {},
    {},
    {},
    {},
    {},
    {},
    {},
    {},
    { sessionAffinity: true },
    { externalLocal: true },
  );
  const service = fc.record({
    key: fc.constantFrom('d/s1', 'd/s2', 'd/s3'),
    created: fc.constantFrom(1, 2, 3),
    clusterIPs: pick(96).map((ip) => [ip]),
    externalIPs: fc.array(pick(50), { maxLength: 2 }),
    loadBalancerIPs: fc.array(pick(50), { maxLength: 1 }),
    ports: fc.uniqueArray(port, { minLength: 1, maxLength: 3, size: 'max', selector: (p) => p.name }),
    traits,
    problems: fc.constant([]),
  });
  const endpoint = fc.record({
    ip: pick(244),
    flags: fc.integer({ min: 0, max: 15 }),
    hints: fc.constantFrom(
      undefined,
      undefined,
      { zones: ['z1'], nodes: [] },
      { zones: ['z2'], nodes: ['n1'] },
    ),
  });
  const slicePort = fc.record({
    name: fc.constantFrom('a', 'a', 'b'),
    protocol: fc.constantFrom(6, 6, 17),
    port: fc.constantFrom(8080, 8081),
  });
  const slice = fc
    .record({
      name: fc.constantFrom('x1', 'x2', 'x3'),
      service: fc.constantFrom('d/s1', 'd/s2', 'd/s3'),
      ports: fc.array(slicePort, { minLength: 1, maxLength: 2 }),
      endpoints: fc.array(endpoint, { maxLength: 4, size: 'max' }),
      family: fc.constantFrom<Family[]>(family, family, family, family === 4 ? 6 : 4),
    })
    .map(({ endpoints, family: of, ...rest }): SliceRecord => ({
      ...rest,
      family: of,
      addresses: Uint8Array.from(
        endpoints.flatMap(({ ip }) => [...(of === family ? parse(ip) : new Uint8Array(of === 4 ? 4 : 16))]),
      ),
      flags: Uint8Array.from(endpoints, ({ flags }) => flags),
      hints: endpoints.map(({ hints }) => hints),
      problems: [],
    }));
  return { service, slice, address };
}

function parse(ip: string): Uint8Array {
  const bytes = parseAddress(ip);
  assert.ok(bytes);
  return bytes;
}

type Step =
  | { readonly kind: 'service'; readonly record: ServiceRecord }
  | { readonly kind: 'noService'; readonly key: string }
  | { readonly kind: 'slice'; readonly record: SliceRecord }
  | { readonly kind: 'noSlice'; readonly name: string }
  | { readonly kind: 'zone'; readonly zone: string }
  | { readonly kind: 'addresses'; readonly n: number }
  | { readonly kind: 'hostPorts'; readonly port: number }
  | { readonly kind: 'flush'; readonly after: number }
  | { readonly kind: 'restart' };

function steps(family: Family): fc.Arbitrary<Step[]> {
  const { service, slice } = arbitraries(family);
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 6, arbitrary: service.map((record): Step => ({ kind: 'service', record })) },
    {
      weight: 2,
      arbitrary: fc.constantFrom('d/s1', 'd/s2', 'd/s3').map((key): Step => ({ kind: 'noService', key })),
    },
    { weight: 6, arbitrary: slice.map((record): Step => ({ kind: 'slice', record })) },
    {
      weight: 2,
      arbitrary: fc.constantFrom('x1', 'x2', 'x3').map((name): Step => ({ kind: 'noSlice', name })),
    },
    { weight: 1, arbitrary: fc.constantFrom('', 'z1', 'z2').map((zone): Step => ({ kind: 'zone', zone })) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 }).map((n): Step => ({ kind: 'addresses', n })) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(30000, 30007).map((port): Step => ({ kind: 'hostPorts', port })),
    },
    { weight: 5, arbitrary: fc.constantFrom(1, 400, 1500).map((after): Step => ({ kind: 'flush', after })) },
    { weight: 1, arbitrary: fc.constant<Step>({ kind: 'restart' }) },
  );
  return fc.array(step, { minLength: 20, maxLength: 60 });
}

/** Runs a history against the calculator and keeps the same world for the reference. */
class Run {
  readonly kernel: FakeKernel;
  readonly world: World;
  calculator: ServiceCalculator;
  now = 0;
  readonly #layout: BackendLayout;
  readonly #address: (base: number, n: number) => string;

  constructor(family: Family) {
    this.#layout = testLayout(family);
    this.#address = arbitraries(family).address;
    this.kernel = new FakeKernel(this.#layout, LIMITS.backends);
    this.world = {
      family,
      nodeName: NODE,
      zone: '',
      addresses: [],
      services: new Map(),
      slices: new Map(),
      hostPorts: [],
    };
    this.calculator = new ServiceCalculator(this.#layout, NODE, LIMITS);
  }

  apply(step: Step): void {
    const { world, calculator } = this;
    switch (step.kind) {
      case 'service':
        world.services.set(step.record.key, step.record);
        {
          calculator.setService(step.record.key, step.record);
          return;
        }
      case 'noService':
        world.services.delete(step.key);
        {
          calculator.setService(step.key, undefined);
          return;
        }
      case 'slice':
        world.slices.set(step.record.name, step.record);
        {
          calculator.setSlice(step.record.name, step.record);
          return;
        }
      case 'noSlice':
        world.slices.delete(step.name);
        {
          calculator.setSlice(step.name, undefined);
          return;
        }
      case 'hostPorts':
        world.hostPorts = [{ hostIP: '', port: step.port, protocol: 6 }];
        {
          calculator.setHostPorts(world.hostPorts);
          return;
        }
      case 'flush': {
        this.flush(step.after);
        return;
      }
      case 'restart': {
        this.restart();
        return;
      }
      default: {
        this.node(step);
        return;
      }
    }
  }

  node(step: Step & { kind: 'zone' | 'addresses' }): void {
    if (step.kind === 'zone') this.world.zone = step.zone;
    else this.world.addresses = Array.from({ length: step.n }, (_, n) => this.#address(244, n + 1));
    this.calculator.setNode({ ...this.world, nodePortAddresses: undefined });
  }

  /** Applies the delta write by write; every lookup gives the old or the new answer at each of them. */
  flush(after: number): void {
    this.now += after;
    const before = this.kernel.answers();
    const delta = this.calculator.flush(this.now);
    const expected = referenceAnswers(this.world);
    this.kernel.apply(delta, this.calculator.image, (answers) => {
      for (const key of new Set([...before.keys(), ...expected.keys()])) {
        const answer = answers.get(key);
        assert.ok(
          answer === before.get(key) || answer === expected.get(key),
          `${key}: in between ${answer ?? 'nothing'}`,
        );
      }
    });
    this.calculator.committed(this.now);
    assert.deepEqual(this.kernel.answers(), expected);
  }

  /** A new agent knows the kernel and the lists, in another order, and nothing else. */
  restart(): void {
    this.calculator = new ServiceCalculator(this.#layout, NODE, LIMITS);
    this.calculator.adopt(this.kernel.snapshot());
    for (const [name, record] of [...this.world.slices].reverse()) this.calculator.setSlice(name, record);
    for (const [key, record] of [...this.world.services].reverse()) this.calculator.setService(key, record);
    this.calculator.setNode({ ...this.world, nodePortAddresses: undefined });
    this.calculator.setHostPorts(this.world.hostPorts);
    this.flush(0);
  }
}

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
  return delta.ranges.length + delta.upserts.length + delta.removes.length;
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
  calculator.setService('d/a', service('d/a', { traits: { sessionAffinity: true } }));
  calculator.setSlice('a', slice('a', 'd/a', ['10.244.0.1']));
  const { toStack } = testLayout(4).bits;
  const { upserts, ranges } = calculator.flush(0);
  assert.deepEqual(
    upserts.map(({ value }) => [value.count, value.flags]),
    [[0, toStack]],
  );
  assert.deepEqual(ranges, []);
  assert.deepEqual(
    [...calculator.frontends()].map(({ name, hasEndpoints }) => [name, hasEndpoints]),
    [['d/a:/TCP', true]],
  );
});

test('the backends written are those addresses, in network order', () => {
  const run = new Run(4);
  run.apply({ kind: 'service', record: service('d/a') });
  run.apply({ kind: 'slice', record: slice('a', 'd/a', ['10.244.0.2', '10.244.0.1']) });
  run.flush(0);
  assert.equal(formatAddress(run.calculator.image.subarray(0, 4)), '10.244.0.1');
  assert.equal(run.kernel.answers().get('10.96.0.1:80/TCP'), 'flags=0 10.244.0.1:8080/0 10.244.0.2:8080/0');
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
