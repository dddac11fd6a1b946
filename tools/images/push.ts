import { join } from 'node:path';

import { cacheRoot } from '@margay/e2e/lab/binaries/paths';

import { buildahIn } from './buildah.ts';
import { shortName } from './catalog.ts';

/**
 * The name under which an image is pushed: registry and path are the user's, name and tag stay, because the
 * operator derives the agent's image from its own. A trailing slash of `registry` is ignored.
 */
export function pushedName(ref: string, registry: string): string {
  const tag = ref.slice(ref.lastIndexOf(':') + 1);
  return `${registry.replace(/\/+$/, '')}/${shortName(ref)}:${tag}`;
}

/** Pushes one docker-archive; credentials are those of `buildah login`. `tls: false` allows a plain-HTTP registry. */
export async function push(archive: string, name: string, options: { readonly tls: boolean }): Promise<void> {
  const buildah = await buildahIn(join(cacheRoot(), 'images'));
  const id = await buildah('pull', '--quiet', `docker-archive:${archive}`);
  try {
    await buildah('push', '--quiet', `--tls-verify=${options.tls}`, id, `docker://${name}`);
  } finally {
    await buildah('rmi', id);
  }
}
