/** The lines that margay-cni and the agent exchange (docs/contracts.md, "CNI plugin"): parsing and answers, pure. */
import { MargayError, messageOf } from '@margay/lib/errors';
import type { AttachmentRequest } from '../endpoints-local/node-endpoints.ts';

/** CNI specification, "Error": the caller tries again later. */
const tryAgainLater = 11;
/** CNI specification, "Error": content could not be decoded. */
const decodingFailure = 6;
/** Codes from 100 are the plugin's own; libcni uses this one for what has no other. */
const internal = 999;

/** One call of the plugin. */
export type CniCall =
  | ({ readonly command: 'ADD' | 'CHECK' } & AttachmentRequest & PodName)
  | { readonly command: 'DEL'; readonly containerId: string; readonly ifname: string }
  | { readonly command: 'GC'; readonly attachments: readonly AttachmentName[] };

/** What names an attachment. */
export interface AttachmentName {
  readonly containerId: string;
  readonly ifname: string;
}

/** Whose pod it is; empty where the runtime does not say. */
export interface PodName {
  readonly podNamespace: string;
  readonly podName: string;
}

type Fields = Readonly<Record<string, unknown>>;

function malformed(what: string): never {
  throw new MargayError(`the plugin's request is not understood: ${what}`, { code: 'MalformedRequest' });
}

function text(fields: Fields, key: string): string {
  const value = fields[key];
  return typeof value === 'string' ? value : malformed(`"${key}" is not a string`);
}

function fieldsOf(value: unknown): Fields {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Fields) : malformed('not an object');
}

function parse(line: string): Fields {
  try {
    return fieldsOf(JSON.parse(line));
  } catch (error) {
    return error instanceof SyntaxError ? malformed('not JSON') : malformed(messageOf(error));
  }
}

function list(fields: Fields, key: string): readonly unknown[] {
  const value = fields[key];
  return Array.isArray(value) ? value : malformed(`"${key}" is not a list`);
}

function nameOf(fields: Fields): AttachmentName {
  return { containerId: text(fields, 'containerId'), ifname: text(fields, 'ifname') };
}

function plainAddress(prefix: unknown): string {
  const match = typeof prefix === 'string' ? /^([0-9a-fA-F.:]+)\/(?:32|128)$/.exec(prefix) : null;
  return match?.[1] ?? malformed(`"ips" holds ${JSON.stringify(prefix)}, which is no host prefix`);
}

/** Reads one line. Throws a `MalformedRequest` that says what is wrong. */
export function parseCall(line: string): CniCall {
  const fields = parse(line);
  const command = text(fields, 'command');
  switch (command) {
    case 'ADD':
    case 'CHECK':
      return {
        command,
        ...nameOf(fields),
        hostIfname: text(fields, 'hostIfname'),
        ips: list(fields, 'ips').map(plainAddress),
        podNamespace: text(fields, 'podNamespace'),
        podName: text(fields, 'podName'),
      };
    case 'DEL':
      return { command, ...nameOf(fields) };
    case 'GC':
      return { command, attachments: list(fields, 'attachments').map((a) => nameOf(fieldsOf(a))) };
    default:
      return malformed(`command ${JSON.stringify(command)}`);
  }
}

function codeOf(error: unknown): number {
  if (!(error instanceof MargayError)) return internal;
  if (error.code === 'MalformedRequest') return decodingFailure;
  return error.retryable ? tryAgainLater : internal;
}

/** The line that answers a call. */
export function answer(error?: unknown): string {
  const fields =
    error === undefined ? { ok: true } : { ok: false, code: codeOf(error), message: messageOf(error) };
  return `${JSON.stringify(fields)}\n`;
}
