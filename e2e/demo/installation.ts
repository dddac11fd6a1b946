import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from '../lab/errors.ts';
import type { Lab } from '../lab/lab.ts';
import type { Progress } from '../lab/progress.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly observedGeneration?: number;
}

interface InstallationView {
  readonly metadata: { readonly generation: number };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** Sets bpfEnabled. */
export async function setBpfEnabled(lab: Lab, enabled: boolean): Promise<void> {
  const patch = JSON.stringify({ spec: { bpfEnabled: enabled } });
  await lab.kubectl(['patch', 'installation', 'default', '--type=merge', '-p', patch]);
}

/**
 * Follows the Installation's own conditions until those named are True for its present generation; each change of
 * one is a line. Fails with `Timeout` and the last conditions.
 */
export async function followConditions(
  lab: Lab,
  wanted: readonly string[],
  { timeout, progress }: { timeout: number; progress: Progress },
): Promise<void> {
  const deadline = Date.now() + timeout;
  const shown = new Map<string, string>();
  for (;;) {
    const view = await readInstallation(lab);
    const conditions = view.status?.conditions ?? [];
    for (const condition of conditions) showOnce(condition, shown, progress);
    const holds = (type: string): boolean =>
      conditions.some((c) => isTrue(c, type, view.metadata.generation));
    if (wanted.every(holds)) return;
    if (Date.now() > deadline) {
      const text = conditions
        .map((c) => `${c.type}=${c.status} ${c.reason ?? ''}: ${c.message ?? ''}`)
        .join('\n  ');
      throw new LabError(
        'Timeout',
        `the Installation is not ${wanted.join(' and ')} after ${timeout / 1000} s:\n  ${text}`,
      );
    }
    await sleep(300);
  }
}

async function readInstallation(lab: Lab): Promise<InstallationView> {
  return JSON.parse(await lab.kubectl(['get', 'installation', 'default', '-o', 'json'])) as InstallationView;
}

function isTrue(condition: Condition, type: string, generation: number): boolean {
  return (
    condition.type === type && condition.status === 'True' && condition.observedGeneration === generation
  );
}

function showOnce(condition: Condition, shown: Map<string, string>, progress: Progress): void {
  const text = `${condition.type}=${condition.status} ${condition.reason ?? ''}: ${condition.message ?? ''}`;
  if (shown.get(condition.type) === text) return;
  shown.set(condition.type, text);
  progress(text);
}
