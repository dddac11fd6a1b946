import type { BpfMap, BpfObject, BpfProgram, LoadOptions, Native } from './api.ts';
import { loadBinding, type Binding } from './binding.ts';

/** What one load made. The parts keep their own descriptors: closing them twice, or one by one, is fine. */
class LoadedObject implements BpfObject {
  readonly maps: ReadonlyMap<string, BpfMap>;
  readonly programs: ReadonlyMap<string, BpfProgram>;

  constructor(maps: readonly BpfMap[], programs: readonly BpfProgram[]) {
    this.maps = new Map(maps.map((map) => [map.info.name, map]));
    this.programs = new Map(programs.map((program) => [program.name, program]));
  }

  close(): void {
    for (const map of this.maps.values()) map.close();
    for (const program of this.programs.values()) program.close();
  }
}

async function load(binding: Binding['native'], options: LoadOptions): Promise<BpfObject> {
  const loaded = await binding.load(options);
  return new LoadedObject(loaded.maps, loaded.programs);
}

/**
 * Loads the addon. Needs no privilege by itself.
 * @throws AddonNotFound, or Node's own error when a shared library that it needs is missing.
 */
export function loadNative(): Native {
  const binding = loadBinding().native;
  return { ...binding, load: (options) => load(binding, options) };
}
