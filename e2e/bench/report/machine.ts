/** Where and when a run was made. */
import { cpus, loadavg, release, totalmem } from 'node:os';
import { run } from '../../lab/process.ts';

/** What a figure means nothing without. */
export interface Machine {
  readonly date: string;
  readonly commit: string;
  readonly kernel: string;
  readonly cpu: string;
  readonly cpus: number;
  readonly memoryGiB: number;
  readonly node: string;
  /** Load average of the last minute, before anything was started. */
  readonly load: number;
}

/** This machine, now, with the checkout's commit; `+` marks one with changes. */
export async function describeMachine(repository: string): Promise<Machine> {
  const git = async (...args: string[]): Promise<string> =>
    (await run('git', ['-C', repository, ...args], { allowFailure: true })).stdout.trim();
  const changed = await git('status', '--porcelain', '--untracked-files=no');
  const [first] = cpus();
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    commit: `${await git('rev-parse', '--short', 'HEAD')}${changed === '' ? '' : '+'}`,
    kernel: release(),
    cpu: first?.model.trim() ?? 'unknown',
    cpus: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    load: Number((loadavg()[0] ?? NaN).toFixed(2)),
  };
}
