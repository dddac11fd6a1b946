/** Programs at their hooks, by pinned links: attached once, replaced in place, put back when somebody removed them. */
import { mkdir, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { BpfLink, BpfProgram, Native, TcDirection } from '@margay/addon/api';
import { isKernelError } from '@margay/addon/errors';
import type { Family } from '../calc/ip.ts';

/** One place for a program. */
export type Hook =
  | {
      readonly kind: 'tc';
      readonly program: string;
      readonly ifindex: number;
      readonly direction: TcDirection;
    }
  | { readonly kind: 'cgroup'; readonly program: string; readonly path: string };

/** Of clsact filters, where the kernel has no TCX links. */
const PRIORITY = 31_400;

/** Hooks of a pod's interface (host side), and of the node's own. */
export const TC_HOOKS = {
  pod: [
    ['from_pod', 'ingress'],
    ['to_pod', 'egress'],
  ],
  nic: [
    ['from_net', 'ingress'],
    ['to_net', 'egress'],
  ],
} as const satisfies Record<string, readonly (readonly [string, TcDirection])[]>;

/** Programs at the node's cgroup root. Those of IPv4 are also at the hooks of IPv6 sockets, which may speak it. */
export const CGROUP_PROGRAMS = {
  4: ['connect', 'sendmsg', 'recvmsg', 'getpeername', 'connect_mapped', 'recvmsg_mapped', 'getpeer_mapped'],
  6: ['connect', 'sendmsg', 'recvmsg', 'getpeername'],
} as const satisfies Record<Family, readonly string[]>;

/** Of a pod's interface. */
export function podHooks(ifindex: number): Hook[] {
  return TC_HOOKS.pod.map(([program, direction]) => ({ kind: 'tc', program, ifindex, direction }));
}

/** Of one of the node's own. */
export function nicHooks(ifindex: number): Hook[] {
  return TC_HOOKS.nic.map(([program, direction]) => ({ kind: 'tc', program, ifindex, direction }));
}

/** Of the node's cgroup2 root, for one family's programs. */
export function cgroupHooks(path: string, family: Family): Hook[] {
  return CGROUP_PROGRAMS[family].map((program) => ({ kind: 'cgroup', program, path }));
}

/** A pin is never named by an interface's name, which can come again. */
function pinName(hook: Hook, family: number): string {
  return hook.kind === 'tc'
    ? `if${hook.ifindex}-${hook.program}${family}`
    : `cgroup-${hook.program}${family}`;
}

/** What {@link Hooks.ensure} did. */
export type HookChange = 'Kept' | 'Replaced' | 'Attached';

/** Attachments of one family's programs. */
export class Hooks {
  readonly #native: Native;
  readonly #links: string;
  readonly #family: number;
  readonly #tcx: boolean;
  /** Where the kernel has no TCX links, and so no pins: filters that this process has set. */
  readonly #filters = new Map<string, Hook & { kind: 'tc' }>();

  /** links: directory on bpffs. tcx: whether the kernel has TCX links. */
  constructor(native: Native, links: string, of: { readonly family: number; readonly tcx: boolean }) {
    this.#native = native;
    this.#links = links;
    this.#family = of.family;
    this.#tcx = of.tcx;
  }

  /** The program is at the hook afterwards, without a moment in which none is. */
  async ensure(hook: Hook, program: BpfProgram): Promise<HookChange> {
    if (hook.kind === 'tc' && !this.#tcx) {
      this.#filters.set(pinName(hook, this.#family), hook);
      return this.#native.attachClsact(program, hook.ifindex, hook.direction, PRIORITY + this.#family);
    }
    await mkdir(this.#links, { recursive: true });
    const path = join(this.#links, pinName(hook, this.#family));
    const kept = await this.#keep(path, program);
    if (kept !== undefined) return kept;
    const link = this.#attach(hook, program);
    try {
      link.pin(path);
    } finally {
      link.close();
    }
    return 'Attached';
  }

  /** Takes the programs off everything that is not in the list. Resolves to how many hooks those were. */
  async prune(wanted: readonly Hook[]): Promise<number> {
    const names = new Set(wanted.map((hook) => pinName(hook, this.#family)));
    const stale = [...this.#filters].filter(([name]) => !names.has(name));
    for (const [name, { ifindex, direction }] of stale) {
      this.#detachClsact(ifindex, direction);
      this.#filters.delete(name);
    }
    const pins = await readdir(this.#links).catch(() => []);
    const ours = pins.filter((name) => name.endsWith(String(this.#family)));
    const gone = ours.filter((name) => !names.has(name));
    for (const name of gone) await unlink(join(this.#links, name)).catch(ignoreMissing);
    return gone.length + stale.length;
  }

  /** Takes the programs off one interface, which may be gone already. */
  async detach(ifindex: number): Promise<void> {
    for (const [program, direction] of [...TC_HOOKS.pod, ...TC_HOOKS.nic]) {
      const hook: Hook = { kind: 'tc', program, ifindex, direction };
      const name = pinName(hook, this.#family);
      if (this.#tcx) await unlink(join(this.#links, name)).catch(ignoreMissing);
      else this.#detachClsact(ifindex, direction);
      this.#filters.delete(name);
    }
  }

  #detachClsact(ifindex: number, direction: TcDirection): void {
    try {
      this.#native.detachClsact(ifindex, direction, PRIORITY + this.#family);
    } catch (error) {
      if (!isKernelError(error, 'ENODEV', 'ENOENT', 'EINVAL')) throw error;
    }
  }

  #attach(hook: Hook, program: BpfProgram): BpfLink {
    return hook.kind === 'tc'
      ? this.#native.attachTcx(program, hook.ifindex, hook.direction)
      : this.#native.attachCgroup(program, hook.path);
  }

  /** Undefined when there is no live link at the pin; a dead one is removed. */
  async #keep(path: string, program: BpfProgram): Promise<HookChange | undefined> {
    const link = this.#open(path);
    if (link === undefined) return undefined;
    try {
      if (isDead(link)) throw new DeadLink();
      if (link.info().programId === program.id) return 'Kept';
      link.update(program);
      return 'Replaced';
    } catch (error) {
      if (!(error instanceof DeadLink) && !isKernelError(error, 'ENOLINK')) throw error;
      await unlink(path);
      return undefined;
    } finally {
      link.close();
    }
  }

  #open(path: string): BpfLink | undefined {
    try {
      return this.#native.openPinnedLink(path);
    } catch (error) {
      if (isKernelError(error, 'ENOENT')) return undefined;
      throw error;
    }
  }
}

class DeadLink extends Error {}

/** The device or the cgroup is gone, or somebody detached the link. */
function isDead(link: BpfLink): boolean {
  const { ifindex, cgroupId } = link.info();
  return ifindex === 0 || cgroupId === 0n;
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
