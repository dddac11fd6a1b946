import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOptions, usage, UsageError } from './options.ts';

test('flags win over the environment, the environment over defaults', () => {
  const env = { NODE_NAME: 'from-env', MARGAY_METRICS_PORT: '9999' };
  const options = parseOptions(['run', '--node-name=from-flag', '--bpffs', '/x'], env);
  assert.deepEqual(
    [options.nodeName, options.metricsPort, options.bpffs, options.socket],
    ['from-flag', 9999, '/x', '/run/margay/agent.sock'],
  );
  assert.ok(Object.isFrozen(options));
});

const refused: [readonly string[], RegExp][] = [
  [[], /which command/],
  [['fly'], /which command/],
  [['run', 'twice'], /which command/],
  [['run'], /--node-name/],
  [['run', '--node-name=n', '--metrics-port=x'], /--metrics-port x/],
  [['run', '--node-name=n', '--metrics-port=70000'], /0 to 65535/],
  [['run', '--node-name=n', '--log-level=loud'], /--log-level loud/],
  [['run', '--nonsense'], /--nonsense/],
];
for (const [argv, message] of refused) {
  test(`"${argv.join(' ')}" is refused with what to write`, () => {
    assert.throws(
      () => parseOptions(argv, {}),
      (error) => error instanceof UsageError && message.test(error.message),
    );
  });
}

test('cleanup, help and version need no node name', () => {
  for (const argv of [['cleanup'], ['--help'], ['--version']])
    assert.doesNotThrow(() => parseOptions(argv, {}));
});

test('the help names each flag and each variable', () => {
  for (const word of ['--node-name', 'NODE_NAME', '--bpffs', 'cleanup', 'MARGAY_METRICS_PORT'])
    assert.ok(usage().includes(word), word);
});
