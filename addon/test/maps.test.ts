import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { BpfMap, BpfObject } from '../src/api.ts';
import { isKernelError } from '../src/errors.ts';
import { loadNative } from '../src/native.ts';
import { fixture, mapOf, programOf, u32, u64, words } from './support/fixtures.ts';

const native = loadNative();
const load = (): Promise<BpfObject> => native.load({ path: fixture('basic') });
const code = (wanted: string) => (error: unknown) => isKernelError(error, wanted);

test('what a map is made of', async () => {
  const object = await load();
  const { name, type, keySize, valueSize, maxEntries, cpus, stride } = mapOf(object, 'backends').info;
  assert.deepEqual({ name, type, keySize, valueSize, maxEntries, cpus, stride }, {
    name: 'backends', type: 2, keySize: 4, valueSize: 20, maxEntries: 1000, cpus: 1, stride: 24,
  }); // prettier-ignore
  assert.ok(mapOf(object, 'counters').info.cpus >= 1);
  object.close();
});

test('one key at a time', async () => {
  const object = await load();
  const flows = mapOf(object, 'flows');
  assert.equal(flows.lookup(u64(1)), undefined);
  assert.equal(flows.delete(u64(1)), false);
  flows.update(u64(1), u64(10));
  assert.deepEqual(words(flows.lookup(u64(1)) as Uint8Array), [10n]);
  assert.throws(() => flows.update(u64(1), u64(11), 1), code('EEXIST'));
  assert.throws(() => flows.update(u64(2), u64(11), 2), code('ENOENT'));
  assert.equal(flows.delete(u64(1)), true);
  assert.equal(flows.lookup(u64(1)), undefined);
  object.close();
});

test('keys and values of the wrong size never reach the kernel', async () => {
  const object = await load();
  const flows = mapOf(object, 'flows');
  assert.throws(() => flows.lookup(u32(1)), code('EINVAL'));
  assert.throws(() => flows.update(u64(1), u32(1)), code('EINVAL'));
  assert.throws(() => flows.updateBatch(u32(1), u64(1)), code('EINVAL'));
  assert.throws(() => flows.updateBatch(u64(1, 2), u64(1)), code('EINVAL'));
  assert.throws(() => flows.lookup('x' as unknown as Uint8Array), TypeError);
  object.close();
});

test('50,000 entries written, read and deleted in batches', async () => {
  const object = await load();
  const flows = mapOf(object, 'flows');
  const numbers = Array.from({ length: 50_000 }, (_, i) => i);
  const keys = u64(...numbers);
  await flows.updateBatch(keys, u64(...numbers.map((i) => i * 3)));
  const all = await flows.dump();
  assert.equal(all.count, 50_000);
  const values = words(all.values);
  const wrong = words(all.keys).filter((key, i) => values[i] !== key * 3n);
  assert.deepEqual(wrong, []);
  assert.equal(new Set(words(all.keys)).size, 50_000);
  assert.equal(await flows.deleteBatch(keys), 50_000);
  assert.equal((await flows.dump()).count, 0);
  object.close();
});

test('absent keys in a delete are skipped and not counted', async () => {
  const object = await load();
  const flows = mapOf(object, 'flows');
  await flows.updateBatch(u64(2, 4, 6), u64(1, 1, 1));
  assert.equal(await flows.deleteBatch(u64(1, 2, 3, 4, 5)), 2);
  assert.deepEqual(words((await flows.dump()).keys), [6n]);
  object.close();
});

test('a full map says which entry did not fit', async () => {
  const object = await native.load({ path: fixture('basic'), maxEntries: { flows: 4 } });
  const flows = mapOf(object, 'flows');
  assert.equal(flows.info.maxEntries, 4);
  await assert.rejects(flows.updateBatch(u64(1, 2, 3, 4, 5, 6), u64(1, 1, 1, 1, 1, 1)), (error: unknown) => {
    assert.ok(isKernelError(error, 'E2BIG'));
    assert.match(error.message, /flows, entry 4 of 6/);
    return true;
  });
  assert.equal((await flows.dump()).count, 4);
  object.close();
});

const kinds: readonly {
  name: string;
  object: string;
  keys: Uint8Array;
  values: Uint8Array;
  count: number;
}[] = [
  { name: 'flows', object: 'basic', keys: u64(1, 2, 3), values: u64(4, 5, 6), count: 3 },
  { name: 'prefixes', object: 'basic', keys: u32(8, 10, 16, 0x0a0a), values: u32(1, 2), count: 2 },
  { name: 'devices', object: 'devices', keys: u32(7, 8), values: u32(1, 1), count: 2 },
];
for (const { name, object: file, keys, values, count } of kinds) {
  test(`a batch and a dump of ${name}`, async () => {
    const object = await native.load({ path: fixture(file) });
    const map: BpfMap = mapOf(object, name);
    await map.updateBatch(keys, values);
    const all = await map.dump();
    assert.equal(all.count, count);
    assert.equal(all.keys.length, keys.length);
    assert.equal(all.values.length, values.length);
    assert.equal(await map.deleteBatch(all.keys), count);
    assert.equal((await map.dump()).count, 0);
    object.close();
  });
}

test('a per-CPU value has a slot for each CPU', async () => {
  const object = await load();
  const counters = mapOf(object, 'counters');
  const { cpus, stride } = counters.info;
  assert.equal(stride, 8);
  await programOf(object, 'configured').testRun({ data: new Uint8Array(64), repeat: 5 });
  const slots = words(counters.lookup(u32(0)) as Uint8Array);
  assert.equal(slots.length, cpus);
  assert.equal(
    slots.reduce((sum, one) => sum + one, 0n),
    5n,
  );
  counters.update(u32(3), u64(...slots.map((_, cpu) => cpu + 1)));
  assert.deepEqual(
    words((await counters.dump()).values.slice(3 * cpus * 8)),
    slots.map((_, cpu) => BigInt(cpu + 1)),
  );
  object.close();
});

test('a mapped array is the memory that programs read', async () => {
  const object = await load();
  const backends = mapOf(object, 'backends');
  const memory = backends.mmap();
  assert.equal(memory.byteLength, 1000 * 24);
  assert.equal(backends.mmap(), memory);
  new DataView(memory).setUint32(3 * backends.info.stride, 5, true);
  assert.equal((await programOf(object, 'from_backends').testRun({ data: new Uint8Array(64) })).retval, 5);
  backends.update(u32(3), new Uint8Array(20).fill(9));
  assert.equal(new Uint8Array(memory)[3 * 24 + 19], 9);
  object.close();
});

test('a map that cannot be mapped says so', async () => {
  const object = await load();
  assert.throws(() => mapOf(object, 'flows').mmap(), isKernelError);
  object.close();
});

test('after close() the handle is dead, its memory is empty, and what was under way ends well', async () => {
  const object = await load();
  const flows = mapOf(object, 'flows');
  const bytes = new Uint8Array(mapOf(object, 'backends').mmap());
  const pending = flows.updateBatch(u64(1, 2), u64(1, 2));
  object.close();
  object.close();
  flows.close();
  await pending;
  assert.equal(bytes.length, 0);
  assert.throws(() => flows.lookup(u64(1)), code('EBADF'));
  assert.throws(() => flows.dump(), code('EBADF'));
});
