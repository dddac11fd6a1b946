import type { LogFields, Logger, LogLevel } from '../log.ts';

/** A logger that keeps its lines. */
export class MemoryLog implements Logger {
  readonly lines: { level: LogLevel; message: string; fields: LogFields }[] = [];
  readonly error = this.#at('error');
  readonly warn = this.#at('warn');
  readonly info = this.#at('info');
  readonly debug = this.#at('debug');

  child(): Logger {
    return this;
  }

  #at(level: LogLevel): (message: string, fields?: LogFields) => void {
    return (message, fields = {}) => void this.lines.push({ level, message, fields });
  }
}
