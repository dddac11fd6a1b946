import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

import type { Features, KernelError, LoadOptions } from '../src/api.ts';
import { isKernelError } from '../src/errors.ts';
import { loadNative } from '../src/native.ts';
import { fixture } from './support/fixtures.ts';

const native = loadNative();

async function failure(work: Promise<unknown>): Promise<KernelError> {
  try {
    await work;
  } catch (error) {
    assert.ok(isKernelError(error), String(error));
    return error;
  }
  return assert.fail('it worked');
}

test('a refused program has its own verifier log, and the others have none', async () => {
  const error = await failure(native.load({ path: fixture('refused') }));
  assert.equal(error.code, 'EACCES');
  assert.equal(error.errno, 13);
  assert.equal(error.syscall, 'bpf_object__load');
  assert.equal(error.retryable, false);
  assert.deepEqual(Object.keys(error.verifierLog ?? {}), ['unchecked']);
  assert.match(error.verifierLog?.['unchecked'] ?? '', /invalid mem access 'map_value_or_null'/);
});

test('a file that is absent, or no object', async () => {
  assert.equal((await failure(native.load({ path: '/nowhere/x.o' }))).code, 'ENOENT');
  const error = await failure(native.load({ path: import.meta.filename }));
  assert.equal(error.syscall, 'bpf_object__open_file');
});

test('arguments of the wrong type are a TypeError', async () => {
  const load = (options: unknown): Promise<unknown> => native.load(options as LoadOptions);
  for (const options of [
    undefined,
    {},
    { path: 1 },
    { path: 'x', rodata: { a: 'text' } },
    { path: 'x', programs: 'all' },
  ]) {
    await assert.rejects(load(options), TypeError);
  }
  assert.throws(() => native.attachTcx({} as never, 1, 'ingress'), TypeError);
});

test('only what the kernel refused is a KernelError', () => {
  assert.equal(isKernelError(new Error('x')), false);
  assert.equal(
    isKernelError(Object.assign(new Error('x'), { code: 'ENOENT', errno: -2, syscall: 'open' })),
    false,
  );
  assert.equal(isKernelError(undefined), false);
});

test('every feature that this kernel has is found, and the reason given for one that is not', async () => {
  const { failures, ...features } = await native.probe();
  const missing = Object.entries(features).filter(([, there]) => !there);
  assert.deepEqual(
    missing.map(([name]) => name),
    Object.keys(failures),
  );
  assert.equal(features.batch && features.ringBuffer && features.btf, true);
});

const unprivileged = `
  const { loadNative } = await import('${import.meta.dirname}/../src/native.ts');
  const native = loadNative();
  const load = await native.load({ path: '${fixture('basic')}' }).catch((error) => error);
  console.log(JSON.stringify({ code: load.code, syscall: load.syscall, features: await native.probe() }));`;

test('without privileges loading is EPERM, and no feature is claimed', () => {
  const node = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', unprivileged];
  const done = spawnSync('setpriv', ['--bounding-set=-all', ...node], {
    encoding: 'utf8',
    cwd: import.meta.dirname,
  });
  const { code, syscall, features } = JSON.parse(done.stdout) as {
    code: string;
    syscall: string;
    features: Features;
  };
  assert.equal(code, 'EPERM');
  assert.equal(syscall, 'bpf_object__load');
  const { failures, ...found } = features;
  const claimed = Object.entries(found).filter(([name, there]) => there && name !== 'btf');
  assert.deepEqual(claimed, []);
  assert.match(failures.tcxLink ?? '', /EPERM/);
});
