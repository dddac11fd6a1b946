import { LabError } from '../lab/errors.ts';
import type { Skip } from './skips.ts';

/** What a run of the suite is asked for. */
export interface Options {
  /** Regular expression over the names of the specs that run. */
  readonly focus: string;
  /** Skips of this run beside the committed ones. */
  readonly skips: readonly Skip[];
  /** The lab's name. */
  readonly lab: string;
  /** True: that lab runs already, is taken as it is, and stays. */
  readonly borrowed: boolean;
  readonly subnet: string;
  /** Specs at a time. */
  readonly procs: number;
  /** Tag of the product's images. */
  readonly version: string;
}

/** Upstream's own conformance specs of SIG Network. */
export const DEFAULT_FOCUS = String.raw`\[sig-network\].*\[Conformance\]`;

/**
 * Reads FOCUS, SKIP, PROCS, VERSION, and CONFORMANCE_LAB (a running lab, for work on one spec) with CONFORMANCE_SUBNET.
 * `BadOption` for an expression or a number that is none.
 */
export function parseOptions(env: NodeJS.ProcessEnv): Options {
  const given = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const focus = expression('FOCUS', given('FOCUS') ?? DEFAULT_FOCUS);
  const skip = given('SKIP');
  const borrowed = given('CONFORMANCE_LAB');
  const procs = Number(given('PROCS') ?? '2');
  if (!Number.isInteger(procs) || procs < 1)
    throw new LabError('BadOption', 'PROCS: write a number, 1 or more');
  return {
    focus,
    skips: skip === undefined ? [] : [{ spec: expression('SKIP', skip), reason: 'SKIP= of this run' }],
    lab: borrowed ?? 'conf',
    borrowed: borrowed !== undefined,
    subnet: given('CONFORMANCE_SUBNET') ?? '10.246.0.0/24',
    procs,
    version: given('VERSION') ?? '0.1.0',
  };
}

function expression(name: string, text: string): string {
  try {
    return new RegExp(text).source;
  } catch (cause) {
    throw new LabError('BadOption', `${name}: "${text}" is no regular expression`, { cause });
  }
}
