/** Programs of the node's image (nft, iptables-save...): run to the end, with their words when they fail. */
import { spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
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
  /** Lines of its output for which this is false are dropped as they come: a large answer is never held whole. */
  readonly keep?: (line: string) => boolean;
}

/** Gathers a stream's text, all of it or the lines that are wanted. */
class Gathered {
  readonly #keep: ((line: string) => boolean) | undefined;
  readonly #decoder = new StringDecoder('utf8');
  readonly #pieces: string[] = [];
  #partial = '';

  constructor(keep?: (line: string) => boolean) {
    this.#keep = keep;
  }

  push(chunk: Buffer): void {
    const text = this.#decoder.write(chunk);
    if (this.#keep === undefined) {
      this.#pieces.push(text);
      return;
    }
    const lines = (this.#partial + text).split('\n');
    this.#partial = lines.pop() ?? '';
    for (const line of lines) if (this.#keep(line)) this.#pieces.push(`${line}\n`);
  }

  text(): string {
    const last = this.#keep?.(this.#partial) === true ? this.#partial : '';
    return this.#pieces.join('') + last + this.#decoder.end();
  }
}

/** Runs a program and resolves to its standard output. Rejects with a {@link CommandError}. */
export function run(command: readonly [string, ...string[]], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const [program, ...parameters] = command;
    const child = spawn(program, parameters, { env: { ...process.env, LC_ALL: 'C', ...options.env } });
    const out = new Gathered(options.keep);
    const err = new Gathered();
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    // A program that ends without reading its input is judged by its status.
    child.stdin.on('error', () => undefined);
    child.once('error', (cause) => reject(new CommandError(command, { status: -1, stderr: '', cause })));
    child.once('close', (status) => {
      if (status === 0) resolve(out.text());
      else reject(new CommandError(command, { status: status ?? -1, stderr: err.text() }));
    });
    child.stdin.end(options.input ?? '');
  });
}

/** Runs a program; injected, so that callers can be tested without a kernel. */
export type Run = typeof run;
