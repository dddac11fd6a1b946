/** Repeats a task with a pause in between, so that it never overlaps itself. */

/** Calls task after each pause until the signal aborts; what it throws goes to onError. */
export function every(
  pauseMs: number,
  task: () => Promise<void>,
  of: { readonly signal: AbortSignal; readonly onError: (error: unknown) => void },
): void {
  let timer: NodeJS.Timeout | undefined;
  const next = (): void => {
    if (of.signal.aborted) return;
    timer = setTimeout(() => void task().catch(of.onError).finally(next), pauseMs);
  };
  of.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  next();
}
