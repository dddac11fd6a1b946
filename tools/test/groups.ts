/** The tiers of docs/contracts.md, in the order in which they run. */
export const groupNames = ['unit', 'bpf', 'sanitized', 'control-plane', 'cluster'] as const;
export type GroupName = (typeof groupNames)[number];

/** How a tier's files are run. */
export interface Group {
  /** Files at a time. */
  readonly concurrency: number;
  /** Milliseconds that one file may take. */
  readonly timeout: number;
  /** Shows every test, and what it prints, as it comes: for files that take minutes. */
  readonly live: boolean;
}

/**
 * A lab's nodes, and the clients that load them, want the whole machine: its files take their turn. All other files
 * meet nowhere: those that build devices do so in namespaces, pins and cgroups of their own (`isolated`, `Rig`), those
 * with a control plane have its own addresses and data. As many run at a time as keep two processors busy: a
 * control plane waits for its timers more than it works.
 */
export const groups: Readonly<Record<GroupName, Group>> = {
  unit: { concurrency: 2, timeout: 120_000, live: false },
  // The addon's tests again, with the addon that is built under ASan and UBSan.
  sanitized: { concurrency: 2, timeout: 300_000, live: false },
  bpf: { concurrency: 2, timeout: 300_000, live: false },
  'control-plane': { concurrency: 3, timeout: 600_000, live: false },
  cluster: { concurrency: 1, timeout: 1_500_000, live: true },
};

/** Folders whose tests need root and a kernel. */
const kernelTests = /^(bpf|addon|agent|agent\/cni)\/test\//;

/** True when a tier runs this file, by its path from the root of the checkout. */
export function runs(group: GroupName, path: string): boolean {
  if (group === 'sanitized') return path.startsWith('addon/test/') && groupOf(path) === 'bpf';
  return groupOf(path) === group;
}

/** The tier of a file, by its path from the root of the checkout; undefined when it is no test. */
export function groupOf(path: string): GroupName | undefined {
  if (path.startsWith('e2e/scenarios/') && path.endsWith('.scenario.ts')) return 'cluster';
  if (!path.endsWith('.test.ts')) return undefined;
  if (path.endsWith('.cp.test.ts')) return 'control-plane';
  return kernelTests.test(path) ? 'bpf' : 'unit';
}
