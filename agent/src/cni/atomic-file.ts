/** Files that others read at any moment: they see the old contents or the new, never a part. */
import { open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Replaces a file's contents and mode in one step, and only where they differ; true when it did. The
 * directory must exist. The passing name starts with a dot and ends in `.new`, which no container
 * runtime takes for a configuration.
 */
export async function replaceFile(
  path: string,
  contents: Uint8Array | string,
  mode: number,
): Promise<boolean> {
  const wanted = typeof contents === 'string' ? Buffer.from(contents) : contents;
  const there = await readFile(path).catch(() => undefined);
  if (there !== undefined && there.equals(wanted)) return false;
  const passing = join(dirname(path), `.${basename(path)}.new`);
  await rm(passing, { force: true });
  const file = await open(passing, 'wx', mode);
  try {
    await file.writeFile(wanted);
    await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(passing, path);
  return true;
}
