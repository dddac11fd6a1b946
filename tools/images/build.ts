import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, link, mkdir, mkdtemp, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { ensureBinaries, ensureConformance } from '@margay/e2e/lab/binaries/build';
import { binariesDir, conformanceDir } from '@margay/e2e/lab/binaries/paths';
import { run } from '@margay/e2e/lab/process';
import { elapsed, type Progress } from '@margay/e2e/lab/progress';

import { ensureBase, type BuiltBase } from './base.ts';
import { withStore, type Buildah } from './buildah.ts';
import { bases, archiveName, type Image } from './catalog.ts';
import { copySources } from './dockerfile.ts';

/** How many archives of one image stay in the cache: the last ones, for going back and forth in a change. */
const kept = 3;

/** Everything that building images needs to know about where it is. */
interface Site {
  readonly root: string;
  readonly cache: string;
  readonly buildah: Buildah;
  readonly progress: Progress;
}

/**
 * Builds the given images where their inputs changed, and returns their docker-archives by name:
 * `${MARGAY_CACHE}/images/<name>-<hash of the inputs>/<name>.tar`. Instant when nothing changed.
 */
export async function ensureImages(
  images: readonly Image[],
  root: string,
  progress: Progress,
): Promise<Map<string, string>> {
  // Outside the store's lock: on a cold cache these take minutes, in which others may build what they need.
  if (images.some(({ context }) => context === 'binaries')) await ensureBinaries(progress);
  if (images.some(({ group }) => group === 'conformance')) await ensureConformance(progress);
  return withStore(progress, async ({ dir: cache, buildah }) => {
    const site = { root, cache, buildah, progress };
    const archives = new Map<string, string>();
    const made = new Map<string, Promise<BuiltBase>>();
    for (const image of images) archives.set(image.ref, await ensureImage(image, site, made));
    return archives;
  });
}

async function ensureImage(image: Image, site: Site, made: Map<string, Promise<BuiltBase>>): Promise<string> {
  const base = image.base === undefined ? undefined : await baseOnce(image.base, site, made);
  const sources = await locateSources(image, site);
  const key = await imageKey(image, base, sources, site);
  const name = archiveName(image);
  const dir = join(site.cache, `${name}-${key}`);
  const archive = join(dir, `${name}.tar`);
  if (existsSync(archive)) return archive;
  const started = Date.now();
  const work = await mkdtemp(join(site.cache, '.build-'));
  try {
    const context = image.context === 'checkout' ? site.root : await stage(image, sources, { work, site });
    await bud(image, base, { context, archive: join(work, `${name}.tar`), site });
    await mkdir(dir, { recursive: true });
    await rename(join(work, `${name}.tar`), archive);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  await prune(name, site.cache);
  site.progress(`${image.ref} built in ${elapsed(started)}`);
  return archive;
}

function baseOnce(
  name: NonNullable<Image['base']>,
  site: Site,
  made: Map<string, Promise<BuiltBase>>,
): Promise<BuiltBase> {
  const found =
    made.get(name) ??
    ensureBase(bases[name], site.buildah, { root: site.root, work: site.cache, progress: site.progress });
  made.set(name, found);
  return found;
}

/** Path of each COPY source; absent for one that the folder's prepare.sh makes. */
async function locateSources(image: Image, site: Site): Promise<Map<string, string | undefined>> {
  const names = copySources(await readFile(join(site.root, image.folder, 'Dockerfile'), 'utf8'));
  const folders = sourceFolders(image, site.root);
  const prepared = existsSync(join(site.root, image.folder, 'prepare.sh'));
  const located = new Map<string, string | undefined>();
  for (const name of names) {
    const path = folders.map((folder) => join(folder, name)).find((candidate) => existsSync(candidate));
    if (path === undefined && !prepared)
      throw new Error(`${image.ref}: ${name} is missing; run "make build" first`);
    located.set(name, path);
  }
  return located;
}

function sourceFolders(image: Image, root: string): string[] {
  if (image.context === 'checkout') return [root];
  return image.group === 'conformance' ? [binariesDir(), conformanceDir()] : [binariesDir()];
}

/** Hash of the folder's files, the base, and what is copied: contents in the checkout, names in the cache. */
async function imageKey(
  image: Image,
  base: BuiltBase | undefined,
  sources: ReadonlyMap<string, string | undefined>,
  site: Site,
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([image.ref, base?.key]));
  for (const name of (await readdir(join(site.root, image.folder))).sort()) {
    hash.update(name).update(await readFile(join(site.root, image.folder, name)));
  }
  for (const [name, path] of sources) {
    hash.update(`\n${name}\n`);
    // The lab's binaries lie in a folder that is named by the hash of their recipe.
    if (path !== undefined) hash.update(image.context === 'checkout' ? await readFile(path) : path);
  }
  return hash.digest('hex').slice(0, 10);
}

/** A context with the sources by name, hard-linked, and what prepare.sh adds. */
async function stage(
  image: Image,
  sources: ReadonlyMap<string, string | undefined>,
  at: { work: string; site: Site },
): Promise<string> {
  const context = join(at.work, 'context');
  await mkdir(context);
  for (const [name, path] of sources) {
    if (path !== undefined)
      await link(path, join(context, basename(name))).catch(() =>
        copyFile(path, join(context, basename(name))),
      );
  }
  const prepare = join(at.site.root, image.folder, 'prepare.sh');
  if (existsSync(prepare)) await run(prepare, [context]);
  return context;
}

async function bud(
  image: Image,
  base: BuiltBase | undefined,
  at: { context: string; archive: string; site: Site },
): Promise<void> {
  const { buildah, root } = at.site;
  const tag = `localhost/margay-build/${archiveName(image)}:latest`;
  const argument = base === undefined ? [] : ['--build-arg', `BASE=${base.name}`];
  const fixed = ['--quiet', '--isolation', 'chroot', '--timestamp', '0', '--pull-never', ...argument];
  await buildah('bud', ...fixed, '-f', join(root, image.folder, 'Dockerfile'), '-t', tag, at.context);
  try {
    await buildah('push', '--quiet', tag, `docker-archive:${at.archive}:${image.ref}`);
  } finally {
    await buildah('rmi', tag);
  }
}

/** Removes all but the newest archives of an image. */
async function prune(name: string, cache: string): Promise<void> {
  const dirs = (await readdir(cache)).filter(
    (dir) => dir.startsWith(`${name}-`) && /-[0-9a-f]{10}$/.test(dir),
  );
  const aged = await Promise.all(
    dirs.map(async (dir) => ({ dir: join(cache, dir), at: (await stat(join(cache, dir))).mtimeMs })),
  );
  aged.sort((a, b) => b.at - a.at);
  for (const { dir } of aged.slice(kept)) await rm(dir, { recursive: true, force: true });
}
