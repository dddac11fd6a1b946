import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from './process.ts';

/** One mounted cgroup hierarchy: a v1 controller, the named systemd one, or the unified one. */
export interface Hierarchy {
  path: string;
  version: 1 | 2;
  /** Mount options that make the same hierarchy again; empty for v2. */
  options: string;
}

const GENERIC = new Set([
  'rw',
  'ro',
  'relatime',
  'noatime',
  'nosuid',
  'nodev',
  'noexec',
  'xattr',
  'clone_children',
]);

/** The cgroup hierarchies in the text of /proc/mounts, at their usual place; somebody's test may mount them again. */
export function parseHierarchies(mounts: string): Hierarchy[] {
  return mounts.split('\n').flatMap((line): Hierarchy[] => {
    const [, path, type, options = ''] = line.split(' ');
    if (path === undefined || !/^\/sys\/fs\/cgroup(\/|$)/.test(path)) return [];
    if (type === 'cgroup2') return [{ path, version: 2, options: '' }];
    if (type !== 'cgroup') return [];
    const own = options
      .split(',')
      .filter((o) => !GENERIC.has(o) && !/^(nsdelegate|memory_|release_agent=)/.test(o));
    return [
      {
        path,
        version: 1,
        options: own.some((o) => o.startsWith('name=')) ? `none,${own.join(',')}` : own.join(','),
      },
    ];
  });
}

/** The machine's hierarchies. */
export async function machineHierarchies(): Promise<Hierarchy[]> {
  return parseHierarchies(await readFile('/proc/mounts', 'utf8'));
}

/** True when the machine has the unified hierarchy only. */
export function isUnifiedOnly(hierarchies: readonly Hierarchy[]): boolean {
  return hierarchies.every((h) => h.version === 2);
}

/** A cgroup of the same name in every hierarchy. */
export class Cgroup {
  readonly name: string;
  readonly hierarchies: readonly Hierarchy[];

  constructor(name: string, hierarchies: readonly Hierarchy[]) {
    this.name = name;
    this.hierarchies = hierarchies;
  }

  /** Makes it everywhere, with its ancestors. */
  async create(): Promise<void> {
    for (const hierarchy of this.hierarchies) {
      let dir = hierarchy.path;
      for (const part of this.name.split('/')) {
        await makeChild(dir, part, hierarchy);
        dir = join(dir, part);
      }
    }
  }

  /** Files that a process id is written to, to enter it everywhere. */
  procsFiles(): string[] {
    const leaf = isUnifiedOnly(this.hierarchies) ? 'daemons' : '';
    return this.dirs().map((dir) => {
      const inner = join(dir, leaf);
      return join(existsSync(inner) ? inner : dir, 'cgroup.procs');
    });
  }

  /** Process ids in it and below it, in any hierarchy. `within` keeps those in a descendant that it accepts. */
  async pids(within: (path: string) => boolean = () => true): Promise<number[]> {
    const found = new Set<number>();
    for (const dir of this.dirs()) {
      for (const path of await subtree(dir)) {
        if (!within(path)) continue;
        const text = await readFile(join(path, 'cgroup.procs'), 'utf8').catch(() => '');
        for (const pid of text.split('\n').filter(Boolean).map(Number)) found.add(pid);
      }
    }
    found.delete(0);
    return [...found];
  }

  /** Kills everything in it, again and again until nothing is left. */
  async kill(): Promise<void> {
    await until(
      `the processes of cgroup ${this.name} to end`,
      30_000,
      async () => {
        const pids = await this.pids();
        pids.forEach(killQuietly);
        return pids.length === 0 ? true : undefined;
      },
      50,
    );
  }

  /** Removes it and its descendants everywhere; it must hold no process. */
  async remove(): Promise<void> {
    for (const dir of this.dirs()) {
      for (const path of (await subtree(dir)).reverse()) {
        await until(`cgroup ${path} to be removed`, 10_000, () => removed(path), 50);
      }
    }
  }

  /** True when it is there in some hierarchy. */
  exists(): boolean {
    return this.dirs().some((dir) => existsSync(dir));
  }

  private dirs(): string[] {
    return this.hierarchies.map((h) => join(h.path, this.name));
  }
}

async function makeChild(parent: string, name: string, hierarchy: Hierarchy): Promise<void> {
  const dir = join(parent, name);
  if (hierarchy.version === 2) await delegate(parent);
  await mkdir(dir, { recursive: true });
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    if (hierarchy.version === 2 || !existsSync(join(dir, file))) continue;
    const own = (await readFile(join(dir, file), 'utf8')).trim();
    if (own === '') await writeFile(join(dir, file), await readFile(join(parent, file)));
  }
}

/** Gives children the controllers of a v2 cgroup; on a hybrid machine there are none to give. */
async function delegate(dir: string): Promise<void> {
  const controllers = (await readFile(join(dir, 'cgroup.controllers'), 'utf8')).trim();
  if (controllers === '') return;
  const wanted = controllers.split(' ').map((c) => `+${c}`);
  await writeFile(join(dir, 'cgroup.subtree_control'), wanted.join(' '));
}

/** The directory and all below it, parents before children; empty when it does not exist. */
async function subtree(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => undefined);
  if (!entries) return [];
  const below = await Promise.all(
    entries.filter((e) => e.isDirectory()).map((e) => subtree(join(dir, e.name))),
  );
  return [dir, ...below.flat()];
}

async function removed(path: string): Promise<true | undefined> {
  try {
    await rmdir(path);
    return true;
  } catch (error) {
    return isCode(error, 'ENOENT') ? true : undefined;
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!isCode(error, 'ESRCH')) throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Accepts the cgroup of one container, whatever the runtime's naming. */
export function ofContainer(id: string): (path: string) => boolean {
  return (path) => path.split('/').some((part) => part === id || part.includes(id));
}
