import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from './errors.ts';

/** How a command is run; everything is optional. */
export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Written to the command's standard input, which is then closed. */
  input?: string | Buffer;
  /** Milliseconds after which the command is killed and the call fails with `Timeout`. */
  timeout?: number;
  /** What an error calls the command, where its own line is long. */
  label?: string;
  /** A failing exit status is returned instead of thrown. */
  allowFailure?: boolean;
  /** Called with each complete line of standard error as it comes. */
  onErrorLine?: (line: string) => void;
}

/** What a finished command left. */
export interface RunResult {
  status: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a command to its end and returns what it printed.
 * Throws LabError `CommandFailed` (the message holds the tail of its output) or `Timeout`.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const output = collect(child, options.onErrorLine);
  if (options.input !== undefined) feed(child, options.input);
  const line = options.label ?? [command, ...args].join(' ');
  const { status, timedOut } = await finished(child, line, options.timeout);
  if (timedOut) throw tookTooLong(line, options.timeout, output.stderr());
  const result = { status, stdout: output.stdout(), stderr: output.stderr() };
  if (status !== 0 && options.allowFailure !== true) {
    throw new LabError('CommandFailed', `exit ${status}: ${line}\n${tail(result.stderr || result.stdout)}`);
  }
  return result;
}

/** Runs a shell script given as text (`sh -eu`), with arguments as $1, $2... */
export async function sh(
  script: string,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<RunResult> {
  return run('sh', ['-euc', script, 'lab', ...args], options);
}

/** Repeats `probe` until it returns something other than undefined; throws `Timeout` naming `what`. */
export async function until<T>(
  what: string,
  timeoutMs: number,
  probe: () => Promise<T | undefined>,
  intervalMs = 100,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    if (Date.now() > deadline) {
      throw new LabError('Timeout', `gave up after ${Math.round(timeoutMs / 1000)} s waiting for ${what}`, {
        retryable: true,
      });
    }
    await sleep(intervalMs);
  }
}

function tookTooLong(line: string, timeout: number | undefined, stderr: string): LabError {
  const message = `still running after ${timeout ?? 0} ms: ${line}\n${tail(stderr)}`;
  return new LabError('Timeout', message, { retryable: true });
}

function feed(child: ChildProcess, input: string | Buffer): void {
  // A command that ends without reading its input is judged by its exit status, not by EPIPE here.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
}

function collect(
  child: ChildProcess,
  onErrorLine?: (line: string) => void,
): { stdout: () => string; stderr: () => string } {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  let partial = '';
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => {
    err.push(chunk);
    if (!onErrorLine) return;
    const lines = (partial + chunk.toString('utf8')).split('\n');
    partial = lines.pop() ?? '';
    lines.forEach(onErrorLine);
  });
  return {
    stdout: () => Buffer.concat(out).toString('utf8'),
    stderr: () => Buffer.concat(err).toString('utf8'),
  };
}

function finished(
  child: ChildProcess,
  line: string,
  timeout: number | undefined,
): Promise<{ status: number; timedOut: boolean }> {
  return new Promise((resolve, reject) => {
    let timedOut = false;
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            child.kill('SIGKILL');
          }, timeout);
    child.once('error', (cause) => {
      clearTimeout(timer);
      reject(new LabError('CommandFailed', `cannot run ${line}: ${cause.message}`, { cause }));
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ status: code ?? 128, timedOut });
    });
  });
}

function tail(text: string, lines = 15): string {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
