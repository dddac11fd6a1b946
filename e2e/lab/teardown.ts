import { existsSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Cgroup, machineHierarchies } from './cgroup.ts';
import { takeLock } from './lock.ts';
import { restoreMachine } from './machine.ts';
import { netnsNames } from './network.ts';
import { run } from './process.ts';
import { elapsed, type Progress } from './progress.ts';
import { labPaths, loadState, type LabState } from './state.ts';
import { deleteNetwork, networkNames } from './topology.ts';

/** The cgroup that holds everything of a lab, or a part of it. */
export async function labCgroup(lab: string, part?: string): Promise<Cgroup> {
  const name = ['margay-lab', lab, ...(part === undefined ? [] : [part])].join('/');
  return new Cgroup(name, await machineHierarchies());
}

/** Removes a lab, running or crashed, and every trace of it. Harmless when there is none. */
export async function removeLab(lab: string, progress: Progress): Promise<void> {
  await withLabLock(lab, () => removeRemains(lab, progress));
}

/** Runs `work` while no other process starts or removes this lab; `AlreadyRunning` when one does. */
export async function withLabLock<T>(lab: string, work: () => Promise<T>): Promise<T> {
  const lock = await takeLock(labPaths(lab).lock, { wait: false });
  try {
    return await work();
  } finally {
    await lock.release(!existsSync(labPaths(lab).root));
  }
}

/** What `removeLab` does, for a caller that holds the lab's lock. */
export async function removeRemains(lab: string, progress: Progress): Promise<void> {
  const cgroup = await labCgroup(lab);
  if (!(await hasRemains(lab, cgroup))) return;
  const started = Date.now();
  // Processes first: with the last one its mount namespace goes, and its mounts with it.
  if (cgroup.exists()) {
    await cgroup.kill();
    await cgroup.remove();
    await removeIfEmpty(cgroup);
  }
  await deleteNetwork(lab);
  await rm(labPaths(lab).root, { recursive: true, force: true });
  await restoreMachine();
  progress(`${lab}: removed in ${elapsed(started)}`);
}

/** The state of a lab that is up: started to the end, and its processes are there. */
export async function runningState(lab: string): Promise<LabState | undefined> {
  const state = await loadState(lab);
  if (state?.phase !== 'running') return undefined;
  const cgroup = await labCgroup(lab);
  return (await cgroup.pids()).length > 0 ? state : undefined;
}

async function hasRemains(lab: string, cgroup: Cgroup): Promise<boolean> {
  if (cgroup.exists() || existsSync(labPaths(lab).root)) return true;
  if ((await netnsNames(`${lab}-`)).length > 0) return true;
  const link = await run('ip', ['link', 'show', 'dev', networkNames(lab).host], { allowFailure: true });
  return link.status === 0;
}

/** The directory above the labs' cgroups goes with the last of them. */
async function removeIfEmpty(cgroup: Cgroup): Promise<void> {
  for (const { path } of cgroup.hierarchies) {
    await rmdir(join(path, 'margay-lab')).catch(() => undefined);
  }
}
