import assert from 'node:assert/strict';
import { test } from 'node:test';

import { findings, hasDisk, hasMemory, isRoot, noLabRuns, subnetIsFree, type Site } from './host.ts';
import type { Machine } from './machine.ts';

const GiB = 2 ** 30;
const site: Site = {
  cache: '/c',
  checkout: '/w',
  warm: false,
  subnet: '10.240.0.0/24',
  ownDevices: ['mgown'],
  runningLabs: [],
};

/** A machine on which everything is as it should be, but for what a case changes. */
function machine(change: Partial<Machine>): Machine {
  return {
    uid: 0,
    script: () => Promise.resolve({ status: 0, stdout: '[]', stderr: '' }),
    read: () => Promise.resolve('MemAvailable:   16777216 kB\n'),
    free: () => Promise.resolve(100 * GiB),
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
  assert.equal(found?.what, '/c has 6.0 GiB of disk left, 18.0 GiB are needed');
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

test('what a crashed lab of ours left does not hold the subnet', async () => {
  assert.equal(await subnetIsFree(site)(machine(routes({ dst: '10.240.0.0/24', dev: 'mgown' }))), undefined);
});

test('a running lab is named', async () => {
  const found = await noLabRuns({ ...site, runningLabs: ['other'] })(machine({}));
  assert.equal(found?.what, 'a lab named "other" is running');
});
