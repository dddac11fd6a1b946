import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { build } from 'esbuild';

import { bundleOptions } from './options.ts';

const run = promisify(execFile);
let dir = '';

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'margay-bundle-'));
});
after(() => rm(dir, { recursive: true }));

async function bundled(source: string): Promise<string> {
  const entry = join(dir, 'entry.ts');
  await writeFile(entry, source);
  await build(bundleOptions({ name: 'sample', entry }, '9.9.9', dir));
  const { stdout } = await run(process.execPath, [join(dir, 'sample.mjs')], { cwd: dir, env: {} });
  return stdout;
}

test('a bundle runs alone, with a CommonJS module that requires a builtin inside', async () => {
  await writeFile(join(dir, 'old.cjs'), "module.exports = { family: require('node:net').isIP('::1') };");
  assert.equal(await bundled("import old from './old.cjs';\nconsole.log(old.family);"), '6\n');
});

test('the version is written into the bundle', async () => {
  assert.equal(await bundled("console.log(process.env['MARGAY_VERSION']);"), '9.9.9\n');
});

test('names of functions and classes survive', async () => {
  assert.equal(await bundled('class Once {}\nconsole.log(new Once().constructor.name);'), 'Once\n');
});
