import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResolvedOptions } from './options.ts';

/** Everything of every lab is below this directory. */
export const STATE_ROOT = '/var/lib/margay-lab';

/** A node's part of the state. */
export interface NodeState {
  name: string;
  /** From 1; decides the addresses and the pod CIDRs. */
  index: number;
  zone: string;
}

/** What is remembered of a lab between two calls. `starting` outside a lock is the remains of a killed start. */
export interface LabState {
  options: ResolvedOptions;
  phase: 'starting' | 'running';
  /** Directory of the binaries it was started with. */
  binaries: string;
  nodes: NodeState[];
}

/** Where a lab keeps its files. */
export interface LabPaths {
  root: string;
  state: string;
  controlPlane: string;
  logs: string;
  run: string;
  node: (name: string) => string;
  lock: string;
}

/** Paths of the lab of this name. */
export function labPaths(name: string): LabPaths {
  const root = join(STATE_ROOT, 'labs', name);
  return {
    root,
    state: join(root, 'lab.json'),
    controlPlane: join(root, 'control-plane'),
    logs: join(root, 'logs'),
    run: join(root, 'run'),
    node: (node) => join(root, 'nodes', node),
    lock: join(STATE_ROOT, `${name}.lock`),
  };
}

/** The remembered state, or undefined when there is none (or only a torn piece). */
export async function loadState(name: string): Promise<LabState | undefined> {
  try {
    return JSON.parse(await readFile(labPaths(name).state, 'utf8')) as LabState;
  } catch {
    return undefined;
  }
}

/** Remembers the state; a reader sees the old or the new one, whole. */
export async function saveState(state: LabState): Promise<void> {
  const paths = labPaths(state.options.name);
  await mkdir(paths.root, { recursive: true });
  await writeFile(`${paths.state}.new`, JSON.stringify(state, null, 2));
  await rename(`${paths.state}.new`, paths.state);
}

/** Names of all labs that have left anything. */
export async function labNames(): Promise<string[]> {
  const dir = join(STATE_ROOT, 'labs');
  return existsSync(dir) ? readdir(dir) : [];
}
