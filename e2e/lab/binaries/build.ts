import { existsSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../errors.ts';
import { takeLock } from '../lock.ts';
import { run } from '../process.ts';
import { elapsed, type Progress } from '../progress.ts';
import { goArguments, wrapperGoMod } from './go-module.ts';
import { binariesDir, cacheRoot, conformanceDir } from './paths.ts';
import {
  conformanceRecipe,
  labRecipes,
  outputNames,
  recipeKey,
  registryRecipe,
  type Recipe,
  type Target,
} from './recipe.ts';

/** Builds what is missing of the lab's binaries and returns their directory. Cheap when nothing is missing. */
export async function ensureBinaries(progress: Progress): Promise<string> {
  const dir = binariesDir();
  if (existsSync(dir)) return dir;
  return locked(progress, async () => {
    if (existsSync(dir)) return dir;
    const recipes = labRecipes();
    for (const recipe of recipes) await ensureGroup(recipe, progress);
    await atomically(dir, async (out) => {
      for (const recipe of recipes) {
        for (const name of outputNames(recipe)) await link(join(groupDir(recipe), name), join(out, name));
      }
    });
    return dir;
  });
}

/** Builds e2e.test and ginkgo when they are missing and returns their directory. */
export async function ensureConformance(progress: Progress): Promise<string> {
  const dir = conformanceDir();
  if (!existsSync(dir)) await locked(progress, () => ensureGroup(conformanceRecipe(), progress));
  return dir;
}

/** Builds the image registry when it is missing and returns its path. */
export async function ensureRegistry(progress: Progress): Promise<string> {
  const recipe = registryRecipe();
  const dir = groupDir(recipe);
  if (!existsSync(dir)) await locked(progress, () => ensureGroup(recipe, progress));
  return join(dir, 'registry');
}

function groupDir(recipe: Recipe): string {
  return join(cacheRoot(), 'bin', recipeKey(recipe));
}

async function locked<T>(progress: Progress, work: () => Promise<T>): Promise<T> {
  const lock = await takeLock(join(cacheRoot(), 'bin', '.lock'), {
    wait: true,
    onWait: () => progress('binaries: another process is building them, waiting for it'),
  });
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

async function ensureGroup(recipe: Recipe, progress: Progress): Promise<void> {
  const dir = groupDir(recipe);
  if (existsSync(dir)) return;
  const started = Date.now();
  const title = `binaries: ${recipe.group} ${recipe.version}`;
  progress(`${title}: building (${recipe.about} on two cores, once)`);
  const module = `${dir}.module`;
  try {
    await writeModule(recipe, module);
    await atomically(dir, async (out) => {
      for (const target of recipe.targets) {
        await compile(recipe, target, { module, out, report: (text) => progress(`${title}: ${text}`) });
      }
    });
  } finally {
    await rm(module, { recursive: true, force: true });
  }
  progress(`${title}: done in ${elapsed(started)}`);
}

async function writeModule(recipe: Recipe, dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  const version = `${recipe.module}@${recipe.moduleVersion}`;
  const { stdout } = await go(['mod', 'download', '-json', version], dir);
  const { GoMod } = JSON.parse(stdout) as { GoMod: string };
  await writeFile(join(dir, 'go.mod'), wrapperGoMod(recipe, await readFile(GoMod, 'utf8')));
  if (recipe.source === undefined) return;
  await writeFile(join(dir, 'main.go'), recipe.source);
  await go(['mod', 'tidy'], dir);
}

async function compile(
  recipe: Recipe,
  target: Target,
  at: { module: string; out: string; report: Progress },
): Promise<void> {
  const started = Date.now();
  const output = join(at.out, target.output);
  let packages = 0;
  const timer = setInterval(() => {
    at.report(`${target.output}: ${packages} packages compiled, ${elapsed(started)}`);
  }, 15_000);
  try {
    await go(goArguments(recipe, target, output), at.module, () => packages++);
  } finally {
    clearInterval(timer);
  }
  for (const name of target.names ?? []) await link(output, join(at.out, name));
}

async function go(
  args: readonly string[],
  cwd: string,
  onErrorLine?: () => void,
): Promise<{ stdout: string }> {
  const env = {
    ...process.env,
    GOFLAGS: '-mod=mod -buildvcs=false',
    GOTOOLCHAIN: 'local',
    GOWORK: 'off',
    CGO_ENABLED: '0',
  };
  try {
    return await run('go', args, { cwd, env, ...(onErrorLine ? { onErrorLine } : {}) });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LabError('BuildFailed', `go ${args[0] ?? ''} failed: ${why}`, { cause, retryable: true });
  }
}

/** Fills a directory that appears under its name only when it is complete. The lock is held: what a killed build left is nobody's. */
async function atomically(dir: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${dir}.tmp`;
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  try {
    await fill(temporary);
    await rename(temporary, dir);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}
