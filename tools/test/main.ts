/**
 * `main.ts <tier>|<file>...`  runs the tests of a tier, or the files; writes build/test/<tier>.xml (JUnit) and
 *                             <tier>.json (commit and day, totals, what came of each test), prints a line a file and the totals.
 *                             Exit code 1 when one failed.
 * `main.ts totals`            prints the sum of all tiers that ran since build/test was emptied.
 * TEST_RESULTS in the environment is another folder than build/test.
 */
import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { run } from 'node:test';
import { junit } from 'node:test/reporters';

import { findTests } from './find.ts';
import { groupNames, groupOf, groups, type Group, type GroupName } from './groups.ts';
import { Report, type TestEvent } from './report.ts';
import { none, sum, totalsLine, type Totals } from './tally.ts';

const results = process.env['TEST_RESULTS'] ?? 'build/test';

async function runFiles(name: string, files: readonly string[], group: Group): Promise<Totals> {
  const report = new Report({ print: (line) => console.log(line), live: group.live });
  if (files.length === 0) throw new Error(`no test file of tier ${name} was found`);
  const { concurrency, timeout } = group;
  const stream = run({ files: files.map((file) => resolve(file)), concurrency, timeout });
  await mkdir(results, { recursive: true });
  stream.compose(junit).pipe(createWriteStream(`${results}/${name}.xml`));
  for await (const event of stream) report.event(event as TestEvent);
  report.end();
  await writeFile(
    `${results}/${name}.json`,
    JSON.stringify({ about: about(), ...report.totals, tests: report.tests }),
  );
  return report.totals;
}

/** What was tested, and when. */
function about(): string {
  const day = new Date().toISOString().slice(0, 10);
  try {
    // Without the sanitizers that this process may be running under: git leaks.
    const env = { ...process.env, LD_PRELOAD: undefined };
    const args = ['describe', '--always', '--dirty', '--exclude=*'];
    const commit = execFileSync('git', args, { encoding: 'utf8', env });
    return `commit ${commit.trim()}, ${day}`;
  } catch {
    return `sources without git, ${day}`;
  }
}

async function totals(): Promise<Totals> {
  const names = (await readdir(results)).filter((name) => name.endsWith('.json'));
  const each = await Promise.all(names.map((name) => readFile(`${results}/${name}`, 'utf8')));
  return each.map((text) => JSON.parse(text) as Totals).reduce(sum, none);
}

function isGroup(name: string): name is GroupName {
  return (groupNames as readonly string[]).includes(name);
}

async function tests(args: readonly string[]): Promise<Totals> {
  const [first = ''] = args;
  if (isGroup(first)) return runFiles(first, await findTests('.', first), groups[first]);
  const group = groupOf(first);
  if (group === undefined) throw new Error(`usage: main.ts ${groupNames.join('|')}|totals|<test file>...`);
  return runFiles('chosen', args, groups[group]);
}

const args = process.argv.slice(2);
const sumUp = args[0] === 'totals';
const outcome = sumUp ? await totals() : await tests(args);
console.log(totalsLine(outcome));
// The summary is not a check by itself: the tiers' own runs have failed already.
process.exitCode = outcome.failed > 0 ? 1 : 0;
