/** Where the kernel's objects are pinned, and where the node's cgroups are. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MargayError } from '@margay/lib/errors';
import { layoutVersion } from '../abi/types.gen.ts';

/** The directories of one layout. */
export interface PinPaths {
  /** `/sys/fs/bpf/margay` */
  readonly root: string;
  readonly maps: string;
  readonly links: string;
}

/** Paths under a bpffs, by default the node's own. */
export function pinPaths(bpffs = '/sys/fs/bpf'): PinPaths {
  const root = join(bpffs, 'margay');
  const layout = join(root, String(layoutVersion));
  return { root, maps: join(layout, 'maps'), links: join(layout, 'links') };
}

/** One line of /proc/self/mountinfo (proc(5)). */
export interface Mount {
  readonly root: string;
  readonly point: string;
  readonly type: string;
}

/** Reads the text of a mountinfo file. Octal escapes of blanks are resolved. */
export function parseMounts(text: string): readonly Mount[] {
  const plain = (field: string): string =>
    field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
  return text.split('\n').flatMap((line) => {
    const [left = '', right = ''] = line.split(' - ');
    const [, , , root, point] = left.split(' ');
    const [type] = right.split(' ');
    return root === undefined || point === undefined || type === undefined
      ? []
      : [{ root: plain(root), point: plain(point), type }];
  });
}

/** Where the host's cgroup tree is mounted in the agent's pod. */
const HOST_TREE = '/host/sys/fs/cgroup';

/**
 * The root of the node's cgroup v2 hierarchy as this process sees it: the host's tree where it is
 * mounted for us, else the mount that shows the most. A container's own subtree would reach nobody.
 */
export function findCgroupRoot(mounts: readonly Mount[], hostTree = HOST_TREE): string | undefined {
  const all = mounts.filter(({ type }) => type === 'cgroup2');
  const host = all.filter(({ point }) => point === hostTree || point.startsWith(`${hostTree}/`));
  const best = [...(host.length > 0 ? host : all)].sort(
    (a, b) => a.root.length - b.root.length || a.point.length - b.point.length,
  );
  return best[0]?.point;
}

/** The mount table of this process. */
export async function readMounts(): Promise<readonly Mount[]> {
  return parseMounts(await readFile('/proc/self/mountinfo', 'utf8'));
}

/** What the node lacks; the message says what to mount. */
export class MountError extends MargayError {
  override readonly name = 'MountError';
}

/** See {@link findCgroupRoot}. @throws MountError when there is none. */
export async function cgroupRoot(): Promise<string> {
  const root = findCgroupRoot(await readMounts());
  if (root !== undefined) return root;
  throw new MountError(
    'no cgroup2 is mounted: mount one (mount -t cgroup2 none /sys/fs/cgroup/unified), or boot with systemd.unified_cgroup_hierarchy=1',
    {
      code: 'NoCgroup2',
    },
  );
}
