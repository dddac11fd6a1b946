/** Logging: JSON lines with a constant message and fields. Nobody logs the same thing over and over. */
import winston from 'winston';
import { messageOf } from './errors.ts';

/** Fields of a log line; an Error becomes its text. */
export type LogFields = Readonly<Record<string, unknown>>;

/** `error` needs a person, `warn` may need one, `info` is a change of state, `debug` the rest. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** A logger as it is passed in. */
export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** One that adds these fields to each line. */
  child(fields: LogFields): Logger;
}

/** Where lines go, and who tells the time. */
export interface LogOptions {
  readonly level: LogLevel;
  /** Fields of every line. */
  readonly fields?: LogFields;
  /** Default: standard error. */
  readonly stream?: NodeJS.WritableStream;
  readonly now?: () => number;
  /** For how long a line of the same cause does not come again, except at level debug; default a minute. */
  readonly quietMs?: number;
}

interface Sink {
  readonly winston: winston.Logger;
  readonly limiter: Limiter;
}

/** Lets one through in each period, and counts what it held back. */
export class Limiter {
  readonly #period: number;
  readonly #now: () => number;
  readonly #seen = new Map<string, { at: number; held: number }>();

  constructor(periodMs: number, now: () => number = Date.now) {
    this.#period = periodMs;
    this.#now = now;
  }

  /** undefined: hold this one back. A number: let it through; so many like it were held back before. */
  admit(cause: string): number | undefined {
    const now = this.#now();
    const entry = this.#seen.get(cause);
    if (entry !== undefined && now - entry.at < this.#period) {
      entry.held++;
      return undefined;
    }
    if (this.#seen.size >= 1000) this.#forget(now);
    this.#seen.set(cause, { at: now, held: 0 });
    return entry?.held ?? 0;
  }

  #forget(now: number): void {
    for (const [cause, { at }] of this.#seen) {
      if (now - at >= this.#period) this.#seen.delete(cause);
    }
    if (this.#seen.size >= 1000) this.#seen.clear();
  }
}

function plain(fields: LogFields): Record<string, unknown> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, value instanceof Error ? messageOf(value) : value]),
  );
}

/** Numbers (counts, times) do not make another cause, nor does an error's text where its code is there. */
function causeOf(level: LogLevel, message: string, fields: Record<string, unknown>): string {
  const telling = Object.entries(fields).filter(
    ([key, value]) => typeof value !== 'number' && (key !== 'error' || fields['code'] === undefined),
  );
  return JSON.stringify([level, message, ...telling]);
}

function loggerOver(sink: Sink, bound: LogFields): Logger {
  const write = (level: LogLevel, message: string, fields: LogFields = {}): void => {
    if (!sink.winston.isLevelEnabled(level)) return;
    const all = plain({ ...bound, ...fields });
    const held = level === 'debug' ? 0 : sink.limiter.admit(causeOf(level, message, all));
    if (held === undefined) return;
    sink.winston.log(level, message, held > 0 ? { ...all, repeated: held } : all);
  };
  return {
    error: (message, fields) => write('error', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    info: (message, fields) => write('info', message, fields),
    debug: (message, fields) => write('debug', message, fields),
    child: (fields) => loggerOver(sink, { ...bound, ...fields }),
  };
}

/** The process's logger, made once in `main.ts`. */
export function createLogger(options: LogOptions): Logger {
  const now = options.now ?? Date.now;
  const stamp = winston.format((info) => ({ time: new Date(now()).toISOString(), ...info }));
  const output = new winston.transports.Stream({ stream: options.stream ?? process.stderr, eol: '\n' });
  const format = winston.format.combine(stamp(), winston.format.json());
  // winston 3.19 declares its transports as interfaces, which the rule takes for foreign classes.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
  const logger = winston.createLogger({ level: options.level, format }).add(output);
  const limiter = new Limiter(options.quietMs ?? 60_000, now);
  return loggerOver({ winston: logger, limiter }, options.fields ?? {});
}
