import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';

import { Report, type TestEvent } from './report.ts';

const a = resolve('a.test.ts');
const b = resolve('b.test.ts');

function printed(live: boolean, events: readonly TestEvent[]): string[] {
  const lines: string[] = [];
  const report = new Report({ live, print: (line) => lines.push(line) });
  for (const event of events) report.event(event);
  report.end();
  return lines;
}

const broken = { error: { failureType: 'testCodeFailure', cause: 'wrong' } };
const events: readonly TestEvent[] = [
  { type: 'test:start', data: { name: 'one', file: a, nesting: 0 } },
  { type: 'test:stdout', data: { file: b, message: 'says b\n' } },
  { type: 'test:pass', data: { name: 'one', file: a, nesting: 0, details: { duration_ms: 1234 } } },
  { type: 'test:start', data: { name: 'suite', file: b, nesting: 0 } },
  { type: 'test:start', data: { name: 'two', file: b, nesting: 1 } },
  { type: 'test:fail', data: { name: 'two', file: b, nesting: 1, details: broken } },
  { type: 'test:pass', data: { name: 'three', file: b, nesting: 1, skip: 'not here' } },
];

test('a line a file, and what failed with what its file printed', () => {
  assert.deepEqual(printed(false, events), [
    'ok   a.test.ts: 1 passed (1.2 s)',
    'FAIL b.test.ts: suite > two',
    "     'wrong'",
    '     | says b',
    'FAIL b.test.ts: 0 passed, 1 failed, 1 skipped (0.0 s)',
  ]);
});

test('live: every test and all output as it comes', () => {
  assert.deepEqual(printed(true, events), [
    '     a.test.ts',
    '     | says b',
    'ok   one (1.2 s)',
    '     b.test.ts',
    'FAIL b.test.ts: suite > two',
    "     'wrong'",
    'skip suite > three (0.0 s)',
  ]);
});

test('each test is kept with its file, its title and what came of it', () => {
  const report = new Report({ live: false, print: () => undefined });
  for (const event of events) report.event(event);
  assert.deepEqual(report.tests, [
    { file: 'a.test.ts', title: 'one', outcome: 'passed' },
    { file: 'b.test.ts', title: 'suite > two', outcome: 'failed' },
    { file: 'b.test.ts', title: 'suite > three', outcome: 'skipped' },
  ]);
});
