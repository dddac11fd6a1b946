/** The two ways in which Margay writes to the API: server-side apply, and JSON patches with tests. */
import { isInvalid, KubeError } from './errors.ts';
import type { KubeClient } from './kube-client.ts';
import type { NamedObject } from './objects.ts';
import { resourcePath, type ResourceRef, type ResourceType } from './resources.ts';

/** How an object is applied. */
export interface ApplyOptions {
  readonly fieldManager: string;
  /** Take fields from other managers instead of failing with Conflict; default false. */
  readonly force?: boolean;
  /** Such as `status`. */
  readonly subresource?: string;
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Server-side apply: the object's fields, and no others, are ours afterwards; one that was ours and is not in it is
 * removed. Resolves to the object as it is now. Rejects with Conflict, naming field and manager, unless forced.
 */
export function apply<T>(
  client: KubeClient,
  type: ResourceType,
  object: NamedObject,
  options: ApplyOptions,
): Promise<T> {
  const { namespace, name } = object.metadata;
  return client.request({
    method: 'PATCH',
    path: resourcePath(type, { namespace, name, subresource: options.subresource }),
    query: {
      fieldManager: options.fieldManager,
      force: options.force ?? false,
      dryRun: options.dryRun === true ? 'All' : undefined,
    },
    contentType: 'application/apply-patch+yaml',
    body: object,
    repeatable: true,
    signal: options.signal,
  });
}

/** One operation of RFC 6902. */
export type PatchOperation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/** A key as one part of a JSON pointer (RFC 6901). */
export function pointerPart(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/**
 * JSON patch, all operations or none. With `test` operations it changes only what is as the caller saw it:
 * see {@link isTestFailed}.
 */
export function jsonPatch<T>(
  client: KubeClient,
  type: ResourceType,
  ref: ResourceRef,
  patch: { readonly operations: readonly PatchOperation[]; readonly fieldManager: string },
): Promise<T> {
  return client.request({
    method: 'PATCH',
    path: resourcePath(type, ref),
    query: { fieldManager: patch.fieldManager },
    contentType: 'application/json-patch+json',
    body: patch.operations,
  });
}

/**
 * A `test` of a JSON patch did not hold. The server says 422 for it, as for an object that breaks its schema,
 * but names no field.
 */
export function isTestFailed(error: unknown): boolean {
  return isInvalid(error) && error instanceof KubeError && error.causes.length === 0;
}

/** JSON merge patch (RFC 7386): null removes. */
export function mergePatch<T>(
  client: KubeClient,
  type: ResourceType,
  ref: ResourceRef,
  patch: { readonly value: unknown; readonly fieldManager: string },
): Promise<T> {
  return client.request({
    method: 'PATCH',
    path: resourcePath(type, ref),
    query: { fieldManager: patch.fieldManager },
    contentType: 'application/merge-patch+json',
    body: patch.value,
    repeatable: true,
  });
}
