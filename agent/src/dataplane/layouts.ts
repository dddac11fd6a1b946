/**
 * Programs and maps that an agent with another layout of the maps left pinned. They serve until ours do, and then go:
 * flows that they translated are not carried over.
 */
import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Native } from '@margay/addon/api';
import { isKernelError } from '@margay/addon/errors';
import type { PinPaths } from './paths.ts';
import type { ModeName } from './state.ts';
import { StateMap } from './state.ts';

function modeIn(native: Native, maps: string): ModeName | undefined {
  try {
    const state = new StateMap(native.openPinnedMap(join(maps, 'state')));
    const { mode } = state;
    state.close();
    return mode;
  } catch (error) {
    if (isKernelError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Folders of all layouts but ours. */
function others({ root, maps }: PinPaths): readonly string[] {
  const ours = basename(dirname(maps));
  try {
    return readdirSync(root)
      .filter((name) => name !== ours)
      .map((name) => join(root, name));
  } catch {
    return [];
  }
}

/** The mode of what is pinned of our layout; undefined when nothing is. Writes nothing. */
export function ownMode(native: Native, pins: PinPaths): ModeName | undefined {
  return modeIn(native, pins.maps);
}

/** The mode of what is pinned: of our layout, else of another; undefined when nothing is. Writes nothing. */
export function pinnedMode(native: Native, pins: PinPaths): ModeName | undefined {
  const all = [pins.maps, ...others(pins).map((folder) => join(folder, 'maps'))];
  return all.map((maps) => modeIn(native, maps)).find((mode) => mode !== undefined);
}

/** Our programs are active: those of other layouts do nothing from one moment to the next, and are taken off. */
export async function retireOthers(native: Native, pins: PinPaths): Promise<readonly string[]> {
  const folders = others(pins);
  for (const folder of folders) {
    const path = join(folder, 'maps', 'state');
    try {
      const state = new StateMap(native.openPinnedMap(path));
      state.mode = 'Pass';
      state.close();
    } catch (error) {
      if (!isKernelError(error, 'ENOENT')) throw error;
    }
    await rm(folder, { recursive: true, force: true });
  }
  return folders.map((folder) => basename(folder));
}
