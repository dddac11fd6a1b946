import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isAlive, recallDaemon, rememberDaemon, startDaemon, stopDaemon } from './daemon.ts';
import { isLabError } from './errors.ts';
import { takeLock } from './lock.ts';
import { run, sh } from './process.ts';

async function inTemporary(use: (dir: string) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'lab-test-'));
  try {
    await use(dir);
  } finally {
    await rm(dir, { recursive: true });
  }
}

test('a failing command throws with its status and the end of what it said', async () => {
  await assert.rejects(sh('echo why >&2; exit 3'), (error: unknown) => {
    return (
      isLabError(error, 'CommandFailed') &&
      error.message.startsWith('exit 3') &&
      error.message.includes('why')
    );
  });
});

test('a command that takes too long is killed', async () => {
  await assert.rejects(run('sleep', ['60'], { timeout: 50 }), (error: unknown) =>
    isLabError(error, 'Timeout'),
  );
});

test('a command that is not there is named', async () => {
  await assert.rejects(run('no-such-command', []), (error: unknown) => {
    return isLabError(error, 'CommandFailed') && error.message.includes('no-such-command');
  });
});

test('input is fed and lines of standard error are told', async () => {
  const lines: string[] = [];
  const result = await run('sh', ['-c', 'cat; echo one >&2; echo two >&2'], {
    input: 'in',
    onErrorLine: (line) => lines.push(line),
  });
  assert.deepEqual([result.stdout, lines], ['in', ['one', 'two']]);
});

test('a daemon is remembered until it ends, and a stranger with its pid is not taken for it', () =>
  inTemporary(async (dir) => {
    const daemon = await startDaemon({
      name: 'd',
      command: 'sleep',
      args: ['60'],
      logFile: join(dir, 'd.log'),
    });
    await rememberDaemon(dir, daemon);
    assert.deepEqual(await recallDaemon(dir, 'd'), daemon);
    assert.equal(isAlive({ ...daemon, startTime: '1' }), false);
    await stopDaemon(daemon);
    assert.equal(await recallDaemon(dir, 'd'), undefined);
  }));

test('a daemon that ends at once is an error that names its log', () =>
  inTemporary(async (dir) => {
    const logFile = join(dir, 'd.log');
    await assert.rejects(
      startDaemon({ name: 'd', command: 'false', args: [], logFile }),
      (error: unknown) => {
        return isLabError(error, 'CommandFailed') && error.message.includes(logFile);
      },
    );
  }));

test('a lock is held by one at a time', () =>
  inTemporary(async (dir) => {
    const file = join(dir, 'lock');
    const first = await takeLock(file, { wait: false });
    await assert.rejects(takeLock(file, { wait: false }), (error: unknown) =>
      isLabError(error, 'AlreadyRunning'),
    );
    let waited = false;
    const second = takeLock(file, { wait: true, onWait: () => (waited = true) });
    setTimeout(() => void first.release(), 50);
    await (await second).release();
    assert.equal(waited, true);
  }));
