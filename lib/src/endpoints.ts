/** The API servers that this process may use, which of them it uses, and the last good set on disk. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Endpoint, formatEndpoint, parseEndpoint, sameEndpoint } from './endpoint.ts';
import { MargayError } from './errors.ts';

/** No endpoint is known at all. */
export class NoEndpointError extends MargayError {
  override readonly name = 'NoEndpointError';

  constructor() {
    super('no address of an API server is known: is the ConfigMap kubernetes-services-endpoint there?', {
      code: 'NoEndpoint',
      retryable: true,
    });
  }
}

/** What is told to a listener of {@link EndpointSet}. */
export type EndpointEvent =
  | { readonly kind: 'changed'; readonly endpoints: readonly Endpoint[] }
  | { readonly kind: 'moved'; readonly from: Endpoint; readonly to: Endpoint }
  /** The current endpoint did not answer, and there may be no other. */
  | { readonly kind: 'failed'; readonly endpoint: Endpoint }
  /** An endpoint of the set answered for the first time since the set was given: worth keeping on disk. */
  | { readonly kind: 'good'; readonly endpoints: readonly Endpoint[] };

/** What a set begins with besides what is known. */
export interface EndpointSetOptions {
  /** The `kubernetes` ClusterIP. */
  readonly bootstrap?: Endpoint | undefined;
  /** A set that has answered once, on disk for example. */
  readonly proven?: readonly Endpoint[];
}

/**
 * All known endpoints, one of them current. The current one stays until it fails; then the next one is
 * tried, round and round. Until one of a new set has answered, those of the last set that did are tried too: whoever
 * wrote the new one may have been wrong. The bootstrap endpoint (the `kubernetes` ClusterIP) is used only while no
 * other is known, and never again after.
 */
export class EndpointSet {
  #known: readonly Endpoint[];
  readonly #bootstrap: Endpoint | undefined;
  #current = 0;
  /** The last set of which one answered. */
  #proven: readonly Endpoint[];
  readonly #listeners = new Set<(event: EndpointEvent) => void>();

  constructor(known: readonly Endpoint[], { bootstrap, proven = [] }: EndpointSetOptions = {}) {
    this.#known = known.length > 0 ? [...known] : [...proven];
    this.#proven = [...proven];
    this.#bootstrap = bootstrap;
  }

  /** All that may be tried, those that are known first; or the bootstrap endpoint alone. */
  get all(): readonly Endpoint[] {
    if (this.#known.length === 0) return this.#bootstrap === undefined ? [] : [this.#bootstrap];
    return [...this.#known, ...this.#proven.filter((endpoint) => !isIn(endpoint, this.#known))];
  }

  /** Whether it is an API server that is known by its own address, and not the bootstrap endpoint. */
  isReal(endpoint: Endpoint): boolean {
    return isIn(endpoint, this.#known) || isIn(endpoint, this.#proven);
  }

  /** The endpoint for the next request. Throws {@link NoEndpointError}. */
  get current(): Endpoint {
    const all = this.all;
    const endpoint = all[this.#current % Math.max(all.length, 1)];
    if (endpoint === undefined) throw new NoEndpointError();
    return endpoint;
  }

  /** Takes a new set, keeping the current endpoint where it is in it. An empty set changes nothing. */
  replace(endpoints: readonly Endpoint[]): void {
    const same =
      endpoints.length === this.#known.length && endpoints.every((endpoint) => isIn(endpoint, this.#known));
    if (endpoints.length === 0 || same) return;
    const before = this.all[this.#current % Math.max(this.all.length, 1)];
    this.#known = [...endpoints];
    const kept = this.#known.findIndex((endpoint) => before !== undefined && sameEndpoint(endpoint, before));
    this.#current = Math.max(kept, 0);
    this.#tell({ kind: 'changed', endpoints: this.#known });
  }

  /** The endpoint did not answer. Moves on, unless another request has already moved on from it. */
  failed(endpoint: Endpoint): void {
    const all = this.all;
    if (all.length === 0 || !sameEndpoint(this.current, endpoint)) return;
    this.#tell({ kind: 'failed', endpoint });
    if (all.length < 2) return;
    this.#current = (this.#current + 1) % all.length;
    this.#tell({ kind: 'moved', from: endpoint, to: this.current });
  }

  /** The endpoint answered as an API server of this cluster. */
  succeeded(endpoint: Endpoint): void {
    if (this.#proven === this.#known || !isIn(endpoint, this.#known)) return;
    this.#proven = this.#known;
    this.#current = this.#known.findIndex((known) => sameEndpoint(known, endpoint));
    this.#tell({ kind: 'good', endpoints: this.#known });
  }

  /** Calls the listener at each event until the returned function is called. */
  listen(listener: (event: EndpointEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(event: EndpointEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

function isIn(endpoint: Endpoint, set: readonly Endpoint[]): boolean {
  return set.some((one) => sameEndpoint(one, endpoint));
}

/** Writes the set so that a reader sees the old file or the new one, never half of it. */
export async function saveEndpoints(path: string, endpoints: readonly Endpoint[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.new`;
  await writeFile(temporary, `${endpoints.map(formatEndpoint).join('\n')}\n`, { mode: 0o600 });
  await rename(temporary, path);
}

/** The last good set; empty when there is none. A damaged line is left out. */
export async function loadEndpoints(path: string): Promise<readonly Endpoint[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [parseEndpoint(line, path)];
    } catch {
      return [];
    }
  });
}
