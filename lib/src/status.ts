/** The `Status` object that the API server answers with when it refuses, as an error. */
import { KubeError, type StatusCause } from './errors.ts';

/** The parts of metav1.Status that matter. */
export interface Status {
  readonly code?: number;
  readonly message?: string;
  readonly reason?: string;
  readonly details?: { readonly retryAfterSeconds?: number; readonly causes?: readonly StatusCause[] };
}

/** Reads a body; what is no JSON becomes the message. */
export function parseStatus(text: string): Status {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return { message: text.slice(0, 500) };
  }
}

function isTransient(status: number): boolean {
  return status === 429 || status === 409 || status >= 500;
}

/** The error for an answer with that HTTP status; `retryAfter` is in seconds, or NaN. */
export function statusError(body: Status, status: number, request: string, retryAfter = NaN): KubeError {
  const { reason = '', message = `status ${status}`, details = {} } = body;
  const seconds = details.retryAfterSeconds ?? retryAfter;
  return new KubeError(`${request}: ${message}`, {
    code: reason === '' ? `Http${status}` : reason,
    status,
    request,
    retryable: isTransient(status),
    causes: details.causes ?? [],
    ...(Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {}),
  });
}
