import assert from 'node:assert/strict';
import { test } from 'node:test';

import { run } from '@margay/e2e/lab/process';

import { push } from './push.ts';

/** Makes the goals with this REGISTRY; an outer make's flags are not this one's. */
async function make(registry: string, ...goals: string[]): Promise<{ status: number; text: string }> {
  const env = { ...process.env, MAKEFLAGS: '' };
  const args = ['--no-print-directory', ...goals, `REGISTRY=${registry}`];
  const { status, stdout, stderr } = await run('make', args, { env, allowFailure: true, timeout: 20_000 });
  return { status, text: stdout + stderr };
}

const bad = [
  'https://registry.example.com/a',
  'registry.example.com/A',
  'a b',
  'reg/a:1',
  'reg/a/',
  '/a',
  'a";',
];

for (const registry of ['', ...bad]) {
  test(`make images push: REGISTRY="${registry}" is refused before anything is built`, async () => {
    const { status, text } = await make(registry, 'images', 'push');
    assert.equal(status, 2);
    const lines = text.trimEnd().split('\n');
    if (registry !== '') assert.ok(lines.shift()?.startsWith(`REGISTRY=${registry} names no place`), text);
    assert.equal(lines.shift(), 'say where to: make images push REGISTRY=registry.example.com/path');
    assert.match(lines.join('\n'), /^make.*push-where\] Error 1$/, text);
  });
}

for (const registry of ['localhost:5000', 'registry.example.com/team/a-b_c', 'someone']) {
  test(`make images push: REGISTRY=${registry} is taken`, async () => {
    assert.deepEqual(await make(registry, 'push-where'), { status: 0, text: '' });
  });
}

test('a push that fails says why and what to look at, without the command, and leaves no image', async () => {
  const asked: string[] = [];
  const buildah = (...args: readonly string[]): Promise<string> => {
    asked.push(args[0] ?? '');
    if (args[0] !== 'push') return Promise.resolve('id');
    return Promise.reject(new Error('exit 125: buildah push ...\nwarning: again\nError: connection refused'));
  };
  await assert.rejects(push(buildah, { archive: 'a.tar', name: 'r:1/operator:2', tls: true }), {
    message:
      /^cannot push r:1\/operator:2\n {2}Error: connection refused\n {2}Is REGISTRY right.*MARGAY_REGISTRY_TLS=false$/,
  });
  assert.deepEqual(asked, ['pull', 'push', 'rmi']);
});
