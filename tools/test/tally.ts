import { inspect } from 'node:util';

/** What came of some tests. A suite is not counted, its tests are. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** No tests at all. */
export const none: Totals = { passed: 0, failed: 0, skipped: 0 };

/** Totals of both. */
export function sum(a: Totals, b: Totals): Totals {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** The line that a run ends with. */
export function totalsLine({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** The part of node:test's `test:pass` and `test:fail` that decides. */
export interface Outcome {
  readonly ok: boolean;
  readonly name: string;
  readonly file?: string | undefined;
  readonly suite: boolean;
  /** Skipped or to do. */
  readonly skipped: boolean;
  readonly error?: { readonly failureType?: string; readonly cause?: unknown } | undefined;
}

/** What one outcome adds to the totals, and the reason to print when it failed. */
export interface Verdict extends Totals {
  readonly why?: string;
}

/**
 * Judges one outcome. A file without any test is reported by node:test as a test that passed under the
 * file's name; here it fails, because a check that never ran is no check.
 */
export function judge(outcome: Outcome): Verdict {
  if (outcome.ok) return judgePassed(outcome);
  if (outcome.skipped) return { ...none, skipped: 1 };
  const type = outcome.error?.failureType;
  // What failed inside is counted by itself.
  if (type === 'subtestsFailed') return none;
  return { ...none, failed: 1, why: reason(outcome.error?.cause, type) };
}

function judgePassed(outcome: Outcome): Verdict {
  if (outcome.skipped) return { ...none, skipped: 1 };
  if (outcome.suite) return none;
  if (outcome.name === outcome.file) return { ...none, failed: 1, why: 'the file has no test' };
  return { ...none, passed: 1 };
}

function reason(cause: unknown, type: string | undefined): string {
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : inspect(cause);
  return type === undefined || type === 'testCodeFailure' ? text : `${type}: ${text}`;
}
