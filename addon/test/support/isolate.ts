import { spawnSync } from 'node:child_process';

const marker = 'MARGAY_TEST_ISOLATED';

/**
 * Runs a test file again in network and mount namespaces of its own, with `lo` up. False in the process
 * that only waits; the test runner reads the inner one's output. What a test mounts or makes there ends
 * with it.
 */
export function isolated(file: string): boolean {
  if (process.env[marker] !== undefined) return true;
  const shell = 'ip link set lo up && exec "$0" "$@"';
  const args = ['--net', '--mount', 'sh', '-c', shell, process.execPath, ...process.execArgv, file];
  const done = spawnSync('unshare', args, { stdio: 'inherit', env: { ...process.env, [marker]: '1' } });
  process.exitCode = done.status ?? 1;
  return false;
}
