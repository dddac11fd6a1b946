import { MargayError } from '@margay/lib/errors';

/** A benchmark could not be carried out; the message says which part. */
export class BenchError extends MargayError {
  override readonly name = 'BenchError';
}
