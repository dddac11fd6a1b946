import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureConformance } from '../lab/binaries/build.ts';
import { LabError } from '../lab/errors.ts';
import type { Lab } from '../lab/lab.ts';
import type { Progress } from '../lab/progress.ts';
import type { Skip } from './skips.ts';

/** One run of upstream's suite. */
export interface SuiteRun {
  readonly focus: string;
  readonly skips: readonly Skip[];
  readonly procs: number;
  /** Directory for the suite's output and reports. */
  readonly output: string;
}

const REPORT = 'ginkgo.json';

/**
 * Runs e2e.test, unmodified, from the control plane's network (specs dial nodes themselves), and returns the text of
 * ginkgo's JSON report; the same as JUnit is beside it. Failing specs are no error; a run without a report is.
 */
export async function runSuite(lab: Lab, suite: SuiteRun, progress: Progress): Promise<string> {
  const binaries = await ensureConformance(progress);
  await mkdir(suite.output, { recursive: true });
  const report = join(suite.output, REPORT);
  await rm(report, { force: true });
  const status = await follow(lab, [join(binaries, 'ginkgo'), ...ginkgoArguments(lab, suite, binaries)], {
    file: join(suite.output, 'output.txt'),
    progress,
  });
  return readFile(report, 'utf8').catch((cause: unknown) => {
    const message = `ginkgo ended with ${status} and left no report; see ${suite.output}/output.txt`;
    throw new LabError('CommandFailed', message, { cause });
  });
}

function ginkgoArguments(lab: Lab, suite: SuiteRun, binaries: string): string[] {
  return [
    '--no-color',
    `--procs=${suite.procs}`,
    '--timeout=3h',
    `--focus=${suite.focus}`,
    ...suite.skips.map(({ spec }) => `--skip=${spec}`),
    `--json-report=${REPORT}`,
    '--junit-report=junit.xml',
    `--output-dir=${suite.output}`,
    join(binaries, 'e2e.test'),
    '--',
    `--kubeconfig=${lab.kubeconfig}`,
    '--provider=skeleton',
    `--num-nodes=${lab.nodes.length}`,
    `--kubectl-path=${lab.binary('kubectl')}`,
    '--dump-logs-on-failure=false',
  ];
}

/** The command's exit status; its output goes to the file, and how many specs have ended to `progress`. */
function follow(
  lab: Lab,
  argv: readonly [string, ...string[]],
  at: { file: string; progress: Progress },
): Promise<number> {
  const [command, ...args] = lab.enteringPlace('control-plane', argv);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const file = createWriteStream(at.file);
  child.stdout.pipe(file, { end: false });
  child.stderr.pipe(file, { end: false });
  let ended = 0;
  child.stdout.on('data', (chunk: Buffer) => (ended += chunk.toString('utf8').match(ENDED)?.length ?? 0));
  const timer = setInterval(() => at.progress(`${ended} specs have ended`), 60_000);
  return new Promise<number>((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new LabError('CommandFailed', `cannot run ginkgo: ${cause.message}`, { cause })),
    );
    child.once('close', (code) => {
      file.end(() => resolve(code ?? 128));
    });
  }).finally(() => clearInterval(timer));
}

/** How ginkgo shows, without colours, that a spec has run: a dot for one that passed, a line for one that did not. */
const ENDED = /•/g;
