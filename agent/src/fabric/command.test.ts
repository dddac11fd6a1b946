import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommandError, run } from './command.ts';

test('input, environment and output', async () => {
  const out = await run(['sh', '-c', 'cat; echo "$GREETING"'], { input: 'in\n', env: { GREETING: 'hello' } });
  assert.equal(out, 'in\nhello\n');
});

test('only the lines that are wanted are kept, also those that come in pieces', async () => {
  const script = 'printf "a1\\nb1\\na"; sleep 0.05; printf "2\\nb2\\na3"';
  assert.equal(await run(['sh', '-c', script], { keep: (l) => l.startsWith('a') }), 'a1\na2\na3');
});

test('a failure carries status and words; a program that is not there says so', async () => {
  await assert.rejects(run(['sh', '-c', 'echo "no such table" >&2; exit 3']), (error: unknown) => {
    assert.ok(error instanceof CommandError);
    assert.deepEqual([error.code, error.status, error.stderr], ['Failed', 3, 'no such table\n']);
    return /no such table/.test(error.message);
  });
  await assert.rejects(run(['/no/such/program']), { code: 'NotFound', message: /not installed/ });
});

test('a program that does not read its input is no error', async () => {
  assert.equal(await run(['true'], { input: 'x'.repeat(1 << 20) }), '');
});
