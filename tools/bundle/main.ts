/** `main.ts <version> <name>...`: bundles the named binaries into dist/. */
import { chmod, stat } from 'node:fs/promises';

import { build } from 'esbuild';

import { bundleOptions, bundles } from './options.ts';

const [version, ...names] = process.argv.slice(2);
const chosen = bundles.filter(({ name }) => names.includes(name));
if (version === undefined || chosen.length === 0 || chosen.length !== names.length) {
  console.error(`usage: main.ts <version> <${bundles.map(({ name }) => name).join('|')}>...`);
  process.exit(2);
}

try {
  await Promise.all(chosen.map((bundle) => build(bundleOptions(bundle, version, 'dist'))));
} catch {
  process.exit(1); // esbuild has said where and why
}
for (const { name } of chosen) {
  const path = `dist/${name}.mjs`;
  await chmod(path, 0o755);
  console.log(`${path}  ${String(Math.round((await stat(path)).size / 1024))} KiB`);
}
