import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { cacheRoot } from '@margay/e2e/lab/binaries/paths';
import { takeLock } from '@margay/e2e/lab/lock';
import { run } from '@margay/e2e/lab/process';
import type { Progress } from '@margay/e2e/lab/progress';

/** buildah with a store of its own, so that nothing of this machine's other images is touched. */
export interface Buildah {
  /** Runs one subcommand and returns what it printed, trimmed. */
  (...args: readonly string[]): Promise<string>;
}

/** The folder of everything about images, in the cache, and the buildah whose store is there. */
export interface Store {
  readonly dir: string;
  readonly buildah: Buildah;
}

/** Works with the store while no other process does. */
export async function withStore<T>(progress: Progress, work: (store: Store) => Promise<T>): Promise<T> {
  const dir = join(cacheRoot(), 'images');
  const lock = await takeLock(join(dir, '.lock'), {
    wait: true,
    onWait: () => progress('another process is building images, waiting for it'),
  });
  try {
    return await work({ dir, buildah: await buildahIn(dir) });
  } finally {
    await lock.release();
  }
}

/**
 * Chroot isolation and the vfs driver work everywhere, also inside a container; overlay is taken where the
 * file system can be mounted on, because vfs copies every layer.
 */
async function buildahIn(dir: string): Promise<Buildah> {
  const driver = (await canOverlay(dir)) ? 'overlay' : 'vfs';
  const store = ['--root', join(dir, `store-${driver}`), '--runroot', join(dir, `run-${driver}`)];
  return async (...args) =>
    (await run('buildah', [...store, '--storage-driver', driver, ...args])).stdout.trim();
}

async function canOverlay(dir: string): Promise<boolean> {
  const script = `cd "$1"; mkdir lower upper work all
mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work none all`;
  await mkdir(dir, { recursive: true });
  const trial = await mkdtemp(join(dir, '.overlay-'));
  try {
    const tried = ['--mount', 'sh', '-euc', script, 'overlay', trial];
    return (await run('unshare', tried, { allowFailure: true })).status === 0;
  } finally {
    await rm(trial, { recursive: true, force: true });
  }
}

/** True when the store holds an image of this name. */
export async function holds(buildah: Buildah, name: string): Promise<boolean> {
  return (await buildah('images', '--format', '{{.Name}}:{{.Tag}}')).split('\n').includes(name);
}
