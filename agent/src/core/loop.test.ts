import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { deferred } from '@margay/lib/deferred';
import { Loop } from './loop.ts';

test('questions during a round make one more round, never two at a time', async (t) => {
  const begun = [deferred<boolean>(), deferred<boolean>()] as const;
  const end = deferred<boolean>();
  let rounds = 0;
  const loop = new Loop(async () => {
    begun[rounds++]?.resolve(true);
    await end.promise;
    return undefined;
  });
  t.after(() => loop.close());
  loop.ask();
  loop.ask();
  await begun[0].promise;
  loop.ask();
  loop.ask();
  assert.equal(rounds, 1);
  end.resolve(true);
  await begun[1].promise;
  await sleep(20);
  assert.equal(rounds, 2);
});

test('a round may ask for the next one itself, and says when one comes in any case', async (t) => {
  const third = deferred<boolean>();
  let rounds = 0;
  const loop = new Loop(() => {
    if (++rounds === 1) loop.ask();
    if (rounds === 3) third.resolve(true);
    return Promise.resolve(rounds === 2 ? 5 : undefined);
  });
  t.after(() => loop.close());
  loop.ask();
  await third.promise;
});

test('rounds keep their distance, and a closed loop has none', async () => {
  const first = deferred<boolean>();
  let rounds = 0;
  const loop = new Loop(() => {
    rounds++;
    loop.ask();
    first.resolve(true);
    return Promise.resolve(undefined);
  }, 1_000_000);
  loop.ask();
  await first.promise;
  await sleep(20);
  assert.equal(rounds, 1);
  loop.close();
  loop.ask();
  await sleep(20);
  assert.equal(rounds, 1);
});
