// A kernel without TCX links: filters behind clsact, which nothing pins. Needs root.
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadNative } from '@margay/addon/native';
import { createLogger } from '@margay/lib/log';
import { isolated } from '../../addon/test/support/isolate.ts';
import { Dataplane } from '../src/dataplane/dataplane.ts';
import { pinPaths } from '../src/dataplane/paths.ts';
import { sh } from './support/scratch.ts';
import { worldOf } from './support/world.ts';

const objectDir = join(import.meta.dirname, '../../build/bpf');

function index(name: string): number {
  const [link] = JSON.parse(sh(`ip -j link show ${name}`)) as { ifindex: number }[];
  return link?.ifindex ?? 0;
}

function define(): void {
  for (const name of ['one', 'two'])
    sh(`ip link add ${name}0 type veth peer name ${name}1 && ip link set ${name}0 up`);
  const dir = mkdtempSync(join(tmpdir(), 'margay-clsact-'));
  const cgroup = `${dir}/cg/margay-test-${process.pid}`;
  sh(
    `mkdir ${dir}/bpf ${dir}/cg && mount -t bpf bpf ${dir}/bpf && mount -t cgroup2 none ${dir}/cg && mkdir ${cgroup}`,
  );
  after(() => sh(`rmdir ${cgroup}; umount ${dir}/bpf ${dir}/cg; rm -r ${dir}`));
  const filters = (name: string): string =>
    sh(`tc filter show dev ${name} ingress; tc filter show dev ${name} egress`);

  test('F4: without TCX links nothing is a repair that was there, and an interface that leads out no longer is left alone', async () => {
    const plane = new Dataplane({
      native: loadNative(),
      nodeName: 'n1',
      log: createLogger({ level: 'error' }),
      pins: pinPaths(join(dir, 'bpf')),
      objectDir,
      cgroupRoot: () => Promise.resolve(cgroup),
    });
    plane.setNics([index('one0'), index('two0')]);
    const settings = {
      markBit: 31,
      natOutgoing: false,
      connectTcp: true,
      conntrackEntries: 16_384,
      serviceEntries: 1024,
    };
    await plane.load({
      configName: 'a',
      settings,
      nodeAddresses: { 4: '192.0.2.1' },
      tcx: false,
      world: worldOf([]),
    });
    assert.match(filters('one0'), /from_net[\s\S]*to_net/);
    assert.match(filters('two0'), /from_net[\s\S]*to_net/);
    assert.equal(await plane.reconcile(), 0, 'everything is as it was left');
    sh('tc filter del dev one0 ingress');
    assert.equal(await plane.reconcile(), 1, 'what somebody took away is put back');
    plane.setNics([index('one0')]);
    await plane.reconcile();
    assert.match(filters('one0'), /from_net[\s\S]*to_net/);
    assert.equal(filters('two0').trim(), '');
    await plane.detach();
    assert.equal(filters('one0').trim(), '');
  });
}

if (isolated(import.meta.filename)) define();
