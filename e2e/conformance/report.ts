import type { Outcome, SpecResult } from './ginkgo-report.ts';
import { presentFor, type Cause, type Presence } from './placement.ts';
import { skipReason, type Skip } from './skips.ts';

/** One spec, and what kube-proxy did while it ran. */
export interface SpecRow {
  readonly name: string;
  readonly outcome: Outcome;
  readonly seconds: number;
  /** First line of the failure, or why it was skipped. */
  readonly why: string;
  /** Objects of this spec that brought kube-proxy back. */
  readonly broughtBackBy: readonly Cause[];
  /** For how long kube-proxy was on at least one node, for whichever spec. */
  readonly presentSeconds: number;
}

/** All that is known of a run. */
export interface ConformanceReport {
  /** Of Kubernetes, whose suite it is. */
  readonly suite: string;
  readonly date: string;
  readonly focus: string;
  readonly skips: readonly Skip[];
  readonly seconds: number;
  readonly counts: Readonly<Record<Outcome, number>>;
  /** Specs that ran a second time, because another one had brought kube-proxy back while they ran. */
  readonly again: readonly string[];
  /** Milliseconds after the last spec until kube-proxy was parked on every node; undefined: it never was. */
  readonly parkedAfterMs: number | undefined;
  readonly rows: readonly SpecRow[];
  readonly presences: readonly Presence[];
}

/** What happened, for {@link joinRows}. */
export interface Seen {
  readonly causes: readonly Cause[];
  readonly presences: readonly Presence[];
  readonly skips: readonly Skip[];
}

/** Joins each spec with what kube-proxy did in its time. */
export function joinRows(specs: readonly SpecResult[], seen: Seen): readonly SpecRow[] {
  return specs.map((spec) => row(spec, seen));
}

/** Failed specs first, then by name. */
export function inOrder(rows: readonly SpecRow[]): readonly SpecRow[] {
  const order = ['failed', 'skipped', 'passed'];
  return [...rows].sort(
    (a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome) || (a.name < b.name ? -1 : 1),
  );
}

function row(spec: SpecResult, { causes, presences, skips }: Seen): SpecRow {
  const ran = spec.outcome !== 'skipped';
  const own = (cause: Cause): boolean => ran && mentions(spec.text, cause.namespace);
  return {
    name: spec.name,
    outcome: spec.outcome,
    seconds: seconds(spec.ended - spec.began),
    why: spec.message.trim().split('\n')[0] || (ran ? '' : (skipReason(spec.name, skips) ?? 'not run')),
    broughtBackBy: causes.filter(own),
    // Rounded up: a spec of milliseconds must not seem to have been without it.
    presentSeconds: Math.ceil(presentFor(spec.began, spec.ended, presences) / 100) / 10,
  };
}

/** The namespace as a whole word: `services-12` is not in `services-123`. */
function mentions(text: string, namespace: string): boolean {
  return new RegExp(`(?<![a-z0-9-])${namespace}(?![a-z0-9-])`).test(text);
}

/** How many of each outcome. */
export function countOutcomes(rows: readonly { readonly outcome: Outcome }[]): Record<Outcome, number> {
  const of = (outcome: Outcome): number => rows.filter((r) => r.outcome === outcome).length;
  return { passed: of('passed'), failed: of('failed'), skipped: of('skipped') };
}

/** The command's last line. */
export function lastLine({ passed, failed, skipped }: Readonly<Record<Outcome, number>>): string {
  return `conformance: ${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** The report for people, in Markdown. */
export function renderMarkdown(report: ConformanceReport): string {
  const back = report.rows.filter((r) => r.broughtBackBy.length > 0);
  return [
    '# Conformance run',
    '',
    `\`e2e.test\` ${report.suite}, ${report.date}, ${Math.round(report.seconds)} s, focus \`${report.focus}\`: ${lastLine(report.counts)}.`,
    '',
    `kube-proxy was parked on every node before the first spec, and ${parkedText(report)}. It came back ${report.presences.length} times, because of ${back.length} specs. ${report.again.length} specs that ran meanwhile ran a second time, after it was parked; the table shows the second run, unless the first failed.`,
    '',
    ...skipLines(report.skips),
    '| spec | result | seconds | kube-proxy | cause |',
    '|---|---|---|---|---|',
    ...report.rows.map(line),
    '',
  ].join('\n');
}

function parkedText({ parkedAfterMs }: ConformanceReport): string {
  if (parkedAfterMs === undefined) return 'was not parked again after the last one';
  return `again ${seconds(parkedAfterMs)} s after the last one`;
}

function skipLines(skips: readonly Skip[]): string[] {
  if (skips.length === 0) return ['No spec was left out.', ''];
  return ['Left out:', '', ...skips.map(({ spec, reason }) => `- \`${spec}\`: ${reason}`), ''];
}

function line(spec: SpecRow): string {
  const cells = [spec.name, spec.outcome, `${Math.round(spec.seconds)}`, proxyCell(spec), spec.why];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function proxyCell({ outcome, broughtBackBy, presentSeconds }: SpecRow): string {
  if (outcome === 'skipped') return '';
  if (broughtBackBy.length > 0) {
    const why = [...new Set(broughtBackBy.map((c) => c.why))].join(', ');
    return `back for ${Math.round(presentSeconds)} s: ${why}`;
  }
  return presentSeconds > 0
    ? `present for ${Math.round(presentSeconds)} s, because of another spec`
    : 'parked';
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
