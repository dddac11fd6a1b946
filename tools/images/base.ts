import { createHash } from 'node:crypto';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { run } from '@margay/e2e/lab/process';
import type { Progress } from '@margay/e2e/lab/progress';

import { holds, type Buildah } from './buildah.ts';
import type { Base } from './catalog.ts';
import { mmdebstrapArguments, parseMirrors, parsePackages, type Mirrors } from './packages.ts';

/** A base in buildah's store. */
export interface BuiltBase {
  /** What a Dockerfile's BASE is set to. */
  readonly name: string;
  /** Changes with everything that the base is made from. */
  readonly key: string;
}

/** Where this machine's apt finds its own Debian release. Throws when it does not know. */
export async function machineMirrors(): Promise<Mirrors> {
  const release = /^VERSION_CODENAME=(.+)$/m.exec(await readFile('/etc/os-release', 'utf8'))?.[1] ?? '';
  const format = ['--format', '$(RELEASE) $(REPO_URI)', 'Identifier: Packages'];
  const { stdout } = await run('apt-get', ['indextargets', ...format]);
  const mirrors = parseMirrors(release, stdout);
  if (mirrors === undefined) {
    throw new Error(`apt knows no mirror of Debian "${release}": add one to /etc/apt/sources.list.d`);
  }
  return mirrors;
}

/** The base, made from Debian packages and this machine's Node.js when the store does not hold it yet. */
export async function ensureBase(
  base: Base,
  buildah: Buildah,
  at: { root: string; work: string; progress: Progress },
): Promise<BuiltBase> {
  const packages = parsePackages(await readFile(join(at.root, base.packages), 'utf8'));
  const mirrors = await machineMirrors();
  // The same packages from another mirror are the same base.
  const anywhere = { release: mirrors.release, archive: 'archive', security: 'security' };
  const node = base.node ? process.version : '';
  const inputs = [mmdebstrapArguments(packages, anywhere, 'root.tar'), process.arch, node];
  const key = createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 10);
  const name = `localhost/margay-${base.name}-base:${key}`;
  if (await holds(buildah, name)) return { name, key };
  at.progress(`making the ${base.name} base from Debian packages (about 30 s, once)`);
  const dir = await mkdtemp(join(at.work, 'base-'));
  try {
    const tar = join(dir, 'root.tar');
    await run('mmdebstrap', ['--quiet', ...mmdebstrapArguments(packages, mirrors, tar)]);
    await commitBase(buildah, { tar, node: base.node, dir, name });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
  return { name, key };
}

async function commitBase(
  buildah: Buildah,
  what: { tar: string; node: boolean; dir: string; name: string },
): Promise<void> {
  const container = await buildah('from', 'scratch');
  try {
    await buildah('add', '--quiet', container, what.tar, '/');
    await buildah(
      'config',
      '--env',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      container,
    );
    if (what.node) await addNode(buildah, container, join(what.dir, 'node'));
    await buildah('commit', '--quiet', container, what.name);
  } finally {
    await buildah('rm', container);
  }
}

/** Node.js without its symbols (12 MB), tried inside: a build that needs more libraries is found here. */
async function addNode(buildah: Buildah, container: string, stripped: string): Promise<void> {
  await run('strip', ['-o', stripped, await realpath(process.execPath)]);
  await buildah('copy', '--quiet', '--chmod', '755', container, stripped, '/usr/local/bin/node');
  try {
    await buildah('run', '--isolation', 'chroot', container, '--', '/usr/local/bin/node', '--version');
  } catch (cause) {
    const why = `${process.execPath} does not run on plain Debian: use the build from https://nodejs.org`;
    throw new Error(why, { cause });
  }
}
