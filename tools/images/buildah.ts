import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { run } from '@margay/e2e/lab/process';

/** buildah with a store of its own, so that nothing of this machine's other images is touched. */
export interface Buildah {
  /** Runs one subcommand and returns what it printed, trimmed. */
  (...args: readonly string[]): Promise<string>;
}

/**
 * buildah whose store is under `dir`. Chroot isolation and the vfs driver work everywhere, also inside a
 * container; overlay is taken where the file system can be mounted on, because vfs copies every layer.
 */
export async function buildahIn(dir: string): Promise<Buildah> {
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
