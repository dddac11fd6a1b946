/**
 * Uses everything of the addon that has a thread or work under way, then ends as its argument says.
 * A process of its own, or a worker thread.
 */
import assert from 'node:assert/strict';
import { parentPort, workerData } from 'node:worker_threads';

import { loadNative } from '../../src/native.ts';
import { loadNetlink } from '../../src/netlink.ts';
import { fixture, mapOf, programOf } from './fixtures.ts';

const ignore = (): void => undefined;
const native = loadNative();
native.setLogSink(ignore, 'debug');
const object = await native.load({ path: fixture('basic') });
const ring = native.openRingBuffer(mapOf(object, 'events'), ignore, ignore);
const watch = loadNetlink().watch(ignore);
const run = async (): Promise<void> => {
  await programOf(object, 'reporting').testRun({ data: new Uint8Array(64), repeat: 20_000 });
};

const ends: Readonly<Record<string, () => void>> = {
  exit: () => process.exit(0),
  throw: () => assert.fail('expected'),
  close: () => {
    ring.close();
    watch.close();
  },
  stay: () => {
    setInterval(() => void run(), 5);
    parentPort?.postMessage('busy');
  },
};

await run();
void run();
void mapOf(object, 'flows').dump();
ends[parentPort === null ? (process.argv[2] ?? '') : String(workerData)]?.();
