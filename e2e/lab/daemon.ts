import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LabError } from './errors.ts';
import { until } from './process.ts';

/** A process that outlives the call that started it; the start time tells it from a later one with the same pid. */
export interface Daemon {
  name: string;
  pid: number;
  startTime: string;
}

/** How a daemon is started. Everything is entered by exec, so the pid is the daemon's own. */
export interface DaemonSpec {
  name: string;
  command: string;
  args: readonly string[];
  /** Appended to. */
  logFile: string;
  env?: NodeJS.ProcessEnv;
  /** Path of a network namespace. */
  netns?: string;
  /** Process of whose namespaces (mount, uts, ipc, net, cgroup) the daemon becomes part. */
  namespacesOf?: number;
  /** `cgroup.procs` files the daemon is entered in first. */
  cgroupProcs?: readonly string[];
  /** The daemon is killed when this process dies. */
  dieWithParent?: boolean;
}

/** The command line that enters a spec's cgroups and namespaces and then becomes the command. */
export function entering(spec: Omit<DaemonSpec, 'name' | 'logFile' | 'env'>): [string, ...string[]] {
  const line: string[] = [spec.command, ...spec.args];
  if (spec.dieWithParent === true) line.unshift('setpriv', '--pdeathsig', 'KILL', '--');
  if (spec.namespacesOf !== undefined) {
    line.unshift(
      'nsenter',
      `--target=${spec.namespacesOf}`,
      '--mount',
      '--uts',
      '--ipc',
      '--net',
      '--cgroup',
      '--',
    );
  } else if (spec.netns !== undefined) {
    line.unshift('nsenter', `--net=${spec.netns}`, '--');
  }
  const procs = spec.cgroupProcs ?? [];
  const joinAll = procs.map((_, i) => `echo $$ >"\${${i + 1}}"`).join('; ');
  if (procs.length === 0) return line as [string, ...string[]];
  return ['sh', '-ec', `${joinAll}; shift ${procs.length}; exec "$@"`, 'lab', ...procs, ...line];
}

/** Starts a daemon. Fails when it ends within the first 50 ms. */
export async function startDaemon(spec: DaemonSpec): Promise<Daemon> {
  await mkdir(dirname(spec.logFile), { recursive: true });
  const log = openSync(spec.logFile, 'a');
  const [command, ...args] = entering(spec);
  const child = spawn(command, args, {
    cwd: '/',
    env: { ...process.env, ...spec.env },
    stdio: ['ignore', log, log],
    detached: spec.dieWithParent !== true,
  });
  closeSync(log);
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (cause) =>
      reject(new LabError('CommandFailed', `cannot start ${spec.name}: ${cause.message}`, { cause })),
    );
    child.once('exit', (code, signal) => {
      reject(
        new LabError(
          'CommandFailed',
          `${spec.name} ended at once (${code ?? signal ?? '?'}); see ${spec.logFile}`,
        ),
      );
    });
  });
  const alive = new Promise<void>((resolve) => setTimeout(resolve, 50));
  await Promise.race([alive, failed]);
  failed.catch(() => undefined);
  child.unref();
  const pid = child.pid ?? 0;
  return { name: spec.name, pid, startTime: startTimeOf(pid) ?? '' };
}

/** True while this very process runs. */
export function isAlive(daemon: Daemon): boolean {
  return startTimeOf(daemon.pid) === daemon.startTime;
}

/** Asks a daemon to end, and kills it after `graceMs`. Returns when it is gone. */
export async function stopDaemon(daemon: Daemon, graceMs = 5000): Promise<void> {
  if (!isAlive(daemon)) return;
  process.kill(daemon.pid, graceMs > 0 ? 'SIGTERM' : 'SIGKILL');
  const gone = (): Promise<true | undefined> => Promise.resolve(isAlive(daemon) ? undefined : true);
  try {
    await until(`${daemon.name} to end`, graceMs, gone, 20);
  } catch {
    if (isAlive(daemon)) process.kill(daemon.pid, 'SIGKILL');
    await until(`${daemon.name} to be killed`, 10_000, gone, 20);
  }
}

/** Remembers a daemon below `dir`, for a later process of ours. */
export async function rememberDaemon(dir: string, daemon: Daemon): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, `${daemon.name}.json`), JSON.stringify(daemon));
}

/** The daemon remembered below `dir` under this name, if it still runs. */
export async function recallDaemon(dir: string, name: string): Promise<Daemon | undefined> {
  try {
    const daemon = JSON.parse(await readFile(join(dir, `${name}.json`), 'utf8')) as Daemon;
    return isAlive(daemon) ? daemon : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Start time of a process in clock ticks since boot; undefined when it does not run. A zombie does not, once its
 * last thread has let go of sockets and files.
 */
export function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const dead = fields[0] === 'Z' && readdirSync(`/proc/${pid}/task`).length <= 1;
    return dead ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
