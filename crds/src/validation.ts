/** The generated validators behind one small interface. */

/** One finding of a generated validator (ajv's ErrorObject, what is used of it). */
export interface ValidatorError {
  readonly instancePath: string;
  readonly message?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** A function of a `*-validate.gen.ts`: whether the value fits, with the findings left on the function. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly ValidatorError[] | null;
}

/** What is wrong with the value, each as `spec.bpf.markBit: must be <= 31`; empty when nothing is. */
export function findingsOf(validator: Validator, value: unknown): readonly string[] {
  if (validator(value)) return [];
  return (validator.errors ?? []).map((error) => {
    const field = error.instancePath.slice(1).replaceAll('/', '.');
    const allowed = error.params?.['allowedValues'];
    const values = Array.isArray(allowed) ? `: ${allowed.join(', ')}` : '';
    return `${field === '' ? '(whole)' : field}: ${error.message ?? 'is wrong'}${values}`;
  });
}
