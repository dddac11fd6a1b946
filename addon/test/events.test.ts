import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';

import { loadNative } from '../src/native.ts';
import { eventually, fixture, mapOf, programOf } from './support/fixtures.ts';

const native = loadNative();
const packet = new Uint8Array(64);
const ignore = (): void => undefined;

/** Holds the main thread, as a long calculation would. */
const block = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

test('records arrive whole and in order', async () => {
  const object = await native.load({ path: fixture('basic') });
  const lengths: number[] = [];
  const ring = native.openRingBuffer(
    mapOf(object, 'events'),
    (record) => lengths.push(new DataView(record.buffer, record.byteOffset, 8).getUint32(0, true)),
    () => assert.fail('dropped'),
  );
  const program = programOf(object, 'reporting');
  for (let i = 0; i < 200; i++) await program.testRun({ data: new Uint8Array(64 + i) });
  await eventually('all records', () => lengths.length === 200);
  assert.deepEqual(
    lengths,
    Array.from({ length: 200 }, (_, i) => 64 + i),
  );
  ring.close();
  object.close();
});

test('what JavaScript is too slow for is counted', async () => {
  const object = await native.load({ path: fixture('basic') });
  let received = 0;
  let dropped = 0;
  const ring = native.openRingBuffer(
    mapOf(object, 'events'),
    () => received++,
    (count) => (dropped += count),
  );
  const run = programOf(object, 'reporting').testRun({ data: packet, repeat: 150_000 });
  block(1500);
  await run;
  await eventually('a report', () => dropped > 0);
  assert.equal(received, 65_536);
  assert.ok(received + dropped <= 150_000);
  ring.close();
  object.close();
});

test('nothing arrives after close(), which may come twice and from inside the callback', async () => {
  const object = await native.load({ path: fixture('basic') });
  let received = 0;
  const ring = native.openRingBuffer(
    mapOf(object, 'events'),
    () => {
      received++;
      ring.close();
    },
    ignore,
  );
  const program = programOf(object, 'reporting');
  await program.testRun({ data: packet });
  await eventually('one record', () => received > 0);
  ring.close();
  await program.testRun({ data: packet });
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(received, 1);
  object.close();
});

test('a map of another type is refused', async () => {
  const object = await native.load({ path: fixture('basic') });
  assert.throws(
    () => native.openRingBuffer(mapOf(object, 'flows'), ignore, ignore),
    /ring_buffer__new: EINVAL/,
  );
  object.close();
});

test("libbpf's messages come to the sink, at its level", async () => {
  const lines: [string, string][] = [];
  native.setLogSink((level, message) => lines.push([level, message]), 'debug');
  (await native.load({ path: fixture('basic') })).close();
  await eventually('messages', () => lines.some(([level]) => level === 'debug'));
  assert.ok(lines.every(([, message]) => !message.startsWith('libbpf:') && !message.endsWith('\n')));
  native.setLogSink((level, message) => lines.push([level, message]), 'warn');
  lines.length = 0;
  await native.load({ path: fixture('refused') }).catch(ignore);
  await eventually('a warning', () => lines.some(([, message]) => message.includes('unchecked')));
  assert.ok(lines.every(([level]) => level === 'warn'));
  native.setLogSink(undefined);
  lines.length = 0;
  await native.load({ path: fixture('refused') }).catch(ignore);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(lines, []);
});

const busy = join(import.meta.dirname, 'support/busy.ts');

const ends: readonly { end: string; status: number }[] = [
  { end: 'exit', status: 0 },
  { end: 'throw', status: 1 },
  { end: 'close', status: 0 },
];
for (const { end, status } of ends) {
  test(`a busy process ends well: ${end}`, () => {
    const args = ['--import', 'tsx', busy, end];
    // A process that ends at once leaves its heap as it is, V8's included: nothing for a leak check.
    const ASAN_OPTIONS = `${process.env['ASAN_OPTIONS'] ?? ''}:detect_leaks=${end === 'close' ? 1 : 0}`;
    const env = { ...process.env, ASAN_OPTIONS };
    const done = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000, env });
    assert.equal(done.signal, null);
    assert.equal(done.status, status, done.stderr);
    assert.doesNotMatch(done.stderr, /Sanitizer/);
  });
}

test('worker threads have the addon to themselves, and are ended while polling', async () => {
  // The loader of the main thread does not reach workers.
  const tsx = import.meta.resolve('tsx/esm/api');
  const script = `import('${tsx}').then(({ tsImport }) => tsImport('${busy}', 'file://${busy}'));`;
  for (let i = 0; i < 5; i++) {
    const worker = new Worker(script, { eval: true, workerData: 'stay', execArgv: [] });
    assert.deepEqual(await once(worker, 'message'), ['busy']);
    await worker.terminate();
  }
  const object = await native.load({ path: fixture('basic') });
  assert.equal((await programOf(object, 'pass_one').testRun({ data: packet })).retval, 0xffffffff);
  object.close();
});
