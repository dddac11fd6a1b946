import { parse } from 'yaml';

/** A promise. */
export interface Row {
  readonly id: string;
  readonly promise: string;
}

/** Promises of one kind. */
export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

type Document = Readonly<Record<string, { title: string; rows: Readonly<Record<string, string>> }>>;

/** Reads docs/features.yaml. */
export function readSections(text: string): readonly Section[] {
  return Object.values(parse(text) as Document).map(({ title, rows }) => ({
    title,
    rows: Object.entries(rows).map(([id, promise]) => ({ id, promise })),
  }));
}
