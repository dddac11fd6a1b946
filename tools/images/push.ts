import type { Buildah } from './buildah.ts';
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
export async function push(
  buildah: Buildah,
  what: { readonly archive: string; readonly name: string; readonly tls: boolean },
): Promise<void> {
  const id = await buildah('pull', '--quiet', `docker-archive:${what.archive}`);
  try {
    await buildah('push', '--quiet', `--tls-verify=${what.tls}`, id, `docker://${what.name}`);
  } finally {
    await buildah('rmi', '--force', id);
  }
}
