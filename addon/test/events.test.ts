import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

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

const support = join(import.meta.dirname, 'support');

interface End {
  readonly what: string;
  readonly script: readonly [string, ...string[]];
  readonly status: number;
  /** Where everything is closed in order, nothing may be left. */
  readonly leaksCount: boolean;
}

// A process or a worker that is ended at once leaves its heap as it is, V8's and Node-API's promises included.
const ends: readonly End[] = [
  { what: 'exit', script: ['busy.ts', 'exit'], status: 0, leaksCount: false },
  { what: 'throw', script: ['busy.ts', 'throw'], status: 1, leaksCount: false },
  { what: 'close', script: ['busy.ts', 'close'], status: 0, leaksCount: true },
  {
    what: 'its worker threads are ended while polling',
    script: ['workers.ts'],
    status: 0,
    leaksCount: false,
  },
];
for (const { what, script, status, leaksCount } of ends) {
  test(`a busy process ends well: ${what}`, () => {
    const [file, ...args] = script;
    const ASAN_OPTIONS = `${process.env['ASAN_OPTIONS'] ?? ''}:detect_leaks=${leaksCount ? 1 : 0}`;
    const done = spawnSync(process.execPath, ['--import', 'tsx', join(support, file), ...args], {
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...process.env, ASAN_OPTIONS },
    });
    assert.equal(done.signal, null, done.stderr);
    assert.equal(done.status, status, done.stderr);
    assert.doesNotMatch(done.stderr, /Sanitizer/);
  });
}
