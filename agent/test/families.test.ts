// The families of a node as one, against the kernel: all of them are loaded, switched and taken off together. Needs root.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { loadNative } from '@margay/addon/native';
import type { Logger } from '@margay/lib/log';
import { isolated } from '../../addon/test/support/isolate.ts';
import { encode } from '../src/abi/codec.ts';
import { CtAction, CtFlags } from '../src/abi/types.gen.ts';
import type { Family } from '../src/calc/ip.ts';
import type { ByFamily } from '../src/calc/node-families.ts';
import type { ServiceRecord } from '../src/calc/records.ts';
import { Dataplane } from '../src/dataplane/dataplane.ts';
import type { FamilyDataplane } from '../src/dataplane/family.ts';
import { CGROUP_PROGRAMS } from '../src/dataplane/hooks.ts';
import type { LoadRequest } from '../src/dataplane/node-planes.ts';
import { pinPaths } from '../src/dataplane/paths.ts';
import { sh } from './support/scratch.ts';
import { service, worldOf } from './support/world.ts';

const objectDir = join(import.meta.dirname, '../../build/bpf');
const log = { warn: () => undefined, info: () => undefined } as unknown as Logger;

const only4: ByFamily<string> = { 4: '192.0.2.1' };
const only6: ByFamily<string> = { 6: 'fd00::1' };
const both: ByFamily<string> = { ...only4, ...only6 };

const timeouts = {
  tcpSyn: 60_000,
  tcpEstablished: 3_600_000,
  tcpClosing: 60_000,
  tcpReset: 20_000,
  udp: 30_000,
  udpStream: 60_000,
  icmp: 5000,
  generic: 60_000,
};

/** A Service with an address of each family. */
const dual: ServiceRecord = { ...service(1), clusterIPs: ['10.96.0.1', 'fd00:10:96::1'] };

function define(): void {
  for (const name of ['pod', 'nic'])
    sh(`ip link add ${name}0 type veth peer name ${name}1 && ip link set ${name}0 up`);
  const index = (name: string): number => {
    const [link] = JSON.parse(sh(`ip -j link show ${name}`)) as { ifindex: number }[];
    return link?.ifindex ?? 0;
  };
  const [pod, nic] = [index('pod0'), index('nic0')];
  const native = loadNative();
  const dir = mkdtempSync(join(tmpdir(), 'margay-families-'));
  const cgroup = `${dir}/cg/margay-test-${process.pid}`;
  sh(
    `mkdir ${dir}/bpf ${dir}/cg && mount -t bpf bpf ${dir}/bpf && mount -t cgroup2 none ${dir}/cg && mkdir ${cgroup}`,
  );
  after(() => sh(`rmdir ${cgroup}; umount ${dir}/bpf ${dir}/cg; rm -r ${dir}`));
  const pins = pinPaths(join(dir, 'bpf'));

  const dataplane = (t: TestContext, { objects = objectDir, root = cgroup } = {}): Dataplane => {
    const cgroupRoot = (): Promise<string> => Promise.resolve(root);
    const one = new Dataplane({ native, nodeName: 'n1', log, pins, objectDir: objects, cgroupRoot });
    one.setNics([nic]);
    t.after(() => one.detach());
    return one;
  };
  const request = (nodeAddresses: ByFamily<string>): LoadRequest => ({
    configName: 'a',
    settings: {
      markBit: 31,
      natOutgoing: false,
      connectTcp: true,
      conntrackEntries: 16_384,
      serviceEntries: 1024,
    },
    nodeAddresses,
    tcx: true,
    world: worldOf([dual]),
  });
  const links = (): string[] => readdirSync(pins.links).sort();
  const expected = (...families: readonly Family[]): string[] =>
    families
      .flatMap((family) => [
        ...CGROUP_PROGRAMS[family].map((name) => `cgroup-${name}${family}`),
        ...['from_net', 'to_net'].map((name) => `if${nic}-${name}${family}`),
        ...['from_pod', 'to_pod'].map((name) => `if${pod}-${name}${family}`),
      ])
      .sort();
  const onePod = (ip: string): Parameters<Dataplane['put']>[0] => ({
    ip,
    ifindex: pod,
    hostIfname: 'pod0',
    generation: 1,
    noPeer: false,
  });
  const attached = (): string =>
    sh('bpftool net show dev nic0') + sh('bpftool net show dev pod0') + atCgroup();
  const atCgroup = (): string => sh(`bpftool cgroup show ${cgroup} 2>/dev/null || true`);

  for (const [of, addresses, families] of [
    ['IPv4 only', only4, [4]],
    ['IPv6 only', only6, [6]],
    ['dual-stack', both, [4, 6]],
  ] as const) {
    test(`F2: an ${of} node has the programs and maps of its families, and of no other`, async (t) => {
      const one = dataplane(t);
      await one.load(request(addresses));
      await one.put(onePod('10.244.1.5'));
      await one.put(onePod('fd00:10:244:1::5'));
      await one.reconcile();
      assert.deepEqual(links(), expected(...families));
      const maps = readdirSync(pins.maps).filter((name) => /^(services|ct)[46]$/.test(name));
      assert.deepEqual(maps.sort(), families.flatMap((n) => [`ct${n}`, `services${n}`]).sort());
      assert.deepEqual(one.facts().families, families);
      assert.equal(one.facts().frontends, families.length, 'one frontend a family');
      const served = [...(one.loaded?.frontends() ?? [])].map(({ family, target }) => [
        family,
        target.address,
      ]);
      const addressOf = { 4: '10.96.0.1', 6: 'fd00:10:96::1' };
      assert.deepEqual(
        served,
        families.map((n) => [n, addressOf[n]]),
      );
      assert.equal(await one.reconcile(), 0, 'the kernel agrees');
    });
  }

  test('F2: one write switches both families', async (t) => {
    const one = dataplane(t);
    await one.load(request(both));
    const modes = (): readonly string[] => (one.loaded?.planes ?? []).map(({ family }) => family.state.mode);
    assert.deepEqual(modes(), ['Pass', 'Pass']);
    await one.activate();
    assert.deepEqual(modes(), ['Active', 'Active']);
    await one.drain();
    assert.deepEqual(modes(), ['Draining', 'Draining']);
  });

  test('F2: a drain waits for the flows of both families', async (t) => {
    const one = dataplane(t);
    await one.load(request(both));
    await one.activate();
    await one.drain();
    for (const { family } of one.loaded?.planes ?? []) await openFlow(family);
    await one.sweep(timeouts);
    assert.equal(one.facts().drain?.flows, 2);
    const map = native.openPinnedMap(join(pins.maps, 'ct4'));
    map.delete((await map.dump()).keys);
    map.close();
    await one.sweep(timeouts);
    assert.equal(one.facts().drain?.flows, 1, 'that of IPv6 alone');
  });

  /** A TCP connection that is translated, seen a moment ago. */
  const openFlow = async (family: FamilyDataplane): Promise<void> => {
    const { abi } = family;
    const size = abi.family === 4 ? 4 : 16;
    const [client, service, backend] = [1, 2, 3].map((n) => new Uint8Array(size).fill(n));
    assert.ok(client && service && backend);
    const { data } = await family.program('clock').testRun({ data: new Uint8Array(64) });
    const jiffies = new BigUint64Array(data.slice(0, 8).buffer)[0] ?? 0n;
    const key = { saddr: client, daddr: service, sport: 40_000, dport: 80, proto: 6 };
    const value = {
      newSaddr: client,
      newDaddr: backend,
      newSport: 40_000,
      newDport: 8080,
      action: CtAction.Stack,
      flags: CtFlags.Seen | CtFlags.Est | CtFlags.Rewrite,
      generation: 0,
      nextHop: new Uint8Array(size),
      ifindex: 0,
      lastSeen: Number((jiffies >> 8n) & 0xffff_ffffn),
      routeGen: 0,
      l3Delta: 0,
      l4Delta: 0,
      serviceId: 1,
      halfOpen: 0,
    };
    const map = native.openPinnedMap(join(pins.maps, `ct${abi.family}`));
    map.update(encode(abi.ctKey, key), encode(abi.ctValue, value));
    map.close();
  };

  test('F2: what somebody removed of either family is seen and put back', async (t) => {
    const one = dataplane(t);
    await one.load(request(both));
    sh(`rm ${pins.links}/if${nic}-from_net6 ${pins.links}/cgroup-connect4`);
    const map = native.openPinnedMap(join(pins.maps, 'services6'));
    const { keys } = await map.dump();
    assert.equal(map.delete(keys), true);
    assert.equal(await one.reconcile(), 3);
    assert.equal((await map.dump()).count, 1);
    map.close();
  });

  /** Objects of which one family's cannot be loaded. */
  const broken = (family: 4 | 6): string => {
    const objects = join(dir, `broken${family}`);
    sh(
      `mkdir -p ${objects} && cp ${objectDir}/margay?.bpf.o ${objects} && truncate -s 100 ${objects}/margay${family}.bpf.o`,
    );
    return objects;
  };

  for (const family of [4, 6] as const) {
    test(`F2: IPv${family} fails to load: nothing is attached or pinned, and the problem is named`, async (t) => {
      const one = dataplane(t, { objects: broken(family) });
      await assert.rejects(one.load(request(both)), { code: 'LoadFailed' });
      assert.doesNotMatch(attached(), /from_|to_|connect/);
      assert.deepEqual(readdirSync(join(dir, 'bpf/margay')), []);
      const { mode, problem, verified } = one.facts();
      assert.deepEqual([mode, verified, problem?.reason], ['Absent', false, 'LoadFailed']);
      assert.match(problem?.message ?? '', new RegExp(`margay${family}\\.bpf\\.o could not be loaded`));
    });
  }

  test('F2: a hook that cannot be had: nothing is attached or pinned', async (t) => {
    const nowhere = dataplane(t, { root: `${dir}/none` });
    await assert.rejects(nowhere.load(request(both)), /none/);
    assert.doesNotMatch(attached(), /from_|to_|connect/);
    assert.deepEqual(readdirSync(join(dir, 'bpf/margay')), []);
    const one = dataplane(t);
    await one.load(request(both));
    assert.equal(one.facts().verified, true, 'and the next try finds the way free');
  });

  test('F2: what runs goes on when the next load fails', async (t) => {
    const one = dataplane(t);
    await one.load(request(both));
    await one.activate();
    const before = links();
    const next = dataplane(t, { objects: broken(6) });
    next.inspect();
    await assert.rejects(next.load(request(both)), { code: 'LoadFailed' });
    assert.deepEqual(links(), before);
    assert.equal(next.facts().mode, 'Active');
  });

  test('F2: a family that the node gets joins what runs, and one that it loses leaves nothing', async (t) => {
    const one = dataplane(t);
    await one.load(request(only4));
    await one.put(onePod('10.244.1.5'));
    await one.activate();
    await one.load(request(both));
    assert.deepEqual(links(), expected(4, 6));
    assert.equal(one.facts().mode, 'Active');
    await one.load(request(only6));
    assert.deepEqual(links(), expected(6));
    assert.deepEqual(
      readdirSync(pins.maps).filter((name) => name.endsWith('4')),
      [],
    );
    assert.doesNotMatch(atCgroup(), /inet4/);
  });
}

if (isolated(import.meta.filename)) define();
