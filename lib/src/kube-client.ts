/**
 * A small client of the Kubernetes API. It differs from the usual ones by failing over between the API
 * servers of an {@link EndpointSet}, and by what it leaves out: no generated classes, no schema, little memory.
 */
import type { IncomingMessage } from 'node:http';
import type { Credentials } from './credentials.ts';
import type { Endpoint } from './endpoint.ts';
import type { EndpointSet } from './endpoints.ts';
import { KubeError, messageOf } from './errors.ts';
import type { KubeList, KubeObject, NamedObject } from './objects.ts';
import { resourcePath, type ResourceRef, type ResourceType } from './resources.ts';
import { parseStatus, statusError } from './status.ts';
import { sleep } from './sleep.ts';
import { Transport, WireError } from './transport.ts';

/** Query parameters; undefined ones are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** One request to the API. */
export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Such as `/api/v1/nodes`. */
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  /** Of the body; default `application/json`. */
  readonly contentType?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** The request may reach a server twice without harm; default true for GET only. */
  readonly repeatable?: boolean;
}

/** How a {@link KubeClient} is made. */
export interface KubeClientOptions {
  readonly endpoints: EndpointSet;
  readonly credentials: Credentials;
  /** Such as `margay-agent/1.2.0`. */
  readonly userAgent: string;
  /** For a whole request; default 30 s. */
  readonly timeoutMs?: number;
  /**
   * Asked about each write, and each repetition of one, at the moment when it would leave; false refuses it, as
   * after the loss of a lease.
   */
  readonly mayWrite?: () => boolean;
}

/** Who answered last: the evidence for a connection of one's own to a real endpoint. */
export interface Connection {
  readonly endpoint: Endpoint;
  /** False for the bootstrap endpoint. */
  readonly direct: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const throttleRetries = 4;
const longestThrottleMs = 10_000;
const serverAway = new Set([502, 503, 504]);

/** A client over all API servers of the cluster. */
export class KubeClient {
  readonly endpoints: EndpointSet;
  readonly #credentials: Credentials;
  readonly #userAgent: string;
  readonly #timeout: number;
  readonly #mayWrite: () => boolean;
  readonly #transport = new Transport();
  #connection: Connection | undefined;

  constructor(options: KubeClientOptions) {
    this.endpoints = options.endpoints;
    this.#credentials = options.credentials;
    this.#userAgent = options.userAgent;
    this.#timeout = options.timeoutMs ?? 30_000;
    this.#mayWrite = options.mayWrite ?? (() => true);
  }

  /** The last endpoint that answered; undefined before any did. */
  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** One object. */
  get<T>(type: ResourceType, ref: ResourceRef): Promise<T> {
    return this.request({ method: 'GET', path: resourcePath(type, ref) });
  }

  /** A collection in one piece; for large ones use a list-watch. `query` may hold selectors. */
  list<T>(type: ResourceType, ref: ResourceRef = {}, query: Query = {}): Promise<KubeList<T>> {
    return this.request({ method: 'GET', path: resourcePath(type, ref), query });
  }

  /** Creates; rejects with AlreadyExists when the name is taken. */
  create<T extends KubeObject>(type: ResourceType, object: T): Promise<T> {
    const path = resourcePath(type, { namespace: object.metadata?.namespace });
    return this.request({ method: 'POST', path, body: object });
  }

  /** Replaces the object; with a resourceVersion in it only that version (else Conflict). */
  replace<T extends NamedObject>(type: ResourceType, object: T, subresource?: string): Promise<T> {
    const { namespace, name } = object.metadata;
    return this.request({
      method: 'PUT',
      path: resourcePath(type, { namespace, name, subresource }),
      body: object,
    });
  }

  /** Deletes; `options` are DeleteOptions, such as preconditions. Rejects with NotFound. */
  delete(
    type: ResourceType,
    ref: ResourceRef,
    options: Readonly<Record<string, unknown>> = {},
  ): Promise<unknown> {
    return this.request({ method: 'DELETE', path: resourcePath(type, ref), body: options });
  }

  /** Sends and reads the whole answer as JSON. Rejects with {@link KubeError} or AbortError. */
  async request<T>(request: KubeRequest): Promise<T> {
    const response = await this.stream(request);
    const text = await readAll(response, request, request.timeoutMs ?? this.#timeout);
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      throw new KubeError(`${nameOf(request)}: the answer is not JSON`, {
        code: 'BadResponse',
        status: 0,
        request: nameOf(request),
        retryable: true,
        cause,
      });
    }
  }

  /** Sends and resolves to the body of a good answer, to be read by the caller. */
  async stream(request: KubeRequest): Promise<IncomingMessage> {
    for (let throttled = 0; ; throttled++) {
      const response = await this.#overEndpoints(request);
      if ((response.statusCode ?? 500) < 400) return response;
      const error = await errorOf(response, request, request.timeoutMs ?? this.#timeout);
      const pause = error.retryAfterMs ?? 0;
      const again = error.status === 429 && pause <= longestThrottleMs && throttled < throttleRetries;
      if (!again) throw error;
      await sleep(Math.max(pause, 250), request.signal);
    }
  }

  /** Breaks all connections. */
  close(): void {
    this.#transport.close();
  }

  async #overEndpoints(request: KubeRequest): Promise<IncomingMessage> {
    // One more than there are endpoints: a kept-open connection may have been closed by a healthy server.
    for (let left = this.endpoints.all.length; ; left--) {
      const outcome = await this.#send(this.endpoints.current, request).catch(onlyWireError);
      if (left === 0 || !worthRepeating(outcome, request)) {
        if (outcome instanceof WireError) throw unreachable(request, outcome);
        return outcome;
      }
      if (!(outcome instanceof WireError)) outcome.resume();
    }
  }

  async #send(endpoint: Endpoint, request: KubeRequest): Promise<IncomingMessage> {
    const [tls, authentication] = await Promise.all([this.#credentials.tls(), this.#credentials.headers()]);
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const content: Record<string, string> =
      body === undefined
        ? {}
        : {
            'content-type': request.contentType ?? 'application/json',
            'content-length': String(Buffer.byteLength(body)),
          };
    const headers = {
      accept: 'application/json',
      'user-agent': this.#userAgent,
      ...content,
      ...authentication,
    };
    const path = `${request.path}${queryOf(request.query)}`;
    const timeoutMs = request.timeoutMs ?? this.#timeout;
    const { method, signal } = request;
    const refusal = method === 'GET' ? undefined : () => this.#refusal(request);
    const wire = { method, path, headers, body, timeoutMs, signal, tls, refusal };
    try {
      return this.#answered(endpoint, await this.#transport.send(endpoint, wire));
    } catch (error) {
      if (error instanceof WireError) this.#blame(endpoint, error);
      throw error;
    }
  }

  #refusal(request: KubeRequest): KubeError | undefined {
    if (this.#mayWrite()) return undefined;
    const fields = { code: 'NotLeading', status: 0, request: nameOf(request) };
    return new KubeError(`${nameOf(request)}: not sent, another replica may be the leader`, fields);
  }

  #answered(endpoint: Endpoint, response: IncomingMessage): IncomingMessage {
    if (serverAway.has(response.statusCode ?? 0)) {
      this.endpoints.failed(endpoint);
    } else {
      this.#connection = { endpoint, direct: this.endpoints.isReal(endpoint), at: Date.now() };
      this.endpoints.succeeded(endpoint);
    }
    return response;
  }

  /** Who cannot be connected to is gone for every stream; a slow answer blames it for the next request only. */
  #blame(endpoint: Endpoint, error: WireError): void {
    this.endpoints.failed(endpoint);
    if (!error.sent) this.#transport.drop(endpoint);
  }
}

function isRepeatable(request: KubeRequest): boolean {
  return request.repeatable ?? request.method === 'GET';
}

function onlyWireError(error: unknown): WireError {
  if (error instanceof WireError) return error;
  throw error;
}

/** Another server, or the same one anew, may do what this one did not. */
function worthRepeating(outcome: IncomingMessage | WireError, request: KubeRequest): boolean {
  if (outcome instanceof WireError) return !outcome.sent || isRepeatable(request);
  return isRepeatable(request) && serverAway.has(outcome.statusCode ?? 0);
}

function nameOf(request: KubeRequest): string {
  return `${request.method} ${request.path}`;
}

function queryOf(query: Query | undefined): string {
  const pairs = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
  if (pairs.length === 0) return '';
  return `?${new URLSearchParams(pairs.map(([key, value]): [string, string] => [key, String(value)])).toString()}`;
}

function unreachable(request: KubeRequest, cause: WireError): KubeError {
  const code = cause.timedOut ? 'Timeout' : 'Unreachable';
  const fields = { code, status: 0, request: nameOf(request), retryable: true, cause };
  return new KubeError(`${nameOf(request)}: no API server answered`, fields);
}

/** A body that is not complete in time breaks off: the headers alone are no answer. */
async function readAll(response: IncomingMessage, request: KubeRequest, timeoutMs: number): Promise<string> {
  const chunks: Buffer[] = [];
  const late = new Error(`the body was not complete after ${timeoutMs} ms`);
  const timer = setTimeout(() => void response.destroy(late), timeoutMs);
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer);
  } catch (cause) {
    if (request.signal?.aborted === true) throw cause;
    const fields = { code: 'Unreachable', status: 0, request: nameOf(request), retryable: true, cause };
    throw new KubeError(`${nameOf(request)}: the answer broke off`, fields);
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function errorOf(
  response: IncomingMessage,
  request: KubeRequest,
  timeoutMs: number,
): Promise<KubeError> {
  const status = response.statusCode ?? 500;
  const text = await readAll(response, request, timeoutMs).catch((error: unknown) => messageOf(error));
  return statusError(parseStatus(text), status, nameOf(request), Number(response.headers['retry-after']));
}
