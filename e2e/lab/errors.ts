/** What went wrong in the lab, for callers that decide and for people who read. */
export type LabErrorCode =
  | 'CommandFailed'
  | 'Timeout'
  | 'AlreadyRunning'
  | 'SubnetInUse'
  | 'NotRunning'
  | 'Unsupported'
  | 'BadOption'
  | 'BuildFailed';

/** The lab's own error. `retryable` says whether the same call may succeed later without a change. */
export class LabError extends Error {
  readonly code: LabErrorCode;
  readonly retryable: boolean;

  constructor(code: LabErrorCode, message: string, options: { cause?: unknown; retryable?: boolean } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'LabError';
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/** True for a LabError of this code. */
export function isLabError(error: unknown, code: LabErrorCode): error is LabError {
  return error instanceof LabError && error.code === code;
}
