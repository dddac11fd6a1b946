import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmdirSync, unlinkSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import type { BpfObject } from '../src/api.ts';
import { isKernelError } from '../src/errors.ts';
import { loadNative } from '../src/native.ts';
import {
  bpffs,
  eventually,
  fixture,
  ifindexOf,
  ip,
  mapOf,
  programOf,
  run,
  u32,
  vethPair,
  words,
} from './support/fixtures.ts';
import { isolated } from './support/isolate.ts';

/** enum bpf_attach_type */
const BPF_TCX_INGRESS = 46;
const BPF_TCX_EGRESS = 47;

/** How often pass_two ran. */
function runs(object: BpfObject): bigint {
  const slots = words(mapOf(object, 'counters').lookup(u32(1)) as Uint8Array);
  return slots.reduce((sum, one) => sum + one, 0n);
}

/** A cgroup of the test's own. */
function cgroup(t: TestContext): string {
  const mount = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .find((line) => line.split(' ')[2] === 'cgroup2');
  const path = join(mount?.split(' ')[1] ?? assert.fail('no cgroup2'), `margay-addon-test-${process.pid}`);
  mkdirSync(path);
  t.after(() => rmdirSync(path));
  return path;
}

function define(): void {
  const native = loadNative();
  const load = (): Promise<BpfObject> => native.load({ path: fixture('basic') });
  const code = (wanted: string) => (error: unknown) => isKernelError(error, wanted);

  test('a TCX link sees packets, survives its object, and ends with close()', async (t) => {
    const peer = await vethPair(t, 'veth-a');
    const object = await load();
    const second = programOf(object, 'pass_two');
    const link = native.attachTcx(second, ifindexOf('veth-a'), 'ingress');
    assert.deepEqual([link.info().programId, link.info().ifindex], [second.id, ifindexOf('veth-a')]);
    assert.equal(link.info().attachType, BPF_TCX_INGRESS);
    second.close();
    const before = runs(object);
    peer.run('ping', '-c', '2', '-i', '0.01', '192.0.2.1');
    assert.ok(runs(object) >= before + 2n);
    link.close();
    link.close();
    const after = runs(object);
    peer.run('ping', '-c', '2', '-i', '0.01', '192.0.2.1');
    assert.equal(runs(object), after);
    assert.throws(() => link.info(), code('EBADF'));
    object.close();
  });

  test('updating a link under traffic loses nothing', async (t) => {
    const peer = await vethPair(t, 'veth-b');
    const object = await load();
    const link = native.attachTcx(programOf(object, 'pass_one'), ifindexOf('veth-b'), 'ingress');
    const ping = spawn('nsenter', [
      `--net=/proc/${peer.pid}/ns/net`,
      'ping',
      '-q',
      '-c',
      '300',
      '-i',
      '0.003',
      '192.0.2.1',
    ]);
    let report = '';
    ping.stdout.on('data', (chunk: Buffer) => (report += chunk.toString()));
    const ended = once(ping, 'close');
    let updates = 0;
    while (ping.exitCode === null) {
      link.update(programOf(object, updates % 2 === 0 ? 'pass_two' : 'pass_one'));
      updates++;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await ended;
    assert.match(report, /300 packets transmitted, 300 received, 0% packet loss/);
    assert.ok(updates > 10);
    assert.ok(runs(object) > 0n);
    link.close();
    object.close();
  });

  test('a pinned link outlives its handle and is opened again', async (t) => {
    await vethPair(t, 'veth-c');
    const path = join(bpffs(t), 'link');
    const object = await load();
    const link = native.attachTcx(programOf(object, 'pass_one'), ifindexOf('veth-c'), 'egress');
    const { id, attachType } = link.info();
    assert.equal(attachType, BPF_TCX_EGRESS);
    link.pin(path);
    link.close();
    const again = native.openPinnedLink(path);
    assert.equal(again.info().id, id);
    again.update(programOf(object, 'pass_two'));
    assert.equal(again.info().programId, programOf(object, 'pass_two').id);
    unlinkSync(path);
    again.close();
    object.close();
  });

  test('a link whose device is gone has ifindex 0 and takes no update', async (t) => {
    await vethPair(t, 'veth-d');
    const object = await load();
    const link = native.attachTcx(programOf(object, 'pass_one'), ifindexOf('veth-d'), 'ingress');
    ip('link del veth-d');
    await eventually('detached', () => link.info().ifindex === 0);
    assert.throws(() => link.update(programOf(object, 'pass_two')), code('ENOLINK'));
    assert.throws(() => native.attachTcx(programOf(object, 'pass_one'), 4242, 'ingress'), code('ENODEV'));
    link.close();
    object.close();
  });

  test('a clsact filter is replaced in place, leaves others alone, and goes', async (t) => {
    const peer = await vethPair(t, 'veth-e');
    const ifindex = ifindexOf('veth-e');
    const object = await load();
    const attach = (program: string, priority: number): string =>
      native.attachClsact(programOf(object, program), ifindex, 'ingress', priority);
    assert.equal(attach('pass_one', 7), 'Attached');
    assert.equal(attach('pass_one', 8), 'Attached');
    assert.equal(attach('pass_two', 7), 'Replaced');
    assert.equal(attach('pass_two', 7), 'Kept');
    const filters = run('tc', 'filter', 'show', 'dev', 'veth-e', 'ingress');
    assert.equal(filters.match(/pref 7 bpf .*handle 0x1 pass_two/g)?.length, 1, filters);
    assert.equal(filters.match(/pref 8 bpf .*handle 0x1 pass_one/g)?.length, 1, filters);
    peer.run('ping', '-c', '2', '-i', '0.01', '192.0.2.1');
    assert.ok(runs(object) >= 2n);
    assert.equal(native.detachClsact(ifindex, 'ingress', 7), true);
    assert.equal(native.detachClsact(ifindex, 'ingress', 7), false);
    assert.equal(native.detachClsact(ifindex, 'egress', 7), false);
    assert.equal(native.detachClsact(4242, 'ingress', 7), false);
    const left = run('tc', 'filter', 'show', 'dev', 'veth-e', 'ingress');
    assert.ok(!left.includes('pref 7') && left.includes('pref 8'), left);
    object.close();
  });

  test('a cgroup link acts on the processes of that cgroup', async (t) => {
    const path = cgroup(t);
    const object = await load();
    const link = native.attachCgroup(programOf(object, 'refuse'), path);
    assert.equal(typeof link.info().cgroupId, 'bigint');
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const dial = async (inside: boolean, to: number): Promise<string> => {
      const enter = inside ? `echo $$ > ${path}/cgroup.procs; ` : '';
      const shell = `${enter}exec bash -c 'exec 3<>/dev/tcp/127.0.0.1/${to} && echo connected' 2>&1`;
      const child = spawn('sh', ['-c', shell]);
      let out = '';
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
      await once(child, 'close');
      return out;
    };
    assert.match(await dial(true, 4242), /Operation not permitted/);
    assert.match(await dial(false, 4242), /Connection refused/);
    assert.match(await dial(true, port), /connected/);
    link.close();
    assert.match(await dial(true, 4242), /Connection refused/);
    assert.throws(() => native.attachCgroup(programOf(object, 'refuse'), '/nowhere'), code('ENOENT'));
    server.close();
    object.close();
  });

  test('a network namespace has a cookie of its own', () => {
    const script = `const { loadNative } = await import('${import.meta.dirname}/../src/native.ts');
      console.log(String(loadNative().netnsCookie()));`;
    const args = ['--net', process.execPath, '--import', 'tsx', '--input-type=module', '-e', script];
    const other = spawnSync('unshare', args, { encoding: 'utf8', cwd: import.meta.dirname });
    assert.match(other.stdout, /^[1-9][0-9]*\n$/);
    assert.notEqual(BigInt(other.stdout.trim()), native.netnsCookie());
    assert.equal(native.netnsCookie(), native.netnsCookie());
  });
}

if (isolated(import.meta.filename)) define();
