import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheRoot } from '../binaries/paths.ts';
import { startDaemon, stopDaemon, type Daemon } from '../daemon.ts';
import { takeLock } from '../lock.ts';
import { run, sh, until } from '../process.ts';
import { elapsed, type Progress } from '../progress.ts';

/** How many stores stay in the cache. */
const KEPT = 2;

/** Images that every node starts with, and the binaries that unpack them. */
export interface StoreInputs {
  archives: readonly string[];
  binaries: string;
}

/**
 * A containerd root directory in the cache that has these docker-archives imported and unpacked. Importing costs
 * each node many seconds; giving it the finished store costs one.
 */
export async function ensureImageStore(inputs: StoreInputs, progress: Progress): Promise<string> {
  const cache = join(cacheRoot(), 'image-stores');
  const dir = join(cache, storeKey(inputs));
  const lock = await takeLock(join(cache, '.lock'), { wait: true });
  try {
    if (!existsSync(dir)) {
      const started = Date.now();
      await build(inputs, dir);
      progress(`images: ${inputs.archives.length} archives unpacked in ${elapsed(started)}, once`);
    }
    await sh('touch "$1"', [dir]);
    await forgetOld(cache);
    return dir;
  } finally {
    await lock.release();
  }
}

/**
 * Gives a node the store as its containerd root `target`. Blobs and unpacked layers are never written to again, so
 * they are hard links where the file system allows; the databases are copies.
 */
export async function copyImageStore(store: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  await sh(
    `cp -al "$1/." "$2/" 2>/dev/null || { rm -rf "$2"; cp -a "$1/." "$2/"; }
     find "$1" -name '*.db' -printf '%P\\n' | while read -r db; do cp --remove-destination -p "$1/$db" "$2/$db"; done`,
    [store, target],
  );
}

async function build(inputs: StoreInputs, dir: string): Promise<void> {
  const temporary = `${dir}.tmp-${process.pid}`;
  await rm(temporary, { recursive: true, force: true });
  const paths = {
    root: join(temporary, 'root'),
    state: join(temporary, 'state'),
    socket: join(temporary, 'c.sock'),
  };
  await mkdir(paths.root, { recursive: true });
  const config = join(temporary, 'config.toml');
  const off = ['io.containerd.grpc.v1.cri', 'io.containerd.cri.v1.images', 'io.containerd.cri.v1.runtime'];
  await writeFile(
    config,
    `version = 3\ndisabled_plugins = ${JSON.stringify([...off, 'io.containerd.nri.v1.nri'])}\n`,
  );
  const daemon = await containerd(inputs.binaries, config, paths);
  const ctr = [join(inputs.binaries, 'ctr'), '--address', paths.socket, '-n', 'k8s.io'];
  try {
    await until('containerd that unpacks images', 30_000, async () => {
      const version = await run('env', [...ctr, 'version'], { allowFailure: true });
      return version.status === 0 ? true : undefined;
    });
    for (const archive of inputs.archives) {
      await inNamespaceOf(daemon, [...ctr, 'images', 'import', '--local', archive]);
    }
  } finally {
    await stopDaemon(daemon);
  }
  // Each containerd is to give itself an identity of its own.
  await rm(join(paths.root, 'io.containerd.grpc.v1.introspection'), { recursive: true, force: true });
  await rename(paths.root, dir);
  await rm(temporary, { recursive: true, force: true });
}

/** containerd in a mount namespace of its own: unpacking mounts layers, and a crash must leave none. */
async function containerd(
  binaries: string,
  config: string,
  paths: { root: string; state: string; socket: string },
): Promise<Daemon> {
  const flags = ['--config', config, '--root', paths.root, '--state', paths.state, '--address', paths.socket];
  return startDaemon({
    name: 'containerd',
    command: 'unshare',
    args: ['--mount', '--propagation', 'private', '--', join(binaries, 'containerd'), ...flags],
    logFile: join(paths.root, '..', 'containerd.log'),
    dieWithParent: true,
  });
}

/** The client unpacks too, so it has to see the same mounts. */
async function inNamespaceOf(daemon: Daemon, argv: readonly string[]): Promise<void> {
  await run('nsenter', [`--target=${daemon.pid}`, '--mount', '--', ...argv]);
}

function storeKey(inputs: StoreInputs): string {
  const text = [inputs.binaries, ...[...inputs.archives].sort()].join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 10);
}

async function forgetOld(cache: string): Promise<void> {
  const names = (await readdir(cache)).filter((name) => !name.startsWith('.'));
  const dated = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(cache, name))).mtimeMs })),
  );
  const old = dated.sort((a, b) => b.at - a.at).slice(KEPT);
  for (const { name } of old) await rm(join(cache, name), { recursive: true, force: true });
}
