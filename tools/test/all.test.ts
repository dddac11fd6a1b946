import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

/** What one run of all.sh did, with a `make` that writes a result for each tier and fails for one target. */
interface Run {
  readonly status: number | null;
  readonly targets: string[];
  readonly lastLine: string;
}

function runAll(failing: string): Run {
  const dir = mkdtempSync(join(tmpdir(), 'margay-all-'));
  try {
    const make = `#!/bin/bash
target=\${!#}
echo "$target" >>${dir}/targets
failed=0; [[ $target != ${failing} ]] || failed=1
[[ $target != *-test && $target != unit ]] || echo '{"passed":2,"failed":'$failed',"skipped":1}' >"$TEST_RESULTS/$target.json"
exit $failed
`;
    writeFileSync(join(dir, 'make'), make);
    chmodSync(join(dir, 'make'), 0o755);
    const env = {
      ...process.env,
      PATH: `${dir}:${process.env['PATH'] ?? ''}`,
      TEST_RESULTS: join(dir, 'results'),
    };
    const { status, stdout } = spawnSync('tools/test/all.sh', { env, encoding: 'utf8' });
    const targets = readFileSync(join(dir, 'targets'), 'utf8').trim().split('\n');
    return { status, targets, lastLine: stdout.trimEnd().split('\n').at(-1) ?? '' };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const stages = 'setup preflight build check unit bpf-test sanitizer-test cp-test cluster-test'.split(' ');

test('every stage runs in order, and the last line sums up', () => {
  assert.deepEqual(runAll('none'), {
    status: 0,
    targets: stages,
    lastLine: '10 passed, 0 failed, 5 skipped',
  });
});

test('a tier that fails lets the others run, and fails the whole', () => {
  assert.deepEqual(runAll('bpf-test'), {
    status: 1,
    targets: stages,
    lastLine: '10 passed, 1 failed, 5 skipped',
  });
});

test('failed static checks fail the whole, though every test passed', () => {
  const { status, lastLine } = runAll('check');
  assert.deepEqual({ status, lastLine }, { status: 1, lastLine: '10 passed, 0 failed, 5 skipped' });
});

test('nothing is tested on a machine that lacks something', () => {
  const expected = { status: 1, targets: ['setup', 'preflight'], lastLine: '0 passed, 0 failed, 0 skipped' };
  assert.deepEqual(runAll('preflight'), expected);
});
