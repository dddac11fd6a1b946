/**
 * `main.ts`           writes docs/features.md: each promise, the tests whose titles name it, and what came of them in
 *                     the run whose reports are in build/test (TEST_RESULTS); without reports the results stay.
 * `main.ts --verify`  fails when a row, a promise or a title is not as the page has it. Results may be of any run.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { findTests } from '../test/find.ts';
import { groupNames } from '../test/groups.ts';
import type { TestResult } from '../test/report.ts';
import { featuresPage, runOf, unknownIds, type Run, type Title } from './page.ts';
import { resultsOf } from './results.ts';
import { readSections } from './rows.ts';
import { titlesIn } from './titles.ts';

const PAGE = 'docs/features.md';
const ROWS = 'docs/features.yaml';

async function allTitles(): Promise<readonly Title[]> {
  const tiers = await Promise.all(groupNames.map((group) => findTests('.', group)));
  // The titles in the tests of this very tool are made up.
  const files = [...new Set(tiers.flat())].filter((file) => !file.startsWith('tools/features/')).sort();
  const titles = await Promise.all(
    files.map(async (file) => titlesIn(await readFile(file, 'utf8')).map((text) => ({ file, text }))),
  );
  return titles.flat();
}

/** A tier's report, as tools/test/main.ts writes it. */
interface TierReport {
  readonly about: string;
  readonly tests: readonly TestResult[];
}

async function lastRun(dir: string): Promise<Run | undefined> {
  const there = new Set(await readdir(dir).catch(() => []));
  const names = groupNames.map((group) => `${group}.json`).filter((name) => there.has(name));
  const texts = await Promise.all(names.map((name) => readFile(join(dir, name), 'utf8')));
  const reports = texts.map((text) => JSON.parse(text) as TierReport);
  if (reports.length === 0) return undefined;
  const about = [...new Set(reports.map((report) => report.about))].join('; ');
  return { about, results: resultsOf(reports.flatMap((report) => report.tests)) };
}

const [sections, titles, page] = await Promise.all([
  readFile(ROWS, 'utf8').then(readSections),
  allTitles(),
  readFile(PAGE, 'utf8').catch(() => ''),
]);
const unknown = unknownIds(sections, titles);
if (unknown.length > 0) {
  throw new Error(
    `titles name rows that ${ROWS} does not have:\n${unknown.join('\n')}\ncorrect the title, or add the row`,
  );
}
const kept = featuresPage(sections, titles, runOf(page));
if (process.argv.includes('--verify')) {
  if (kept !== page) {
    console.error(`${PAGE} is stale: run make features, and commit what it writes`);
    process.exitCode = 1;
  }
} else {
  const run = await lastRun(process.env['TEST_RESULTS'] ?? 'build/test');
  await writeFile(PAGE, run === undefined ? kept : featuresPage(sections, titles, run));
}
