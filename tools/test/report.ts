import { relative } from 'node:path';

import { judge, none, sum, type Outcome, type Totals } from './tally.ts';

/** What the reporter needs of a node:test event. */
export interface TestEvent {
  readonly type: string;
  readonly data: {
    readonly name?: string;
    readonly file?: string;
    readonly nesting?: number;
    readonly message?: string;
    readonly skip?: string | boolean;
    readonly todo?: string | boolean;
    readonly details?: { readonly type?: string; readonly duration_ms?: number; readonly error?: unknown };
  };
}

/** One test as it ended. */
export interface TestResult {
  /** Path of its file from the root of the checkout. */
  readonly file: string;
  /** Its own name, after those of the suites and tests around it. */
  readonly title: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
}

/** Where lines go, and how many there are. */
export interface ReportOptions {
  readonly print: (line: string) => void;
  /** Prints every test and its output as it comes; else a line a file, and what failed. */
  readonly live: boolean;
}

interface FileState {
  totals: Totals;
  /** How long its outermost tests took, in milliseconds. */
  tookMs: number;
  output: string[];
  /** Names of the tests that are open, by nesting. */
  path: string[];
}

/** At most this many lines of what a failed file printed are shown. */
const outputLines = 200;

const outputEvents: ReadonlySet<string> = new Set(['test:stdout', 'test:stderr']);
const testEvents: ReadonlySet<string> = new Set(['test:start', 'test:pass', 'test:fail']);

/** Turns node:test's events into short text for people, and counts. */
export class Report {
  readonly #options: ReportOptions;
  readonly #files = new Map<string, FileState>();
  readonly #tests: TestResult[] = [];
  #open: string | undefined;
  #totals = none;

  constructor(options: ReportOptions) {
    this.#options = options;
  }

  /** Totals of everything so far. */
  get totals(): Totals {
    return this.#totals;
  }

  /** Every test that was counted so far, in the order in which they ended. */
  get tests(): readonly TestResult[] {
    return this.#tests;
  }

  /** Takes the next event. Those that open and end a file's tests come together, in order. */
  event({ type, data }: TestEvent): void {
    if (data.file === undefined) return;
    const state = this.#state(data.file);
    if (outputEvents.has(type)) this.#printed(state, data.message ?? '');
    if (!testEvents.has(type)) return;
    this.#enter(data.file);
    if (type === 'test:start') state.path[data.nesting ?? 0] = data.name ?? '';
    else this.#ended(state, type === 'test:pass', data);
  }

  /** Ends the last file. */
  end(): void {
    if (this.#open !== undefined) this.#close(this.#open);
    this.#open = undefined;
  }

  #state(file: string): FileState {
    const found = this.#files.get(file);
    if (found) return found;
    const state: FileState = { totals: none, tookMs: 0, output: [], path: [] };
    this.#files.set(file, state);
    return state;
  }

  #enter(file: string): void {
    if (this.#open === file) return;
    this.end();
    this.#open = file;
    if (this.#options.live) this.#options.print(`     ${relative('.', file)}`);
  }

  #printed(state: FileState, message: string): void {
    const lines = message.trimEnd().split('\n');
    if (this.#options.live) for (const line of lines) this.#options.print(`     | ${line}`);
    else state.output = [...state.output, ...lines].slice(-outputLines);
  }

  #ended(state: FileState, ok: boolean, data: TestEvent['data']): void {
    const verdict = judge(outcome(ok, data));
    const { passed, failed, skipped } = verdict;
    const file = relative('.', data.file ?? '');
    const took = data.details?.duration_ms ?? 0;
    if (data.nesting === 0) state.tookMs += took;
    state.totals = sum(state.totals, { passed, failed, skipped });
    this.#totals = sum(this.#totals, { passed, failed, skipped });
    // A suite has none.
    if (passed + failed + skipped === 0) return;
    const title = [...state.path.slice(0, data.nesting), data.name].join(' > ');
    this.#tests.push({ file, title, outcome: word(verdict) });
    if (verdict.why !== undefined) this.#failed(`${file}: ${title}`, verdict.why);
    else if (this.#options.live) {
      this.#options.print(`${passed > 0 ? 'ok  ' : 'skip'} ${title} (${seconds(took)} s)`);
    }
  }

  #failed(title: string, why: string): void {
    this.#options.print(`FAIL ${title}`);
    for (const line of why.split('\n')) this.#options.print(`     ${line}`);
  }

  #close(file: string): void {
    const { totals, tookMs, output } = this.#state(file);
    if (this.#options.live) return;
    const { passed, failed, skipped } = totals;
    if (failed > 0) for (const line of output) this.#options.print(`     | ${line}`);
    const word = failed > 0 ? 'FAIL' : 'ok  ';
    const more = [failed > 0 ? `, ${failed} failed` : '', skipped > 0 ? `, ${skipped} skipped` : ''].join('');
    this.#options.print(`${word} ${relative('.', file)}: ${passed} passed${more} (${seconds(tookMs)} s)`);
  }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

function word({ passed, failed }: Totals): TestResult['outcome'] {
  if (failed > 0) return 'failed';
  return passed > 0 ? 'passed' : 'skipped';
}

function outcome(ok: boolean, data: TestEvent['data']): Outcome {
  return {
    ok,
    name: data.name ?? '',
    file: data.file,
    suite: data.details?.type === 'suite',
    skipped: data.skip !== undefined || data.todo !== undefined,
    error: data.details?.error as Outcome['error'],
  };
}
