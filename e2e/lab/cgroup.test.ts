import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUnifiedOnly, parseHierarchies } from './cgroup.ts';

const V1 = `proc /proc proc rw,relatime 0 0
tmpfs /sys/fs/cgroup tmpfs rw,relatime,mode=755 0 0
cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,nosuid,nodev,noexec,relatime,cpu,cpuacct 0 0
cgroup /sys/fs/cgroup/systemd cgroup rw,nosuid,xattr,release_agent=/lib/systemd/agent,name=systemd 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw,nosuid,nsdelegate 0 0
cgroup2 /tmp/of-a-test/cgroup2 cgroup2 rw,relatime 0 0
`;

test('v1 controllers, the named hierarchy and the unified one are told apart', () => {
  assert.deepEqual(parseHierarchies(V1), [
    { path: '/sys/fs/cgroup/cpu,cpuacct', version: 1, options: 'cpu,cpuacct' },
    { path: '/sys/fs/cgroup/systemd', version: 1, options: 'none,name=systemd' },
    { path: '/sys/fs/cgroup/unified', version: 2, options: '' },
  ]);
  assert.equal(isUnifiedOnly(parseHierarchies(V1)), false);
});

test('a machine with the unified hierarchy only', () => {
  const found = parseHierarchies(
    'cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nsdelegate,memory_recursiveprot 0 0\n',
  );
  assert.deepEqual(found, [{ path: '/sys/fs/cgroup', version: 2, options: '' }]);
  assert.equal(isUnifiedOnly(found), true);
});
