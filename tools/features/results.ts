import type { TestResult } from '../test/report.ts';
import { idsOf } from './titles.ts';

/** What came of each row's tests, in words, by id. */
export type Results = ReadonlyMap<string, string>;

/** What the column says of a row whose tests were not among those that ran. */
export const NOT_RUN = 'not run';

const ORDER = ['failed', 'passed', 'skipped'] as const;

/** Sums up a run by row: `12 passed`, or `1 failed, 11 passed`. A test counts for the rows of every title around it. */
export function resultsOf(tests: readonly TestResult[]): Results {
  const counts = new Map<string, Record<TestResult['outcome'], number>>();
  for (const { title, outcome } of tests) {
    for (const id of new Set(title.split(' > ').flatMap(idsOf))) {
      const count = counts.get(id) ?? { passed: 0, failed: 0, skipped: 0 };
      count[outcome] += 1;
      counts.set(id, count);
    }
  }
  return new Map([...counts].map(([id, count]) => [id, words(count)]));
}

function words(count: Readonly<Record<TestResult['outcome'], number>>): string {
  return ORDER.flatMap((outcome) => (count[outcome] > 0 ? [`${count[outcome]} ${outcome}`] : [])).join(', ');
}
