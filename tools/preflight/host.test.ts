import assert from 'node:assert/strict';
import { test } from 'node:test';

import { findings, hasDisk, hasMemory, isRoot, noLabRuns, overlap, subnetIsFree, type Site } from './host.ts';
import type { Machine } from './machine.ts';

const GiB = 2 ** 30;
const site: Site = { cache: '/c', checkout: '/w', warm: false, subnet: '10.240.0.0/24', labs: '/labs' };

/** A machine on which everything is as it should be, but for what a case changes. */
function machine(change: Partial<Machine>): Machine {
  return {
    uid: 0,
    script: () => Promise.resolve({ status: 0, stdout: '[]', stderr: '' }),
    read: () => Promise.resolve('MemAvailable:   16777216 kB\n'),
    list: () => Promise.resolve([]),
    free: () => Promise.resolve(100 * GiB),
    exists: () => false,
    ...change,
  };
}

const routes = (...list: readonly object[]): Partial<Machine> => ({
  script: () => Promise.resolve({ status: 0, stdout: JSON.stringify(list), stderr: '' }),
});

test('a good machine has no finding', async () => {
  const checks = [isRoot, hasDisk(site), hasMemory(site), subnetIsFree(site), noLabRuns(site)];
  assert.deepEqual(await findings(machine({}), checks), []);
});

test('without root that is the only finding', async () => {
  const found = await findings(machine({ uid: 1000, free: () => Promise.resolve(0) }), [
    isRoot,
    hasDisk(site),
  ]);
  assert.equal(found.length, 1);
  assert.match(found[0]?.what ?? '', /user 1000, not as root/);
});

test('disk: what is left and what is needed, less once the cache is warm', async () => {
  const small = machine({ free: () => Promise.resolve(6 * GiB) });
  const found = await hasDisk(site)(small);
  assert.equal(found?.what, '/c has 6.0 GiB of disk left, 14.0 GiB are needed');
  assert.equal(await hasDisk({ ...site, warm: true })(small), undefined);
});

test('disk of the checkout counts by itself', async () => {
  const found = await hasDisk(site)(
    machine({ free: (path) => Promise.resolve(path === '/w' ? 0 : 99 * GiB) }),
  );
  assert.match(found?.what ?? '', /^\/w has 0\.0 GiB/);
});

test('memory', async () => {
  const found = await hasMemory(site)(machine({ read: () => Promise.resolve('MemAvailable: 1048576 kB\n') }));
  assert.equal(found?.what, '1.0 GiB of memory are available, 4.0 GiB are needed');
});

test('a route into the subnet is named with its device', async () => {
  const found = await subnetIsFree(site)(
    machine(routes({ dst: 'default', dev: 'eth0' }, { dst: '10.240.0.0/16', dev: 'vpn0' })),
  );
  assert.match(found?.what ?? '', /10\.240\.0\.0\/24 is in use: .* 10\.240\.0\.0\/16 to vpn0/);
});

test('routes beside the subnet do not matter', async () => {
  assert.equal(
    await subnetIsFree(site)(
      machine(routes({ dst: '10.240.1.0/24', dev: 'x' }, { dst: '10.0.0.1', dev: 'y' })),
    ),
    undefined,
  );
});

test('a running lab is named; the folder of one that ended is not a running lab', async () => {
  const list = (): Promise<string[]> => Promise.resolve(['old', 'margay']);
  const found = await noLabRuns(site)(machine({ list, exists: (path) => path === '/run/netns/margay-cp' }));
  assert.equal(found?.what, 'a lab named "margay" is running');
  assert.equal(await noLabRuns(site)(machine({ list })), undefined);
});

for (const [a, b, expected] of [
  ['10.240.0.0/24', '10.240.0.200', true],
  ['10.240.0.0/24', '10.240.1.0', false],
  ['0.0.0.0/0', '10.240.0.0/24', true],
  ['10.240.0.0/15', '10.241.255.255', true],
] as const) {
  test(`${a} and ${b} ${expected ? 'overlap' : 'are apart'}`, () => {
    assert.equal(overlap(a, b), expected);
    assert.equal(overlap(b, a), expected);
  });
}
