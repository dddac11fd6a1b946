import { setTimeout as wait } from 'node:timers/promises';

/** Resolves after the time; rejects with AbortError when the signal aborts before. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  await wait(ms, undefined, signal === undefined ? {} : { signal });
}

/** Resolves after the time or when the signal aborts, whichever is first. */
export async function sleepOrAbort(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => undefined);
}
