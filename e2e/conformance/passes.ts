import type { SpecRow } from './report.ts';

// A spec that ran while another one had brought kube-proxy back says little about Margay: it runs a second time, with
// others of its kind only.

/** Names of the specs in whose time kube-proxy was there because of another one. */
export function disturbed(rows: readonly SpecRow[]): readonly string[] {
  return rows
    .filter((r) => r.outcome !== 'skipped' && r.broughtBackBy.length === 0 && r.presentSeconds > 0)
    .map(({ name }) => name);
}

/** A regular expression, Go's and JavaScript's alike, for exactly these specs. */
export function exactly(names: readonly string[]): string {
  return `(${names.map((name) => name.replace(/[.*+?^${}()|[\]\\/-]/g, escaped)).join('|')})$`;
}

/** The rows with what the second pass showed; a failure in either pass stays one. */
export function mergePasses(first: readonly SpecRow[], second: readonly SpecRow[]): readonly SpecRow[] {
  const again = new Map(second.map((row) => [row.name, row]));
  return [
    ...first.map((row) => merge(row, again.get(row.name))),
    ...second.filter(({ name }) => !first.some((row) => row.name === name)),
  ];
}

function merge(before: SpecRow, after: SpecRow | undefined): SpecRow {
  return after === undefined || before.outcome === 'failed' ? before : after;
}

/** RE2 knows no escaped slash or hyphen; as a code point both dialects do. */
function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return character === '/' || character === '-' ? `\\x${code.toString(16)}` : `\\${character}`;
}
