import { setTimeout as wait } from 'node:timers/promises';

/** Waits until the condition holds; after the time, fails with its text. */
export async function until(condition: () => boolean, ms = 5000): Promise<void> {
  const end = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${condition.toString()}`);
    await wait(5);
  }
}
