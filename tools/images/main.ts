/**
 * `main.ts build <group>...`  builds the groups' images where their inputs changed, and lists all archives
 *                             that are known in build/images.json: image name -> docker-archive.
 * `main.ts push <registry>`   builds the product's images and pushes them under that registry and path.
 * VERSION in the environment is their tag; MARGAY_REGISTRY_TLS=false allows a registry without TLS.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';

import { stderrProgress } from '@margay/e2e/lab/progress';

import { ensureImages } from './build.ts';
import { withStore } from './buildah.ts';
import { catalog, type ImageGroup } from './catalog.ts';
import { push, pushedName } from './push.ts';

const manifest = 'build/images.json';
const groups: readonly ImageGroup[] = ['product', 'lab', 'conformance'];
const progress = stderrProgress('images');

function usage(): never {
  console.error(`usage: main.ts build <${groups.join('|')}>... | push <registry>/<path>`);
  process.exit(2);
}

async function version(): Promise<string> {
  const given = process.env['VERSION'];
  if (given !== undefined && given !== '') return given;
  return (JSON.parse(await readFile('package.json', 'utf8')) as { version: string }).version;
}

async function build(wanted: readonly ImageGroup[]): Promise<Map<string, string>> {
  const images = catalog(await version()).filter((image) => wanted.includes(image.group));
  const archives = await ensureImages(images, process.cwd(), progress);
  const before = await readFile(manifest, 'utf8').catch(() => '{}');
  const all = { ...(JSON.parse(before) as Record<string, string>), ...Object.fromEntries(archives) };
  await mkdir('build', { recursive: true });
  await writeFile(manifest, `${JSON.stringify(all, null, 2)}\n`);
  return archives;
}

async function pushAll(registry: string): Promise<void> {
  const archives = await build(['product']);
  const tls = process.env['MARGAY_REGISTRY_TLS'] !== 'false';
  await withStore(progress, async ({ buildah }) => {
    for (const [ref, archive] of archives) {
      const name = pushedName(ref, registry);
      progress(`pushing ${name}`);
      await push(buildah, { archive, name, tls });
      console.log(name);
    }
  });
}

async function main([command, ...args]: readonly string[]): Promise<void> {
  const wanted = groups.filter((group) => args.includes(group));
  const [registry] = args;
  if (command === 'build' && args.length > 0 && wanted.length === args.length) {
    for (const [ref, archive] of await build(wanted)) console.log(`${ref}  ${archive}`);
  } else if (command === 'push' && registry !== undefined) await pushAll(registry);
  else usage();
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? `images: ${error.message}` : error);
  process.exitCode = 1;
}
