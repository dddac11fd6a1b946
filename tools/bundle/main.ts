/** `main.ts <version>`: bundles every binary into dist/. */
import { chmod, stat } from 'node:fs/promises';

import { build } from 'esbuild';

import { bundleOptions, bundles } from './options.ts';

const version = process.argv[2];
if (version === undefined) throw new Error('usage: main.ts <version>');

await Promise.all(bundles.map((bundle) => build(bundleOptions(bundle, version, 'dist'))));
for (const { name } of bundles) {
  const path = `dist/${name}.mjs`;
  await chmod(path, 0o755);
  console.log(`${path}  ${String(Math.round((await stat(path)).size / 1024))} KiB`);
}
