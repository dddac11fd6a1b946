// The dataplane against the kernel: hooks, maps that are full, flows that are over, and a node that is left clean. Needs root.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { loadNative } from '@margay/addon/native';
import type { Logger } from '@margay/lib/log';
import { isolated } from '../../addon/test/support/isolate.ts';
import { encode } from '../src/abi/codec.ts';
import type { CtKey, CtValue } from '../src/abi/types.gen.ts';
import { CtAction, CtFlags, Mode } from '../src/abi/types.gen.ts';
import { abi4 } from '../src/abi/v4.gen.ts';
import { parseAddress } from '../src/calc/ip.ts';
import type { ServiceRecord } from '../src/calc/records.ts';
import { Content, type World } from '../src/dataplane/content.ts';
import { Dataplane } from '../src/dataplane/dataplane.ts';
import { FamilyDataplane, type ProgramSettings } from '../src/dataplane/family.ts';
import { CGROUP_PROGRAMS } from '../src/dataplane/hooks.ts';
import { pinPaths } from '../src/dataplane/paths.ts';
import { sh } from './support/scratch.ts';
import { service, worldOf } from './support/world.ts';

const repository = join(import.meta.dirname, '../..');
const objectDir = join(repository, 'build/bpf');
const warnings: string[] = [];
const log = {
  warn: (message: string, fields: object) => void warnings.push(`${message} ${JSON.stringify(fields)}`),
  info: () => undefined,
} as unknown as Logger;

const settings: ProgramSettings = {
  markBit: 31,
  natOutgoing: false,
  connectTcp: true,
  conntrackEntries: 16_384,
  serviceEntries: 1024,
};

const nodeAddress = '192.0.2.1';

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

/** sysfs is that of the namespace around: netlink knows. */
function index(name: string): number {
  const [link] = JSON.parse(sh(`ip -j link show ${name}`)) as { ifindex: number }[];
  return link?.ifindex ?? 0;
}

function define(): void {
  for (const name of ['pod', 'nic']) {
    sh(`ip link add ${name}0 type veth peer name ${name}1 && ip link set ${name}0 up`);
  }
  const native = loadNative();
  const dir = mkdtempSync(join(tmpdir(), 'margay-dataplane-'));
  sh(
    `mkdir ${dir}/bpf ${dir}/cg && mount -t bpf bpf ${dir}/bpf && mount -t cgroup2 none ${dir}/cg && mkdir ${dir}/cg/margay-test-${process.pid}`,
  );
  const pins = pinPaths(join(dir, 'bpf'));
  const cgroup = `${dir}/cg/margay-test-${process.pid}`;
  after(() => sh(`rmdir ${cgroup}; umount ${dir}/bpf ${dir}/cg; rm -r ${dir}`));
  const options = { native, abi: abi4, objectPath: join(objectDir, 'margay4.bpf.o'), pins, tcx: true };
  const dataplane = (): Dataplane =>
    new Dataplane({
      native,
      nodeName: 'n1',
      log,
      pins,
      objectDir,
      cgroupRoot: () => Promise.resolve(cgroup),
    });
  const request = (services: readonly ServiceRecord[] = []) => ({
    configName: 'a',
    settings,
    nodeAddresses: { 4: nodeAddress },
    tcx: true,
    world: worldOf(services),
  });

  describe('hooks', () => {
    const links = (): string[] => readdirSync(pins.links).sort();
    const endpoint = (ifindex: number) => ({
      ip: '10.244.1.5',
      ifindex,
      hostIfname: 'pod0',
      generation: 1,
      noPeer: false,
    });

    test('a pod, a NIC and the cgroup have their programs, by pinned links', async (t) => {
      const one = dataplane();
      t.after(() => one.detach());
      one.setNics([index('nic0')]);
      await one.load(request());
      await one.put(endpoint(index('pod0')));
      const [pod, nic] = [index('pod0'), index('nic0')];
      const expected = CGROUP_PROGRAMS[4].map((name) => `cgroup-${name}4`);
      assert.deepEqual(
        links(),
        [
          ...expected,
          `if${nic}-from_net4`,
          `if${nic}-to_net4`,
          `if${pod}-from_pod4`,
          `if${pod}-to_pod4`,
        ].sort(),
      );
      const { id } = one.loaded?.plane(4)?.family.program('from_pod') ?? { id: 0 };
      assert.match(sh(`bpftool net show dev pod0`), new RegExp(`tcx/ingress from_pod prog_id ${id} `));

      const next = dataplane();
      next.setNics([nic]);
      next.inspect();
      assert.equal(next.facts().mode, 'Pass');
      await next.put(endpoint(pod));
      await next.load({ ...request(), world: worldOf([], () => next.endpoints()) });
      const replaced = next.loaded?.plane(4)?.family.program('from_pod').id ?? 0;
      assert.notEqual(replaced, id);
      assert.match(
        sh(`bpftool net show dev pod0`),
        new RegExp(`tcx/ingress from_pod prog_id ${replaced} `),
        'replaced in place',
      );
      assert.equal(sh('bpftool net show dev pod0').match(/from_pod/g)?.length, 1);

      sh(`rm ${pins.links}/if${pod}-from_pod4`);
      assert.equal(await next.reconcile(), 1);
      assert.equal(await next.reconcile(), 0);
      assert.match(sh(`bpftool net show dev pod0`), /from_pod/, 'put back');

      sh('ip link del pod0');
      await next.remove(endpoint(pod));
      assert.deepEqual(
        links().filter((name) => name.startsWith(`if${pod}-`)),
        [],
      );
      await next.close();
    });

    test('what changes while a load is under way is in the kernel when it has ended', async (t) => {
      const one = dataplane();
      t.after(() => one.detach());
      const world: World = {
        ...worldOf([service(1)]),
        // Asked after Services were read, and after endpoints were.
        nodes: () => {
          one.changed(({ services }) => services.setService(service(2).key, service(2)));
          return [];
        },
        endpoints: function* () {
          queueMicrotask(() => void one.put(endpoint(index('nic0'))));
          yield* [];
        },
      };
      await one.load({ ...request(), world });
      const { family } = one.loaded?.plane(4) ?? assert.fail('nothing is loaded');
      const { frontends } = await family.services.snapshot();
      const addresses = [...frontends].map(({ target }) => target.address).sort();
      assert.deepEqual(addresses, ['10.96.0.1', '10.96.0.2']);
      const entry = family.endpointEntry(endpoint(index('nic0')));
      assert.deepEqual((await family.endpoints.compare(entry === undefined ? [] : [entry])).upserts, []);
      assert.ok(links().includes(`if${index('nic0')}-from_pod4`));
    });

    test('O6: programs of another layout serve until ours do, and go then', async (t) => {
      const old = dataplane();
      old.setNics([index('nic0')]);
      await old.load(request());
      await old.activate();
      await old.close();
      const folder = join(pins.root, 'other');
      sh(`mv ${dirname(pins.maps)} ${folder}`);
      const next = dataplane();
      t.after(() => next.detach());
      next.setNics([index('nic0')]);
      next.inspect();
      assert.equal(next.facts().mode, 'Active');
      await next.load(request());
      const programs = (): number => sh('bpftool net show dev nic0').match(/from_net/g)?.length ?? 0;
      assert.equal(programs(), 2);
      assert.equal(next.facts().mode, 'Pass');
      await next.activate();
      assert.equal(existsSync(folder), false);
      assert.equal(programs(), 1);
    });

    test('leaving takes everything off, pins too', async () => {
      const one = dataplane();
      one.setNics([index('nic0')]);
      await one.load(request());
      await one.activate();
      assert.equal(dataplaneMode(one), 'Active');
      await one.detach();
      assert.doesNotMatch(sh('bpftool net show dev nic0'), /tcx/);
      assert.equal(sh(`bpftool cgroup show ${cgroup} 2>/dev/null || true`).includes('connect'), false);
      assert.ok(!readdirSync(join(dir, 'bpf')).includes('margay'));
    });
  });

  describe('maps', () => {
    test('R1, R4: what runs is taken over with nothing written; what others changed is seen and mended', async (t) => {
      const one = dataplane();
      t.after(() => one.detach());
      const services = [1, 2, 3].map(service);
      await one.load(request(services));
      const next = dataplane();
      await next.load(request(services));
      assert.equal(next.loaded?.stats.written, 0);
      const map = native.openPinnedMap(join(pins.maps, 'services4'));
      const key = encode(abi4.frontendKey, { addr: address('10.96.0.2'), port: 80, proto: 6 });
      assert.equal(map.delete(key), true);
      map.update(
        encode(abi4.frontendKey, { addr: address('10.96.9.9'), port: 1, proto: 6 }),
        new Uint8Array(abi4.frontend.size),
      );
      assert.equal(await next.reconcile(), 2);
      assert.ok(map.lookup(key));
      map.close();
    });

    test('a full map: what fits is served, who waits is named, and gets in when there is room', async (t) => {
      const family = await FamilyDataplane.load({ ...settings, nodeAddress }, options);
      t.after(() => {
        family.close();
        sh(`rm -r ${pins.root}`);
      });
      const content = new Content(family, { nodeName: 'n1', log, now: () => performance.now() });
      const all = Array.from({ length: 1030 }, (_, n) => service(n));
      await content.start(worldOf(all));
      const expected = 'map services4 is full (1024 of 1024): Service port default/s1024:/TCP, ';
      assert.ok(content.shortage()?.startsWith(expected), content.shortage());
      assert.match(content.shortage() ?? '', / and 1 more are not served\. Raise spec\.bpf\.serviceEntries$/);
      for (const { key } of all.slice(0, 6)) content.services.setService(key, undefined);
      await content.flush();
      assert.equal(content.shortage(), undefined);
      assert.equal(await content.reconcile([]), 0, 'the kernel agrees');
    });
  });

  describe('flows', () => {
    const key: CtKey = {
      saddr: address('10.244.1.5'),
      daddr: address('10.96.0.1'),
      sport: 40_000,
      dport: 80,
      proto: 6,
    };
    const reply: CtKey = {
      saddr: address('10.244.2.5'),
      daddr: address('10.244.1.5'),
      sport: 8080,
      dport: 40_000,
      proto: 6,
    };
    const none = address('0.0.0.0');
    const value = (flags: number, lastSeen: number): CtValue => ({
      newSaddr: address('10.244.1.5'),
      newDaddr: address('10.244.2.5'),
      newSport: 40_000,
      newDport: 8080,
      action: CtAction.Stack,
      flags: flags | CtFlags.Rewrite,
      generation: 0,
      nextHop: none,
      ifindex: 0,
      lastSeen,
      routeGen: 0,
      l3Delta: 0,
      l4Delta: 0,
      serviceId: 1,
      halfOpen: 0,
    });
    const back = (flags: number, lastSeen: number): CtValue => ({
      ...value(flags | CtFlags.Reply, lastSeen),
      newSaddr: address('10.96.0.1'),
      newDaddr: address('10.244.1.5'),
      newSport: 80,
      newDport: 40_000,
    });
    const { Seen, Est, Rst } = CtFlags;

    test('by their age and state, both halves or none', async (t) => {
      const family = await FamilyDataplane.load({ ...settings, nodeAddress }, options);
      const ct = native.openPinnedMap(join(pins.maps, 'ct4'));
      t.after(() => {
        ct.close();
        family.close();
        sh(`rm -r ${pins.root}`);
      });
      const { data } = await family.program('clock').testRun({ data: new Uint8Array(64) });
      const now = Number(((new BigUint64Array(data.slice(0, 8).buffer)[0] ?? 0n) >> 8n) & 0xffff_ffffn);
      const put = (first: CtValue, second?: CtValue): void => {
        ct.update(encode(abi4.ctKey, key), encode(abi4.ctValue, first));
        if (second !== undefined) ct.update(encode(abi4.ctKey, reply), encode(abi4.ctValue, second));
      };
      const sweep = async (): Promise<string> => {
        const { collected, orphans, translated } = await family.conntrack.sweep({ timeouts, count: true });
        return `${collected} ${orphans} ${translated}`;
      };
      put(value(Seen | Est, now), back(Seen | Est, now));
      assert.equal(await sweep(), '0 0 1', 'established');
      put(value(Seen | Est, now - 300), back(Seen | Est, now));
      assert.equal(await sweep(), '0 0 1', 'one direction is silent');
      put(value(Seen | Est, now - 300), back(Seen | Est | Rst, now - 300));
      assert.equal(await sweep(), '2 0 0', 'reset, minutes ago');
      put(value(Seen, now - 300), back(0, now - 300));
      assert.equal(await sweep(), '2 0 0', 'never answered');
      ct.update(encode(abi4.ctKey, reply), encode(abi4.ctValue, back(Seen, now - 300)));
      assert.equal(await sweep(), '1 1 0', 'half a pair');
      assert.equal((await ct.dump()).count, 0);
    });
  });

  test('the layout of the state is that of its codec', async (t) => {
    const one = dataplane();
    t.after(() => one.detach());
    await one.load(request());
    await one.activate();
    const map = native.openPinnedMap(join(pins.maps, 'state'));
    const raw = map.lookup(new Uint8Array(4)) ?? new Uint8Array();
    map.close();
    const state = abi4.state.decode(new DataView(raw.buffer, raw.byteOffset, raw.byteLength), 0);
    assert.deepEqual([state.mode, state.stackFlows], [Mode.Active, 1]);
  });

  test('O4: a pass over conntrack that began before the drain does not end it', async (t) => {
    const one = dataplane();
    t.after(() => one.detach());
    await one.load(request());
    await one.activate();
    const before = one.sweep(timeouts);
    await one.drain();
    await before;
    assert.equal(one.facts().drain, undefined, 'nobody has counted yet');
    await one.sweep(timeouts);
    assert.equal(one.facts().drain?.flows, 0);
  });

  test('O9: cleanup leaves nothing, asks nobody, and may be repeated', async () => {
    const one = dataplane();
    one.setNics([index('nic0')]);
    await one.load(request());
    await one.activate();
    await one.close();
    const flags = [
      `--bpffs=${dir}/bpf`,
      `--state-dir=${dir}/state`,
      `--cni-conf-dir=${dir}/net.d`,
      `--cni-bin-dir=${dir}/bin`,
    ];
    for (let i = 0; i < 2; i++) {
      const { status, stderr } = spawnSync(
        process.execPath,
        ['--import', 'tsx', 'agent/src/main.ts', 'cleanup', ...flags],
        { cwd: repository, encoding: 'utf8' },
      );
      assert.equal(status, 0, stderr);
    }
    assert.ok(!readdirSync(join(dir, 'bpf')).includes('margay'));
    assert.doesNotMatch(sh('bpftool net show dev nic0'), /tcx/);
    assert.equal(sh('nft list tables'), '');
  });

  test('without privileges it says what it lacks', () => {
    // Still user 0: another one may not even read the checkout.
    const command = [
      '--bounding-set=-all',
      '--inh-caps=-all',
      process.execPath,
      '--import',
      'tsx',
      'agent/src/main.ts',
      'run',
      '--node-name=n1',
    ];
    const { status, stderr } = spawnSync('setpriv', command, { cwd: repository, encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stderr, /the agent lacks CAP_NET_ADMIN and CAP_SYS_ADMIN/);
  });
}

function address(text: string): Uint8Array {
  const bytes = parseAddress(text);
  assert.ok(bytes);
  return bytes;
}

function dataplaneMode(dataplane: Dataplane): string {
  return dataplane.facts().mode;
}

if (isolated(import.meta.filename)) define();
