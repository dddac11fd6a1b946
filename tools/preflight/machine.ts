import { existsSync } from 'node:fs';
import { readFile, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

import { sh } from '@margay/e2e/lab/process';

/** What a check may ask of the machine. */
export interface Machine {
  readonly uid: number;
  /** Runs a shell script to its end. */
  script(
    text: string,
  ): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }>;
  /** Contents of a file; empty when there is none. */
  read(path: string): Promise<string>;
  /** Bytes that may still be written where `path` is or would be made. */
  free(path: string): Promise<number>;
}

/** The machine that this runs on. */
export function thisMachine(): Machine {
  return {
    uid: process.getuid?.() ?? -1,
    script: (text) => sh(text, [], { allowFailure: true, timeout: 20_000 }),
    read: (path) => readFile(path, 'utf8').catch(() => ''),
    free: async (path) => {
      let at = path;
      while (!existsSync(at) && at !== dirname(at)) at = dirname(at);
      const { bavail, bsize } = await statfs(at);
      return bavail * bsize;
    },
  };
}

/** Something that is missing, and how to mend it. Both are sentences for a person. */
export interface Finding {
  readonly what: string;
  readonly mend: string;
}

/** One thing that must be so before a lab can start. Resolves to nothing when it is. */
export type Check = (machine: Machine) => Promise<Finding | undefined>;
