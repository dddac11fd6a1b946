import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { BpfMap, BpfProgram, LoadOptions, Native } from './api.ts';
import type { Netlink } from './netlink-api.ts';

/** What the shared object exports; native.ts and netlink.ts make the public interfaces of it. */
export interface Binding {
  readonly native: Omit<Native, 'load'> & {
    load(
      options: LoadOptions,
    ): Promise<{ readonly maps: readonly BpfMap[]; readonly programs: readonly BpfProgram[] }>;
  };
  readonly netlink: Netlink;
}

/** The shared object was found nowhere. */
export class AddonNotFound extends Error {
  readonly code = 'AddonNotFound';
  readonly retryable = false;

  readonly tried: readonly string[];

  constructor(tried: readonly string[]) {
    super(`margay.node was not found; run "make addon", or set MARGAY_ADDON (tried ${tried.join(', ')})`);
    this.name = 'AddonNotFound';
    this.tried = tried;
  }
}

/** Where the shared object may be: named by the environment, beside a bundle, in a checkout's build/. */
function candidates(): readonly string[] {
  const named = process.env['MARGAY_ADDON'];
  if (named !== undefined && named !== '') return [named];
  const here = dirname(fileURLToPath(import.meta.url));
  return [join(here, 'margay.node'), join(here, '../../build/addon/margay.node')];
}

/** Loads the shared object; Node keeps one instance a thread. */
export function loadBinding(): Binding {
  const paths = candidates();
  const path = paths.find((candidate) => existsSync(candidate));
  if (path === undefined) throw new AddonNotFound(paths);
  return createRequire(import.meta.url)(path) as Binding;
}
