import { NOT_RUN, type Results } from './results.ts';
import type { Row, Section } from './rows.ts';
import { idsOf } from './titles.ts';

/** A title in a test file. */
export interface Title {
  /** Path from the root of the checkout. */
  readonly file: string;
  readonly text: string;
}

/** What a run was about, and what came of it; the page keeps it until there is a newer one. */
export interface Run {
  /** One line: which commit, when. */
  readonly about: string;
  readonly results: Results;
}

/** No run is known. */
export const NO_RUN: Run = { about: 'no run yet', results: new Map() };

const ABOUT = 'Results: ';
const NO_TEST = 'no test';
const CELL = /^\| ([A-Z]\d+) \|.*\| ([^|]*) \|$/;

const testsOf = ({ id }: Row, titles: readonly Title[]): readonly Title[] =>
  titles.filter(({ text }) => idsOf(text).includes(id));

const escaped = (text: string): string => text.replace(/[|<>*_`]/g, '\\$&');

function fileCell(titles: readonly Title[]): string {
  const counts = new Map<string, number>();
  for (const { file } of titles) counts.set(file, (counts.get(file) ?? 0) + 1);
  return [...counts].map(([file, n]) => `[${file}](../${file})${n > 1 ? ` (${n})` : ''}`).join(', ');
}

function line(row: Row, titles: readonly Title[], { results }: Run): string {
  const own = testsOf(row, titles);
  const tests = own.length === 0 ? NO_TEST : fileCell(own);
  const result = own.length === 0 ? '' : (results.get(row.id) ?? NOT_RUN);
  return `| ${row.id} | ${escaped(row.promise)} | ${tests} | ${result} |`;
}

function table({ title, rows }: Section, titles: readonly Title[], run: Run): readonly string[] {
  const head = ['| row | promise | tests | result |', '|---|---|---|---|'];
  return [`## ${title}`, ...head, ...rows.map((row) => line(row, titles, run)), ''];
}

function list(row: Row, titles: readonly Title[]): readonly string[] {
  const own = testsOf(row, titles);
  if (own.length === 0) return [];
  const lines = own.map(({ file, text }) => `- ${escaped(text)} (\`${file}\`)`);
  return [`### ${row.id}`, ...lines, ''];
}

/** docs/features.md. The same rows, titles and run give the same text. */
export function featuresPage(sections: readonly Section[], titles: readonly Title[], run: Run): string {
  const rows = sections.flatMap((section) => section.rows);
  const tested = rows.filter((row) => testsOf(row, titles).length > 0).length;
  return [
    '# Promises and their tests',
    '',
    '<!-- Generated from docs/features.yaml and the titles of the tests: edit those, then run `make features`. -->',
    '',
    'A test that proves a row, or a part of it, names the row at the beginning of its title. It proves what its title',
    'says and no more: a row with tests may have parts without one. Numbers in brackets count titles; a title that is',
    'filled in from a table stands for several tests, so the results may count more.',
    '',
    `${tested} of ${rows.length} rows have a test.`,
    '',
    `${ABOUT}${run.about}`,
    '',
    ...sections.flatMap((section) => table(section, titles, run)),
    '## Titles, by row',
    ...rows.flatMap((row) => list(row, titles)),
  ].join('\n');
}

/** The run that a page shows. */
export function runOf(page: string): Run {
  const lines = page.split('\n');
  const about = lines.find((text) => text.startsWith(ABOUT))?.slice(ABOUT.length);
  if (about === undefined) return NO_RUN;
  const cells = lines.flatMap((text): [string, string][] => {
    const [, id, result = ''] = CELL.exec(text) ?? [];
    return id === undefined || result === '' || result === NOT_RUN ? [] : [[id, result]];
  });
  return { about, results: new Map(cells) };
}

/** Ids in titles that no row has, with the files: a slip of the pen, or a row that is gone. */
export function unknownIds(sections: readonly Section[], titles: readonly Title[]): readonly string[] {
  const known = new Set(sections.flatMap(({ rows }) => rows.map(({ id }) => id)));
  return titles.flatMap(({ file, text }) =>
    idsOf(text).flatMap((id) => (known.has(id) ? [] : [`${file}: ${text}`])),
  );
}
