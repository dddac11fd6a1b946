import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { deferred } from './deferred.ts';
import { MargayError } from './errors.ts';
import { MemoryLog } from './testing/memory-log.ts';
import { until } from './testing/until.ts';
import { WorkQueue, type WorkQueueOptions } from './work-queue.ts';

function queue(
  process: WorkQueueOptions<string>['process'],
  more: Partial<WorkQueueOptions<string>> = {},
): WorkQueue<string> {
  return new WorkQueue({
    process,
    log: new MemoryLog(),
    backoffFirstMs: 5,
    backoffLongestMs: 20,
    random: () => 1,
    ...more,
  });
}

test('a key that is added many times at once is worked on once', async () => {
  const done: string[] = [];
  const work = queue((key) => Promise.resolve(void done.push(key)));
  for (const key of ['a', 'b', 'a', 'a']) work.add(key);
  await until(() => done.length === 2);
  await wait(20);
  assert.deepEqual(done, ['a', 'b']);
});

test('a key that is added while it is worked on is worked on once more, and never twice at a time', async () => {
  const gates = [deferred<undefined>(), deferred<undefined>()];
  let started = 0;
  let atOnce = 0;
  const work = queue(
    async () => {
      atOnce++;
      assert.equal(atOnce, 1);
      await gates[started++]?.promise;
      atOnce--;
      return undefined;
    },
    { concurrency: 4 },
  );
  work.add('a');
  await until(() => started === 1);
  work.add('a');
  work.add('a');
  assert.equal(work.depth, 1);
  gates[0]?.resolve(undefined);
  await until(() => started === 2);
  gates[1]?.resolve(undefined);
  await wait(20);
  assert.equal(started, 2);
});

test('no more keys at a time than asked for', async () => {
  let running = 0;
  let most = 0;
  const left = new Set(['a', 'b', 'c', 'd', 'e']);
  const work = queue(
    async (key) => {
      most = Math.max(most, ++running);
      await wait(5);
      running--;
      left.delete(key);
      return undefined;
    },
    { concurrency: 2 },
  );
  for (const key of left) work.add(key);
  await until(() => left.size === 0);
  assert.equal(most, 2);
});

test('what fails comes back at growing intervals, each key by itself, until it works', async () => {
  const at: Record<string, number[]> = { bad: [], good: [] };
  const log = new MemoryLog();
  const work = queue(
    (key) => {
      at[key]?.push(performance.now());
      if (key === 'bad' && (at[key]?.length ?? 0) < 4) return Promise.reject(new Error('no'));
      return Promise.resolve(undefined);
    },
    { log, backoffFirstMs: 20, backoffLongestMs: 1000 },
  );
  work.add('bad');
  work.add('good');
  await until(() => at['bad']?.length === 4);
  const gaps = (at['bad'] ?? []).slice(1).map((time, i) => time - (at['bad']?.[i] ?? 0));
  assert.ok((gaps[0] ?? 0) >= 19 && (gaps[1] ?? 0) >= 39 && (gaps[2] ?? 0) >= 79, gaps.join(' '));
  assert.equal(at['good']?.length, 1);
  assert.deepEqual(
    log.lines.map(({ level, fields }) => [level, fields['key'], fields['failures']]),
    [
      ['warn', 'bad', 1],
      ['warn', 'bad', 2],
      ['warn', 'bad', 3],
    ],
  );
});

test('failures that are to be expected are no news until they last', async () => {
  const log = new MemoryLog();
  let tries = 0;
  const conflict = new MargayError('conflict', { code: 'Conflict', retryable: true });
  const work = queue(() => (++tries < 4 ? Promise.reject(conflict) : Promise.resolve(undefined)), { log });
  work.add('a');
  await until(() => tries === 4);
  assert.deepEqual(
    log.lines.map(({ level }) => level),
    ['debug', 'debug', 'warn'],
  );
});

test('a key may ask to come back, and the earliest time stands', async () => {
  const at: number[] = [];
  const work = queue(() => {
    at.push(performance.now());
    return Promise.resolve(at.length === 1 ? 30 : undefined);
  });
  work.add('a');
  await until(() => at.length === 1);
  work.addAfter('a', 10_000);
  await until(() => at.length === 2, 1000);
  assert.ok((at[1] ?? 0) - (at[0] ?? 0) >= 29);
  await work.stop();
});

test('stop aborts the workers, waits for them, and forgets the rest', async () => {
  const done: string[] = [];
  const work = queue(async (key, signal) => {
    await wait(1000, undefined, { signal }).catch(() => undefined);
    done.push(key);
    return 1;
  });
  work.add('a');
  work.add('b');
  work.addAfter('c', 1);
  await wait(10);
  await work.stop();
  work.add('d');
  await wait(20);
  assert.deepEqual(done, ['a']);
});
