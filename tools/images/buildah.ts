import { join } from 'node:path';

import { run } from '@margay/e2e/lab/process';

/** buildah with a store of its own, so that nothing of this machine's other images is touched. */
export interface Buildah {
  /** Runs one subcommand and returns what it printed, trimmed. */
  (...args: readonly string[]): Promise<string>;
}

/**
 * buildah whose store is under `dir`. The vfs driver and chroot isolation work everywhere, also inside
 * a container.
 */
export function buildahIn(dir: string): Buildah {
  const store = ['--root', join(dir, 'store'), '--runroot', join(dir, 'run'), '--storage-driver', 'vfs'];
  return async (...args) => (await run('buildah', [...store, ...args])).stdout.trim();
}

/** True when the store holds an image of this name. */
export async function holds(buildah: Buildah, name: string): Promise<boolean> {
  return (await buildah('images', '--format', '{{.Name}}:{{.Tag}}')).split('\n').includes(name);
}
