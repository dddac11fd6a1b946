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
  /** Folder with a folder for each lab. */
  readonly labs: string;
}

/** Bytes needed of disk (at the cache, at the checkout) and of memory, cold and warm; measured, with a margin. */
const needs = {
  cold: { cache: 14 * GiB, checkout: GiB, memory: 4 * GiB },
  warm: { cache: 4 * GiB, checkout: GiB, memory: 2.5 * GiB },
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
    const routes = JSON.parse(stdout.trim() || '[]') as { dst?: string; dev?: string }[];
    const taken = routes.find(
      ({ dst }) => dst !== undefined && dst !== 'default' && overlap(dst, site.subnet),
    );
    if (taken === undefined) return undefined;
    return {
      what: `the lab's network ${site.subnet} is in use: this machine routes ${taken.dst ?? ''} to ${taken.dev ?? 'a network'}`,
      mend: 'end what uses it ("make lab-down" when it is a lab), or give the lab another one: LAB_SUBNET=10.250.0.0/24',
    };
  };
}

/** No other lab may run: two would share the machine's memory and two CPUs. */
export function noLabRuns(site: Site): Check {
  return async (machine) => {
    const names = await machine.list(site.labs);
    const running = names.find((name) => machine.exists(`/run/netns/${name}-cp`));
    if (running === undefined) return undefined;
    return { what: `a lab named "${running}" is running`, mend: 'end it with "make lab-down"' };
  };
}

/** True when two IPv4 networks, or a network and an address, have an address in common. */
export function overlap(a: string, b: string): boolean {
  const [first, second] = [range(a), range(b)];
  return first.from <= second.to && second.from <= first.to;
}

function range(cidr: string): { from: number; to: number } {
  const [address = '', length = '32'] = cidr.split('/');
  const value = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const count = 2 ** (32 - Number(length));
  const from = Math.floor(value / count) * count;
  return { from, to: from + count - 1 };
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
