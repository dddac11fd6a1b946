/** Errors that cross a module's border, and predicates over them; nobody compares messages. */

/** What every error of Margay carries beside its message. */
export interface ErrorFields {
  /** One PascalCase word for machines. */
  readonly code: string;
  readonly cause?: unknown;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retryable?: boolean;
}

/** Root of Margay's own errors. */
export class MargayError extends Error {
  override readonly name: string = 'MargayError';
  readonly code: string;
  readonly retryable: boolean;

  constructor(message: string, fields: ErrorFields) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.code = fields.code;
    this.retryable = fields.retryable ?? false;
  }
}

/** What is known of a failed request. */
export interface KubeErrorFields extends ErrorFields {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** Method and path, such as `GET /api/v1/nodes/n1`. */
  readonly request: string;
  /** From `Retry-After` or `details.retryAfterSeconds`. */
  readonly retryAfterMs?: number;
  /** `details.causes` of the Status: which field is wrong and why. */
  readonly causes?: readonly StatusCause[];
}

/** One entry of `details.causes` in a Status object. */
export interface StatusCause {
  readonly reason?: string;
  readonly field?: string;
  readonly message?: string;
}

/**
 * A request to the API server that failed. `code` is the Status object's reason (`NotFound`, `Conflict`,
 * `Invalid`...), or `Unreachable`, `Timeout`, `BadResponse`, `NotLeading` when the failure is on our side.
 */
export class KubeError extends MargayError {
  override readonly name = 'KubeError';
  readonly status: number;
  readonly request: string;
  readonly retryAfterMs: number | undefined;
  readonly causes: readonly StatusCause[];

  constructor(message: string, fields: KubeErrorFields) {
    super(message, fields);
    this.status = fields.status;
    this.request = fields.request;
    this.retryAfterMs = fields.retryAfterMs;
    this.causes = fields.causes ?? [];
  }
}

function hasStatus(error: unknown, status: number): boolean {
  return error instanceof KubeError && error.status === status;
}

/** The object, or its whole resource type, is not there. */
export function isNotFound(error: unknown): boolean {
  return hasStatus(error, 404);
}

/** Another writer was first: stale resourceVersion, or a field that another manager owns. */
export function isConflict(error: unknown): boolean {
  return hasStatus(error, 409) && !isAlreadyExists(error);
}

/** A create for a name that is taken. */
export function isAlreadyExists(error: unknown): boolean {
  return hasStatus(error, 409) && (error as KubeError).code === 'AlreadyExists';
}

/** The resourceVersion is too old: list again. */
export function isGone(error: unknown): boolean {
  return hasStatus(error, 410);
}

/** The object breaks its schema or a validation rule, or a JSON patch's `test` failed. */
export function isInvalid(error: unknown): boolean {
  return hasStatus(error, 422);
}

/** RBAC or an admission policy refused. */
export function isForbidden(error: unknown): boolean {
  return hasStatus(error, 403);
}

/** The credentials are not known to the server. */
export function isUnauthorized(error: unknown): boolean {
  return hasStatus(error, 401);
}

/** The server asks for a pause. */
export function isThrottled(error: unknown): boolean {
  return hasStatus(error, 429);
}

/** No endpoint answered. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof KubeError && error.status === 0 && error.code !== 'NotLeading';
}

/** The same call may succeed later. Errors that are not ours count as not retryable. */
export function isRetryable(error: unknown): boolean {
  return error instanceof MargayError && error.retryable;
}

/** The text of anything that was thrown, with that of its causes. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `: ${messageOf(error.cause)}`;
  return error.message.includes(cause) ? error.message : `${error.message}${cause}`;
}
