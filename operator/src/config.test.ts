import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, helpText, parseCommand } from './config.ts';

test('flags come before the environment, and the environment before defaults', () => {
  const command = parseCommand(['--port', '1', '--lease-duration=3s'], {
    MARGAY_PORT: '2',
    POD_NAME: 'p',
    MARGAY_LOG_LEVEL: 'debug',
  });
  assert.ok(command.kind === 'run');
  const { port, podName, logLevel, leaseDurationMs, renewDeadlineMs } = command.config;
  assert.deepEqual(
    [port, podName, logLevel, leaseDurationMs, renewDeadlineMs],
    [1, 'p', 'debug', 3000, 10_000],
  );
  assert.throws(() => Object.assign(command.config, { port: 3 }));
});

const BAD: readonly [string[], RegExp][] = [
  [['--port', 'x'], /--port: must be integer/],
  [['--port', '70000'], /--port: must be <= 65535/],
  [['--log-level', 'loud'], /--log-level/],
  [['--lease-duration', '3'], /--lease-duration/],
  [['--bogus'], /--bogus/],
  [['word'], /word/],
];

for (const [argv, words] of BAD) {
  test(`refused: ${argv.join(' ')}`, () => {
    assert.throws(
      () => parseCommand(argv, {}),
      (error: unknown) => error instanceof ConfigError && words.test(error.message),
    );
  });
}

test('help names every flag and its variable', () => {
  assert.equal(parseCommand(['--help'], {}).kind, 'help');
  assert.equal(parseCommand(['--version'], {}).kind, 'version');
  assert.match(helpText(), /--kubeconfig.*KUBECONFIG/);
});
