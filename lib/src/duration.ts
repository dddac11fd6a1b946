import { MargayError } from './errors.ts';

const pattern = /^([0-9]{1,5}(h|m|s|ms)){1,4}$/;
const part = /([0-9]{1,5})(ms|h|m|s)/g;
const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** A text is no duration. */
export class DurationError extends MargayError {
  override readonly name = 'DurationError';

  constructor(text: string) {
    super(`'${text}' is not a duration: write numbers with h, m, s or ms, such as 90s or 1h30m`, {
      code: 'BadDuration',
    });
  }
}

/** Milliseconds of a text such as `1h30m`; the one parser for every duration in Margay's API. */
export function parseDuration(text: string): number {
  if (!pattern.test(text)) throw new DurationError(text);
  let total = 0;
  for (const [, count, unit] of text.matchAll(part)) total += Number(count) * (units[unit ?? ''] ?? 0);
  return total;
}

/** The shortest text that {@link parseDuration} reads as these milliseconds. */
export function formatDuration(ms: number): string {
  let rest = Math.max(0, Math.round(ms));
  let text = '';
  for (const [unit, size] of Object.entries(units)) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text === '' ? '0s' : text;
}
