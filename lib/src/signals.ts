/** Aborts at the first SIGTERM or SIGINT; a second one ends the process at once, as without this. */
export function shutdownSignal(target: NodeJS.Process = process): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    target.once(name, () => controller.abort(new Error(name)));
  }
  return controller.signal;
}
