import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LabError } from './errors.ts';

/** A lock that is held; the kernel lets go of it when the holder dies. */
export interface HeldLock {
  /** Lets go of it. `removeFile` takes the file away first, for a lock that nobody waits on. */
  release(removeFile?: boolean): Promise<void>;
}

/**
 * Takes an exclusive flock(2) on `file`. `wait: false` fails at once with `AlreadyRunning`.
 * A child holds the lock and ends when our end of its pipe closes, so a crash of ours releases it.
 */
export async function takeLock(
  file: string,
  options: { wait: boolean; onWait?: () => void },
): Promise<HeldLock> {
  await mkdir(dirname(file), { recursive: true });
  const immediate = await attempt(file, ['--nonblock']);
  if (immediate) return immediate;
  if (!options.wait) {
    throw new LabError('AlreadyRunning', `another process works on this: ${file} is locked`, {
      retryable: true,
    });
  }
  options.onWait?.();
  const waited = await attempt(file, []);
  if (!waited) throw new LabError('CommandFailed', `flock failed on ${file}`);
  return waited;
}

async function attempt(file: string, flags: readonly string[]): Promise<HeldLock | undefined> {
  const child = spawn(
    'flock',
    ['--exclusive', ...flags, file, 'sh', '-c', 'echo held; exec cat >/dev/null'],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    },
  );
  const held = await new Promise<boolean>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve(false));
    child.stdout.once('data', () => resolve(true));
  });
  if (!held) return undefined;
  child.unref();
  return {
    release: async (removeFile = false) => {
      if (removeFile) await rm(file, { force: true });
      await closed(child);
    },
  };
}

function closed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    // The event loop must live until the exit is seen, or the awaiting program would end half-way.
    child.ref();
    child.stdin?.end();
    if (child.exitCode !== null) resolve();
  });
}
