/**
 * Resolves a number or percentage of nodes, rounded down and at least one.
 * @param value a whole number, or text such as `10%`
 * @param total nodes that the percentage is of
 */
export function allowance(value: number | string, total: number): number {
  const text = String(value);
  const n = text.endsWith('%') ? Math.floor((Number(text.slice(0, -1)) * total) / 100) : Number(text);
  return Math.max(1, Number.isFinite(n) ? Math.floor(n) : 1);
}
