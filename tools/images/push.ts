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

const lookAt =
  'Is REGISTRY right, and does it answer this machine? Credentials: buildah login. No TLS: MARGAY_REGISTRY_TLS=false';

/**
 * Pushes one docker-archive; credentials are those of `buildah login`. `tls: false` allows a plain-HTTP registry.
 * A failure's message is buildah's last line, which has the cause, and what a person looks at first.
 */
export async function push(
  buildah: Buildah,
  what: { readonly archive: string; readonly name: string; readonly tls: boolean },
): Promise<void> {
  const id = await buildah('pull', '--quiet', `docker-archive:${what.archive}`);
  try {
    await buildah('push', '--quiet', `--tls-verify=${what.tls}`, id, `docker://${what.name}`);
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    const why = text.slice(text.lastIndexOf('\n') + 1);
    throw new Error(`cannot push ${what.name}\n  ${why}\n  ${lookAt}`, { cause });
  } finally {
    await buildah('rmi', '--force', id);
  }
}
