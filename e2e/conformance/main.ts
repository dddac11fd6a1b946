/** `make conformance`: upstream's e2e.test on a cluster whose Services are Margay's. See docs/conformance.md. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gatherEvidence, isParked } from '../demo/evidence.ts';
import { VERSIONS } from '../lab/binaries/recipe.ts';
import { LabError } from '../lab/errors.ts';
import type { Lab } from '../lab/lab.ts';
import { elapsed, stderrProgress } from '../lab/progress.ts';
import { removeLab } from '../lab/teardown.ts';
import { conformanceCluster } from './cluster.ts';
import { readReport } from './ginkgo-report.ts';
import { parseOptions, type Options } from './options.ts';
import { PlacementWatch } from './placement-watch.ts';
import { causes, presences } from './placement.ts';
import { countOutcomes, joinRows, lastLine, renderMarkdown, type ConformanceReport } from './report.ts';
import { committedSkips } from './skips.ts';
import { runSuite } from './suite.ts';

const OUTPUT = new URL('../../build/conformance', import.meta.url).pathname;
const progress = stderrProgress('conformance');

async function conformance(options: Options): Promise<ConformanceReport> {
  const lab = await conformanceCluster(options, progress);
  try {
    const report = await runAndReport(lab, options);
    if (report.counts.failed > 0) await lab.collectLogs(join(OUTPUT, 'logs'));
    return report;
  } finally {
    if (!options.borrowed) await removeLab(options.lab, progress);
  }
}

async function runAndReport(lab: Lab, options: Options): Promise<ConformanceReport> {
  const skips = [...(await committedSkips()), ...options.skips];
  const { focus, procs } = options;
  const started = Date.now();
  const watch = await PlacementWatch.start(lab);
  const text = await runSuite(lab, { focus, skips, procs, output: OUTPUT }, progress).finally(() =>
    watch.stop(),
  );
  const ended = Date.now();
  const seen = { causes: causes(watch.samples), presences: presences(watch.samples, ended), skips };
  const rows = joinRows(readReport(text, focus), seen);
  const evidence = await gatherEvidence(lab);
  progress(`the suite took ${elapsed(started, ended)}`);
  return {
    suite: VERSIONS.kubernetes,
    date: new Date(started).toISOString(),
    focus,
    skips,
    seconds: Math.round((ended - started) / 1000),
    counts: countOutcomes(rows),
    parkedAfter: `${evidence.filter(isParked).length} of ${evidence.length}`,
    rows,
    presences: seen.presences,
  };
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
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`conformance: ${error.message}\n`);
  process.exitCode = 1;
}
