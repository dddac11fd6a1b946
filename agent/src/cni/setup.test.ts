import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { Link, Route } from '@margay/addon/netlink-api';
import { NodeCniSetup } from './setup.ts';

let root = '';
let setup: NodeCniSetup;
const confDir = (): string => join(root, 'net.d');
const binDir = (): string => join(root, 'bin');
const own = (): Promise<string> => readFile(join(confDir(), '10-margay.conflist'), 'utf8');

const nic: Link = {
  index: 2,
  name: 'ens3',
  kind: '',
  mtu: 8951,
  mac: '',
  up: true,
  master: 0,
  parent: 0,
  peerElsewhere: false,
};
const defaultRoute: Route = {
  family: 4,
  destination: '0.0.0.0/0',
  gateway: '192.0.2.1',
  ifindex: 2,
  table: 254,
  protocol: 16,
  scope: 0,
  metric: 0,
};

/** A plugin that only tells its versions. */
const plugin = (...versions: string[]): string =>
  `#!/bin/sh\n[ "$CNI_COMMAND" = VERSION ] && echo '${JSON.stringify({ supportedVersions: versions })}'\n`;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'margay-cni-setup-'));
  const sourceDir = join(root, 'image');
  await mkdir(sourceDir);
  for (const name of ['ptp', 'host-local', 'loopback']) {
    await writeFile(join(sourceDir, name), plugin('0.4.0', '1.0.0', '1.1.0'));
  }
  await writeFile(join(sourceDir, 'margay-cni'), plugin('1.0.0', '1.1.0'));
  setup = new NodeCniSetup({
    netlink: {
      links: () => Promise.resolve([{ ...nic, index: 1, name: 'other', mtu: 1280 }, nic]),
      routes: (family) => Promise.resolve(family === 4 ? [defaultRoute] : []),
    },
    confDir: confDir(),
    binDir: binDir(),
    sourceDir,
    socketPath: '/run/x.sock',
  });
});
afterEach(() => rm(root, { recursive: true }));

const settings = { mode: 'Margay', podCidrs: ['10.244.1.0/24'], mtu: 0 } as const;

test('Margay: binaries and configuration, with the MTU of the default route', async () => {
  await setup.apply(settings);
  assert.deepEqual((await readdir(binDir())).sort(), ['host-local', 'loopback', 'margay-cni', 'ptp']);
  assert.equal((await stat(join(binDir(), 'ptp'))).mode & 0o777, 0o755);
  const list = JSON.parse(await own()) as {
    cniVersions: string[];
    plugins: { mtu?: number; type: string }[];
  };
  assert.deepEqual(list.cniVersions, ['1.0.0', '1.1.0']);
  assert.equal(list.plugins[0]?.mtu, 8951);
  assert.deepEqual(await readdir(confDir()), ['10-margay.conflist']);
});

test('Margay: a second call writes nothing; a changed file is put right', async () => {
  await setup.apply(settings);
  const path = join(confDir(), '10-margay.conflist');
  const before = await stat(path);
  const binary = await stat(join(binDir(), 'ptp'));
  await setup.apply(settings);
  assert.equal((await stat(path)).ino, before.ino);
  assert.equal((await stat(join(binDir(), 'ptp'))).ino, binary.ino);
  const contents = await own();
  await writeFile(path, '{}');
  await writeFile(join(binDir(), 'ptp'), 'older');
  await setup.apply(settings);
  assert.equal(await own(), contents);
  assert.notEqual(await readFile(join(binDir(), 'ptp'), 'utf8'), 'older');
});

test('Margay: no configuration without a pod CIDR, nor behind a foreign file that would win', async () => {
  await assert.rejects(setup.apply({ ...settings, podCidrs: [] }), { code: 'NoPodCidr', retryable: true });
  await mkdir(confDir(), { recursive: true });
  await writeFile(join(confDir(), '05-cilium.conflist'), '{"name":"cilium","plugins":[]}');
  await assert.rejects(setup.apply(settings), /05-cilium\.conflist is another CNI's/);
  assert.deepEqual(await readdir(confDir()), ['05-cilium.conflist']);
  await rm(join(confDir(), '05-cilium.conflist'));
  await writeFile(join(confDir(), '87-podman.conflist'), '{"name":"podman","plugins":[]}');
  await setup.apply(settings);
});

test('Chained: a copy that comes first, the original untouched, follows its changes, and goes again', async () => {
  await mkdir(confDir(), { recursive: true });
  const path = join(confDir(), '10-aws.conflist');
  const original = '{"cniVersion":"0.4.0","name":"aws","plugins":[{"type":"aws-cni"}]}';
  await writeFile(path, original);
  await setup.apply({ ...settings, mode: 'Chained' });
  const copy = join(confDir(), '00-00-margay.conflist');
  const types = async (): Promise<string[]> =>
    (JSON.parse(await readFile(copy, 'utf8')) as { plugins: { type: string }[] }).plugins.map((p) => p.type);
  assert.deepEqual(await types(), ['aws-cni', 'margay-cni']);
  assert.equal(await readFile(path, 'utf8'), original);
  await writeFile(path, original.replace('{"type":"aws-cni"}', '{"type":"aws-cni"},{"type":"portmap"}'));
  await setup.apply({ ...settings, mode: 'Chained' });
  assert.deepEqual(await types(), ['aws-cni', 'portmap', 'margay-cni']);
  await setup.remove();
  assert.deepEqual(await readdir(confDir()), ['10-aws.conflist']);
});

test('Chained: nothing to chain behind is said, and no copy of what is gone stays', async () => {
  await mkdir(confDir(), { recursive: true });
  await writeFile(join(confDir(), '00-00-margay.conflist'), '{}');
  await assert.rejects(setup.apply({ ...settings, mode: 'Chained' }), { code: 'NoCniConfiguration' });
  assert.deepEqual(await readdir(confDir()), []);
});

test('from one mode to another only the files of the last one stay', async () => {
  await setup.apply(settings);
  await writeFile(join(confDir(), '20-flannel.conflist'), '{"name":"f","plugins":[{"type":"flannel"}]}');
  await setup.apply({ ...settings, mode: 'Chained' });
  assert.deepEqual((await readdir(confDir())).sort(), ['00-00-margay.conflist', '20-flannel.conflist']);
  await setup.apply({ ...settings, mode: 'None' });
  assert.deepEqual(await readdir(confDir()), ['20-flannel.conflist']);
});

test('a fabric that stays gets a list that needs no agent', async () => {
  await setup.apply(settings);
  await setup.leaveFabric(settings);
  const list = JSON.parse(await own()) as { plugins: { type: string }[] };
  assert.deepEqual(
    list.plugins.map((p) => p.type),
    ['ptp'],
  );
});
