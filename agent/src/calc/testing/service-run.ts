/** Random histories of Services and EndpointSlices, and the machine that runs one against the calculator. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Family } from '../ip.ts';
import { parseAddress } from '../ip.ts';
import type { HostPort, SliceRecord, ServiceRecord } from '../records.ts';
import type { BackendLayout } from '../services.ts';
import { ServiceCalculator } from '../services.ts';
import { FakeKernel } from './fake-kernel.ts';
import { testLayout } from './layout.ts';
import type { World } from './reference.ts';
import { referenceAnswers } from './reference.ts';

/** The node on which the calculator runs. */
export const NODE = 'n1';
/** Sizes of its maps. */
export const LIMITS = { frontends: 4096, backends: 4096 };

/** A small universe, so that histories meet the same addresses and names again and again. */
function addressIn(family: Family, base: number, n: number): string {
  return family === 4 ? `10.${base}.0.${n}` : `fd00:${base}::${n}`;
}

function addresses(family: Family, base: number): fc.Arbitrary<string> {
  return fc.integer({ min: 1, max: 4 }).map((n) => addressIn(family, base, n));
}

function traits(family: Family): fc.Arbitrary<ServiceRecord['traits']> {
  const range = (n: number): string => (family === 4 ? `10.${n}.0.0/16` : `fd00:${n}::/32`);
  const elsewhere = ['192.0.2.0/24', '2001:db8::/32'];
  const asked = {
    affinitySeconds: fc.constantFrom(10, 10_800),
    externalLocal: fc.constant<true>(true),
    internalLocal: fc.constant<true>(true),
    sourceRanges: fc.constantFrom([range(7)], [range(8)], [range(7), range(8)], elsewhere),
  };
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    { weight: 2, arbitrary: fc.record(asked, { requiredKeys: [] }) },
  );
}

function services(family: Family): fc.Arbitrary<ServiceRecord> {
  const port = fc.record({
    name: fc.constantFrom('a', 'a', 'b'),
    protocol: fc.constantFrom(6, 6, 6, 6, 17, 17, 132),
    port: fc.constantFrom(80, 81),
    nodePort: fc.constantFrom(0, 0, 30000, 30001),
  });
  return fc.record({
    key: fc.constantFrom('d/s1', 'd/s2', 'd/s3'),
    created: fc.constantFrom(1, 2, 3),
    clusterIPs: addresses(family, 96).map((ip) => [ip]),
    externalIPs: fc.array(addresses(family, 50), { maxLength: 2 }),
    loadBalancerIPs: fc.array(addresses(family, 50), { maxLength: 1 }),
    ports: fc.uniqueArray(port, { minLength: 1, maxLength: 3, size: 'max', selector: (p) => p.name }),
    traits: traits(family),
    problems: fc.constant([]),
  });
}

function slices(family: Family): fc.Arbitrary<SliceRecord> {
  const endpoint = fc.record({
    ip: addresses(family, 244),
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
  return fc
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
}

/** Bytes of an address that a test wrote. */
export function parse(ip: string): Uint8Array {
  const bytes = parseAddress(ip);
  assert.ok(bytes);
  return bytes;
}

/** Of one of two pods, which have addresses of their own. */
function hostPort(family: Family, port: number): HostPort {
  const pod = port === 30000 ? 'd/p1' : 'd/p2';
  const addresses = [addressIn(family, 244, port === 30000 ? 21 : 22)];
  return { pod, addresses, containerPort: 8080, hostIP: '', port, protocol: 6 };
}

/** One event of a history. */
export type Step =
  | { readonly kind: 'service'; readonly record: ServiceRecord }
  | { readonly kind: 'noService'; readonly key: string }
  | { readonly kind: 'slice'; readonly record: SliceRecord }
  | { readonly kind: 'noSlice'; readonly name: string }
  | { readonly kind: 'zone'; readonly zone: string }
  | { readonly kind: 'addresses'; readonly n: number }
  | { readonly kind: 'hostPorts'; readonly port: number }
  | { readonly kind: 'flush'; readonly after: number }
  | { readonly kind: 'restart' };

/** Histories of 20 to 60 events. */
export function steps(family: Family): fc.Arbitrary<Step[]> {
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 6, arbitrary: services(family).map((record): Step => ({ kind: 'service', record })) },
    {
      weight: 2,
      arbitrary: fc.constantFrom('d/s1', 'd/s2', 'd/s3').map((key): Step => ({ kind: 'noService', key })),
    },
    { weight: 6, arbitrary: slices(family).map((record): Step => ({ kind: 'slice', record })) },
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
export class Run {
  readonly kernel: FakeKernel;
  readonly world: World;
  calculator: ServiceCalculator;
  now = 0;
  readonly #layout: BackendLayout;

  constructor(family: Family) {
    this.#layout = testLayout(family);
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
        world.hostPorts = [hostPort(world.family, step.port)];
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
    else
      this.world.addresses = Array.from({ length: step.n }, (_, n) =>
        addressIn(this.world.family, 244, n + 1),
      );
    this.calculator.setNode({ ...this.world, nodePortAddresses: {} });
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
    this.calculator.setNode({ ...this.world, nodePortAddresses: {} });
    this.calculator.setHostPorts(this.world.hostPorts);
    this.flush(0);
  }
}
