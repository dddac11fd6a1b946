import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { runs, type GroupName } from './groups.ts';

const skipped: ReadonlySet<string> = new Set(['node_modules', 'build', 'dist']);

/** Paths from `root` of all files of a tier, sorted. */
export async function findTests(root: string, group: GroupName): Promise<string[]> {
  const found: string[] = [];
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !skipped.has(entry.name) && !entry.name.startsWith('.')) pending.push(path);
      else if (entry.isFile() && runs(group, path)) found.push(path);
    }
  }
  return found.sort();
}
