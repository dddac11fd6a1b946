import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { LabError } from '../lab/errors.ts';

/** A spec that is left out, by a regular expression over its name (Go's and JavaScript's alike), and why. */
export interface Skip {
  readonly spec: string;
  readonly reason: string;
}

const FILE = new URL('./skips.yaml', import.meta.url);

/** The skips that are committed. */
export async function committedSkips(): Promise<readonly Skip[]> {
  return parseSkips(await readFile(FILE, 'utf8'));
}

/** Reads skips from YAML; one without a reason is refused with `BadOption`. */
export function parseSkips(text: string): readonly Skip[] {
  const document = parse(text) as { skips?: unknown } | null;
  const entries: readonly unknown[] = Array.isArray(document?.skips) ? document.skips : [];
  return entries.map((entry, index) => {
    const { spec, reason } = (entry ?? {}) as Partial<Record<keyof Skip, unknown>>;
    if (typeof spec === 'string' && spec !== '' && typeof reason === 'string' && reason !== '')
      return { spec, reason };
    throw new LabError('BadOption', `skips.yaml, entry ${index + 1}: write both spec and reason`);
  });
}

/** The reason for which a spec of this name is left out; undefined when it is not. */
export function skipReason(name: string, skips: readonly Skip[]): string | undefined {
  return skips.find(({ spec }) => new RegExp(spec).test(name))?.reason;
}
