import { overlaps } from '@margay/e2e/lab/machine';

import type { Check, Finding, Machine } from './machine.ts';

const GiB = 2 ** 30;

/** Where things of a lab are, and what it takes. */
export interface Site {
  readonly cache: string;
  readonly checkout: string;
  /** The lab's binaries are in the cache already. */
  readonly warm: boolean;
  /** IPv4 network of the lab. */
  readonly subnet: string;
  /** Devices that a lab of ours leaves when it crashes; the next one removes them. */
  readonly ownDevices: readonly string[];
  /** Names of the labs that run now. */
  readonly runningLabs: readonly string[];
}

/** Bytes needed of disk (at the cache, at the checkout) and of memory, cold and warm; measured, with a margin. */
const needs = {
  cold: { cache: 18 * GiB, checkout: GiB, memory: 4 * GiB },
  warm: { cache: 6 * GiB, checkout: GiB, memory: 2.5 * GiB },
} as const;

function size(bytes: number): string {
  return `${(bytes / GiB).toFixed(1)} GiB`;
}

/** Namespaces, devices and BPF programs need root. */
export const isRoot: Check = async (machine) =>
  Promise.resolve(
    machine.uid === 0
      ? undefined
      : {
          what: `this runs as user ${machine.uid}, not as root`,
          mend: 'run it again with sudo, or in a root shell',
        },
  );

/** Room for the cache: sources and build cache of the lab's binaries while it is cold. */
export function hasDisk(site: Site): Check {
  return async (machine) => {
    const need = needs[site.warm ? 'warm' : 'cold'];
    for (const [path, bytes] of [
      [site.cache, need.cache],
      [site.checkout, need.checkout],
    ] as const) {
      const free = await machine.free(path);
      if (free >= bytes) continue;
      return {
        what: `${path} has ${size(free)} of disk left, ${size(bytes)} are needed`,
        mend: `free some, or set MARGAY_CACHE (and GOMODCACHE, GOCACHE) to a folder on a larger disk`,
      };
    }
    return undefined;
  };
}

/** Memory that three nodes take, or the link of Kubernetes while the cache is cold. */
export function hasMemory(site: Site): Check {
  return async (machine) => {
    const need = needs[site.warm ? 'warm' : 'cold'].memory;
    const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(await machine.read('/proc/meminfo'))?.[1];
    const available = Number(kilobytes ?? 0) * 1024;
    if (available >= need) return undefined;
    return {
      what: `${size(available)} of memory are available, ${size(need)} are needed`,
      mend: 'end something large, or use a machine with more memory',
    };
  };
}

/** No interface or route of the machine may overlap the lab's network. */
export function subnetIsFree(site: Site): Check {
  return async (machine) => {
    const { stdout } = await machine.script('ip -j -4 route show table all');
    const routes = JSON.parse(stdout.trim() || '[]') as { dst: string; dev?: string }[];
    const foreign = routes.filter(({ dev }) => dev === undefined || !site.ownDevices.includes(dev));
    const taken = foreign.find(({ dst }) => overlaps(dst, site.subnet));
    if (taken === undefined) return undefined;
    return {
      what: `the lab's network ${site.subnet} is in use: this machine routes ${taken.dst} to ${taken.dev ?? 'another'}`,
      mend: 'end what uses it, or take another for a lab of your own: node --import tsx e2e/lab/main.ts up --subnet',
    };
  };
}

/** No other lab may run: it would share the machine's memory, its processors and its network. */
export function noLabRuns(site: Site): Check {
  return async () => {
    const [running] = site.runningLabs;
    if (running === undefined) return Promise.resolve(undefined);
    return Promise.resolve({ what: `a lab named "${running}" is running`, mend: 'end it: make lab-down' });
  };
}

/** Checks that need no kernel feature, in the order in which a person mends them. */
export function hostChecks(site: Site): readonly Check[] {
  return [isRoot, hasDisk(site), hasMemory(site), noLabRuns(site), subnetIsFree(site)];
}

/** Runs checks in order. Without root nothing else can be judged, so that is then the only finding. */
export async function findings(machine: Machine, checks: readonly Check[]): Promise<Finding[]> {
  const root = await isRoot(machine);
  if (root !== undefined) return [root];
  const found = await Promise.all(checks.map((check) => check(machine)));
  return found.filter((finding) => finding !== undefined);
}
