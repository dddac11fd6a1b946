import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findCgroupRoot, parseMounts } from './paths.ts';

const line = (root: string, point: string, type: string): string =>
  `41 31 0:38 ${root} ${point} rw,relatime shared:9 - ${type} none rw`;

const machines: [string, readonly string[], string | undefined][] = [
  ['cgroup v2 only', [line('/', '/sys/fs/cgroup', 'cgroup2')], '/sys/fs/cgroup'],
  [
    'hybrid',
    [
      line('/', '/sys/fs/cgroup', 'tmpfs'),
      line('/', '/sys/fs/cgroup/cpu', 'cgroup'),
      line('/', '/sys/fs/cgroup/unified', 'cgroup2'),
    ],
    '/sys/fs/cgroup/unified',
  ],
  [
    "the agent's pod on cgroup v2",
    [line('/kubepods/pod1', '/sys/fs/cgroup', 'cgroup2'), line('/', '/host/sys/fs/cgroup', 'cgroup2')],
    '/host/sys/fs/cgroup',
  ],
  [
    "the agent's pod on a hybrid machine",
    [line('/', '/sys/fs/cgroup', 'cgroup2'), line('/../..', '/host/sys/fs/cgroup/unified', 'cgroup2')],
    '/host/sys/fs/cgroup/unified',
  ],
  ['a blank in the path', [line('/', '/mnt/a\\040b', 'cgroup2')], '/mnt/a b'],
  ['v1 only', [line('/', '/sys/fs/cgroup/cpu', 'cgroup')], undefined],
];
for (const [what, lines, root] of machines) {
  test(`${what}: ${root ?? 'none'}`, () => assert.equal(findCgroupRoot(parseMounts(lines.join('\n'))), root));
}
