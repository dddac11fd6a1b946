import assert from 'node:assert/strict';
import { test } from 'node:test';

import { featuresPage, NO_RUN, runOf, unknownIds, type Title } from './page.ts';
import { resultsOf } from './results.ts';
import { readSections } from './rows.ts';
import { idsOf, titlesIn } from './titles.ts';

const sections = readSections(`
S: {title: Services, rows: {S1: ClusterIP | NodePort, S2: flat, S10: hashing}}
R: {title: Platform, rows: {R1: no loss}}
`);
const titles: readonly Title[] = [
  { file: 'a.test.ts', text: 'S1: works' },
  { file: 'a.test.ts', text: 'S1, R1: works on' },
  { file: 'b.test.ts', text: 'S10 tcp: spreads' },
];

const IDS: readonly [string, readonly string[]][] = [
  ['S4: a backend sees the client', ['S4']],
  ['S7 tcp: holds', ['S7']],
  ['S1, S16: both', ['S1', 'S16']],
  ['S6 S7 S8: all of them', ['S6', 'S7', 'S8']],
  ['O4: bpfEnabled: false', ['O4']],
  ['S4 without a colon', []],
  ['a title of S4: inside', []],
  ['IPv4: a family', []],
];

for (const [title, ids] of IDS) {
  test(`"${title}" names ${ids.length > 0 ? ids.join(' and ') : 'no row'}`, () => {
    assert.deepEqual(idsOf(title), ids);
  });
}

test('titles are found as arguments, in tables and in templates', () => {
  const rows = "const cases = [['S2: in a table', 1]];";
  const source = `test('S1: plain', f); ${rows} test(\`S3 \${kind}: \${what} goes\`, f); test(\`none\`, f); // 'S4: comment'`;
  assert.deepEqual(titlesIn(source), ['S1: plain', 'S2: in a table', 'S3 …: … goes']);
});

test('each row has its tests, its result, or neither', () => {
  const results = new Map([['S1', '2 passed']]);
  const lines = featuresPage(sections, titles, { about: 'commit 1', results }).split('\n');
  const cells = lines.filter((line) => /^\| [SR]\d/.test(line));
  assert.deepEqual(cells, [
    '| S1 | ClusterIP \\| NodePort | [a.test.ts](../a.test.ts) (2) | 2 passed |',
    '| S2 | flat | no test |  |',
    '| S10 | hashing | [b.test.ts](../b.test.ts) | not run |',
    '| R1 | no loss | [a.test.ts](../a.test.ts) | not run |',
  ]);
  assert.ok(lines.includes('3 of 4 rows have a test.'));
});

test('a page gives back the run that it shows, and is the same again with it', () => {
  const run = { about: 'commit 1', results: new Map([['S1', '1 failed, 1 passed']]) };
  const page = featuresPage(sections, titles, run);
  assert.deepEqual(runOf(page), run);
  assert.equal(featuresPage(sections, titles, runOf(page)), page);
  assert.deepEqual(runOf(''), NO_RUN);
});

test('a changed title, promise or row changes the page whatever run it shows', () => {
  const run = { about: 'commit 1', results: new Map([['S1', '2 passed']]) };
  const page = featuresPage(sections, titles, run);
  assert.notEqual(featuresPage(sections, titles.slice(1), runOf(page)), page);
  assert.notEqual(featuresPage(sections.slice(1), titles, runOf(page)), page);
});

test('results are summed by the rows that a test or what is around it names', () => {
  const file = 'a.test.ts';
  const results = resultsOf([
    { file, title: 'S1: works', outcome: 'passed' },
    { file, title: 'S1: around > inside', outcome: 'failed' },
    { file, title: 'S1, R1: works on', outcome: 'skipped' },
    { file, title: 'nothing', outcome: 'failed' },
  ]);
  assert.deepEqual(Object.fromEntries(results), { S1: '1 failed, 1 passed, 1 skipped', R1: '1 skipped' });
});

test('a title with a row that does not exist is named with its file', () => {
  const wrong = { file: 'c.test.ts', text: 'S99: no such row' };
  assert.deepEqual(unknownIds(sections, [...titles, wrong]), ['c.test.ts: S99: no such row']);
});
