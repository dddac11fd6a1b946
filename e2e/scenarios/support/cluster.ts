import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { startTimeOf } from '../../lab/daemon.ts';
import { openLab, type Lab } from '../../lab/lab.ts';
import type { LabOptions } from '../../lab/options.ts';
import { removeLab } from '../../lab/teardown.ts';
import { stderrProgress } from '../../lab/progress.ts';
import { startLab } from '../../lab/start.ts';

// One cluster for all scenario files of a run: the first file starts it, the others find it.

/** Where scenarios leave what a person may want to read afterwards. */
export const RESULTS = new URL('../../../build/scenarios/', import.meta.url).pathname;

/** SCENARIO_LAB names a lab that is taken as it is found (or, by `freshLab`, replaced) and left running: for work on one scenario. */
const chosen = process.env['SCENARIO_LAB'];
const NAME = chosen ?? 'scenarios';
const SUBNET = process.env['SCENARIO_SUBNET'] ?? '10.243.1.0/24';
const OWNER = join(RESULTS, 'owner.json');

/** Steps that take long, on standard error. */
export const progress = stderrProgress('scenario');

/**
 * The cluster of this run: three bare nodes with kube-proxy at first, later as the scenarios before left it.
 */
export async function sharedLab(): Promise<Lab> {
  return (await runningLab()) ?? (await freshLab());
}

/** A fresh cluster in its place, for what needs one that nothing was done to. */
export async function freshLab(options: Pick<LabOptions, 'nodes' | 'families'> = {}): Promise<Lab> {
  await mkdir(RESULTS, { recursive: true });
  await removeLab(NAME, progress);
  const lab = await startLab({ name: NAME, subnet: SUBNET, ...options }, progress);
  await writeFile(OWNER, ownerText());
  return lab;
}

/** A test's body whose failure collects the cluster's logs at once, before the next test changes anything. */
export function guarded(lab: Lab, body: () => Promise<void>): (test: TestContext) => Promise<void> {
  return async ({ name: title }) => {
    try {
      await body();
    } catch (error) {
      const name = title.replace(/[^a-zA-Z0-9]+/g, '-').slice(0, 40);
      await lab.collectLogs(join(RESULTS, `logs-${name}`)).catch(() => undefined);
      throw error;
    }
  };
}

async function runningLab(): Promise<Lab | undefined> {
  const lab = await openLab(NAME).catch(() => undefined);
  if (lab === undefined || chosen !== undefined) return lab;
  const owner = await readFile(OWNER, 'utf8').catch(() => '');
  return owner === ownerText() ? lab : undefined;
}

/** The runner that started this file's process: a lab of another run may hold older images. */
function ownerText(): string {
  return JSON.stringify({ pid: process.ppid, started: startTimeOf(process.ppid) });
}
