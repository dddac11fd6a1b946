/** Medians and ratios: pure. */

/** What is reported of a series. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The value that `share` (0 to 1) of the values are not above; NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** Median: the mean of both middle values of an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length % 2 === 1) return sorted[Math.floor(middle)] ?? NaN;
  return ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** Median, least and greatest. */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** One repetition: what each variant showed, one right after the other. */
export type Block = Readonly<Record<string, number>>;

/** Blocks that count, and how many were left out. */
export interface Kept {
  readonly blocks: readonly Block[];
  readonly dropped: number;
  /** Less than half of the blocks were steady: all of them count, and the figures are no better than that. */
  readonly noisy: boolean;
}

/** Drops blocks whose `steady` series is more than 5 % off its median: the machine was busy with something else. */
export function keepSteady(blocks: readonly Block[], steady: string, tolerance = 0.05): Kept {
  const seen = blocks.flatMap((block) => block[steady] ?? []);
  if (seen.length < blocks.length) return { blocks, dropped: 0, noisy: false };
  const middle = median(seen);
  const kept = blocks.filter((block) => Math.abs((block[steady] ?? NaN) / middle - 1) <= tolerance);
  if (kept.length * 2 < blocks.length) return { blocks, dropped: 0, noisy: true };
  return { blocks: kept, dropped: blocks.length - kept.length, noisy: false };
}

/** `of` in terms of `to`, within each block. */
export function ratios(blocks: readonly Block[], of: string, to: string): readonly number[] {
  return blocks.flatMap((block) => {
    const [above, below] = [block[of], block[to]];
    return above === undefined || below === undefined || below === 0 ? [] : [above / below];
  });
}

/** Each series of the blocks. */
export function series(blocks: readonly Block[]): Readonly<Record<string, Spread>> {
  const names = [...new Set(blocks.flatMap((block) => Object.keys(block)))];
  return Object.fromEntries(
    names.map((name) => [name, spread(blocks.flatMap((block) => block[name] ?? []))]),
  );
}
