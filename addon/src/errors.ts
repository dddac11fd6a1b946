import type { KernelError } from './api.ts';

/** Whether something caught is a KernelError; with codes, one of these (`EPERM`, `ENOENT`...). */
export function isKernelError(error: unknown, ...codes: readonly string[]): error is KernelError {
  if (!(error instanceof Error) || !('errno' in error) || !('syscall' in error) || !('code' in error))
    return false;
  if (typeof error.errno !== 'number' || typeof error.code !== 'string' || error.errno <= 0) return false;
  return codes.length === 0 || codes.includes(error.code);
}
