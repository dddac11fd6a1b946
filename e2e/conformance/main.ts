/** `make conformance`: upstream's e2e.test on a cluster whose Services are Margay's. See docs/conformance.md. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VERSIONS } from '../lab/binaries/recipe.ts';
import { isLabError, LabError } from '../lab/errors.ts';
import type { Lab } from '../lab/lab.ts';
import { elapsed, stderrProgress } from '../lab/progress.ts';
import { removeLab } from '../lab/teardown.ts';
import { conformanceCluster, parkedEverywhere } from './cluster.ts';
import { readReport } from './ginkgo-report.ts';
import { parseOptions, type Options } from './options.ts';
import { PlacementWatch } from './placement-watch.ts';
import { disturbed, exactly, mergePasses } from './passes.ts';
import { causes, presences, type Presence } from './placement.ts';
import {
  countOutcomes,
  inOrder,
  joinRows,
  lastLine,
  renderMarkdown,
  type ConformanceReport,
  type SpecRow,
} from './report.ts';
import { committedSkips } from './skips.ts';
import { runSuite, type SuiteRun } from './suite.ts';

const OUTPUT = new URL('../../build/conformance', import.meta.url).pathname;
const progress = stderrProgress('conformance');

async function conformance(options: Options): Promise<ConformanceReport> {
  const lab = await conformanceCluster(options, progress);
  try {
    return await runAndReport(lab, options);
  } finally {
    // Also when all passed: a spec that took strangely long is worth a look, and the cluster goes.
    await lab.collectLogs(join(OUTPUT, 'logs')).catch((error: unknown) => progress(String(error)));
    if (!options.borrowed) await removeLab(options.lab, progress);
  }
}

async function runAndReport(lab: Lab, options: Options): Promise<ConformanceReport> {
  const skips = [...(await committedSkips()), ...options.skips];
  const started = Date.now();
  const first = await pass(lab, { focus: options.focus, skips, procs: options.procs, output: OUTPUT });
  const again = disturbed(first.rows);
  const parkedAfterMs = await parkedAgain(lab);
  const second =
    again.length === 0 || parkedAfterMs === undefined
      ? { rows: [], presences: [] }
      : await pass(lab, {
          focus: exactly(again),
          skips,
          procs: options.procs,
          output: join(OUTPUT, 'again'),
        });
  const rows = inOrder(mergePasses(first.rows, second.rows));
  progress(`the suite took ${elapsed(started)}`);
  return {
    suite: VERSIONS.kubernetes,
    date: new Date(started).toISOString(),
    focus: options.focus,
    skips,
    seconds: Math.round((Date.now() - started) / 1000),
    counts: countOutcomes(rows),
    again: second.rows.map(({ name }) => name),
    parkedAfterMs,
    rows,
    presences: [...first.presences, ...second.presences],
  };
}

/** One run of the specs in focus, each with what kube-proxy did meanwhile. */
async function pass(
  lab: Lab,
  suite: SuiteRun,
): Promise<{ rows: readonly SpecRow[]; presences: readonly Presence[] }> {
  const watch = await PlacementWatch.start(lab);
  const text = await runSuite(lab, suite, progress).finally(() => watch.stop());
  const seen = {
    causes: causes(watch.samples),
    presences: presences(watch.samples, Date.now()),
    skips: suite.skips,
  };
  return { rows: joinRows(readReport(text, suite.focus), seen), presences: seen.presences };
}

/** Milliseconds until kube-proxy is parked everywhere; undefined when it is not within two minutes. */
async function parkedAgain(lab: Lab): Promise<number | undefined> {
  const since = Date.now();
  try {
    await parkedEverywhere(lab, 120_000);
    return Date.now() - since;
  } catch (error) {
    if (!isLabError(error, 'Timeout')) throw error;
    progress(error.message);
    return undefined;
  }
}

try {
  const report = await conformance(parseOptions(process.env));
  await mkdir(OUTPUT, { recursive: true });
  await writeFile(join(OUTPUT, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(OUTPUT, 'report.md'), renderMarkdown(report));
  for (const { name, why } of report.rows.filter((r) => r.outcome === 'failed'))
    process.stdout.write(`failed: ${name}\n  ${why}\n`);
  process.stdout.write(`report: ${join(OUTPUT, 'report.md')}\n${lastLine(report.counts)}\n`);
  const { passed, failed } = report.counts;
  process.exitCode = failed > 0 || passed === 0 || report.parkedAfterMs === undefined ? 1 : 0;
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`conformance: ${error.message}\n`);
  process.exitCode = 1;
}
