/** Programs of the node's image (nft, iptables-save...): run to the end, with their words when they fail. */
import { spawn } from 'node:child_process';
import { MargayError } from '@margay/lib/errors';

/** A program that could not be started (`code` NotFound) or said no (`code` Failed). */
export class CommandError extends MargayError {
  override readonly name = 'CommandError';
  readonly command: readonly string[];
  /** Exit status; -1 when it was not started, or ended by a signal. */
  readonly status: number;
  readonly stderr: string;

  constructor(command: readonly string[], outcome: { status: number; stderr: string; cause?: unknown }) {
    const words = outcome.stderr.trim().split('\n').slice(0, 5).join('; ');
    const why = words === '' ? `status ${outcome.status}` : words;
    const missing = (outcome.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
    super(`${command.slice(0, 4).join(' ')}: ${missing ? 'not installed' : why}`, {
      code: missing ? 'NotFound' : 'Failed',
      cause: outcome.cause,
    });
    this.command = command;
    this.status = outcome.status;
    this.stderr = outcome.stderr;
  }
}

/** How {@link run} starts a program. */
export interface RunOptions {
  /** Written to its standard input. */
  readonly input?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program and resolves to its standard output. Rejects with a {@link CommandError}. */
export function run(command: readonly [string, ...string[]], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const [program, ...parameters] = command;
    const child = spawn(program, parameters, { env: { ...process.env, LC_ALL: 'C', ...options.env } });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    // A program that ends without reading its input is judged by its status.
    child.stdin.on('error', () => undefined);
    child.once('error', (cause) => reject(new CommandError(command, { status: -1, stderr: '', cause })));
    child.once('close', (status) => {
      if (status === 0) resolve(Buffer.concat(out).toString());
      else reject(new CommandError(command, { status: status ?? -1, stderr: Buffer.concat(err).toString() }));
    });
    child.stdin.end(options.input ?? '');
  });
}

/** Runs a program; injected, so that callers can be tested without a kernel. */
export type Run = typeof run;
