/** Writes one line of progress; the lab's are readable by people, not JSON. */
export type Progress = (line: string) => void;

/** Progress on standard error, each line with the seconds since the first. */
export function stderrProgress(area: string): Progress {
  const started = Date.now();
  return (line) => {
    const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(6);
    process.stderr.write(`${area} ${seconds}s  ${line}\n`);
  };
}

/** "3.4 s" or "2 min 05 s" since a moment in milliseconds. */
export function elapsed(since: number, now: number = Date.now()): string {
  const seconds = (now - since) / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`;
}
