import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { MargayError } from './errors.ts';
import { createLogger, type Logger, type LogLevel } from './log.ts';

function logger(level: LogLevel = 'debug'): {
  log: Logger;
  lines: () => Record<string, unknown>[];
  clock: { now: number };
} {
  const clock = { now: 0 };
  const stream = new PassThrough();
  const log = createLogger({ level, stream, now: () => clock.now, fields: { component: 'test' } });
  const lines = (): Record<string, unknown>[] => {
    const text = String((stream.read() as Buffer | null) ?? '');
    return text
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, unknown>]));
  };
  return { log, lines, clock };
}

test('a line is JSON with time, level, a constant message, and the fields of all its parents', () => {
  const { log, lines } = logger();
  const cause = new MargayError('inner', { code: 'Inner' });
  log.child({ node: 'n1' }).warn('sync failed', {
    count: 2,
    error: new MargayError('outer', { code: 'Outer', cause }),
    absent: undefined,
  });
  assert.deepEqual(lines(), [
    {
      time: '1970-01-01T00:00:00.000Z',
      level: 'warn',
      message: 'sync failed',
      component: 'test',
      node: 'n1',
      count: 2,
      error: 'outer: inner',
    },
  ]);
});

test('below the level nothing is written', () => {
  const { log, lines } = logger('info');
  log.debug('x');
  assert.deepEqual(lines(), []);
});

test('the same cause comes once a minute, with how often it was held back', () => {
  const { log, lines, clock } = logger();
  for (let i = 0; i < 5; i++) log.warn('sync failed', { node: 'n1', durationMs: i });
  assert.equal(lines().length, 1);
  clock.now = 59_999;
  log.warn('sync failed', { node: 'n1' });
  assert.equal(lines().length, 0);
  clock.now = 60_000;
  log.warn('sync failed', { node: 'n1' });
  assert.equal(lines()[0]?.['repeated'], 5);
});

test('another node, another message, another level or another code is another cause', () => {
  const { log, lines } = logger();
  log.warn('sync failed', { node: 'n1' });
  log.warn('sync failed', { node: 'n2' });
  log.warn('sync refused', { node: 'n1' });
  log.error('sync failed', { node: 'n1' });
  log.warn('sync failed', { node: 'n1', code: 'Full', error: 'full at 10:00' });
  log.warn('sync failed', { node: 'n1', code: 'Full', error: 'full at 10:01' });
  assert.equal(lines().length, 5);
});

test('debug lines are never held back', () => {
  const { log, lines } = logger();
  log.debug('tick');
  log.debug('tick');
  assert.equal(lines().length, 2);
});
