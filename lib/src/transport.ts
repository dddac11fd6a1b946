/** One HTTP request to one API server: TLS, keep-alive, time-outs, and nothing of Kubernetes. */
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { ServerTls } from './credentials.ts';
import { type Endpoint, formatEndpoint } from './endpoint.ts';

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Until the response's headers are there. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly tls: ServerTls;
  /** Asked once the connection is there, before a byte of the request leaves: why it must not be sent after all. */
  readonly refusal?: (() => Error | undefined) | undefined;
}

/** The request got no response. */
export class WireError extends Error {
  override readonly name = 'WireError';
  /** False when the connection was never made, so that no server has seen the request. */
  readonly sent: boolean;
  /** The time was up. */
  readonly timedOut: boolean;

  constructor(message: string, sent: boolean, timedOut: boolean, cause?: unknown) {
    super(message, { cause });
    this.sent = sent;
    this.timedOut = timedOut;
  }
}

/** How long TCP and TLS together may take, and after how much silence a peer is asked whether it lives. */
const connectTimeoutMs = 4000;
const keepAliveMs = 5000;

/** Connections to API servers, kept open between requests. */
export class Transport {
  readonly #agents = new Map<string, Agent>();

  /**
   * Sends and resolves when the response's headers are there. Rejects with {@link WireError}, AbortError, or the
   * refusal.
   */
  send(endpoint: Endpoint, wire: WireRequest): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      let connected = false;
      let timedOut = false;
      const request = httpsRequest({
        ...wire.tls,
        host: endpoint.host,
        port: endpoint.port,
        method: wire.method,
        path: wire.path,
        headers: wire.headers,
        agent: this.#agent(endpoint),
        ...(wire.signal === undefined ? {} : { signal: wire.signal }),
      });
      const expire = (what: string, ms: number): NodeJS.Timeout =>
        setTimeout(() => {
          timedOut = true;
          request.destroy(new Error(`${what} within ${ms} ms`));
        }, ms);
      const overall = expire('no response', wire.timeoutMs);
      const connecting = expire('no connection', Math.min(connectTimeoutMs, wire.timeoutMs));
      const begin = (): void => {
        connected = true;
        clearTimeout(connecting);
        const refusal = wire.refusal?.();
        if (refusal === undefined) return void request.end(wire.body);
        reject(refusal);
        request.destroy();
      };
      whenConnected(request, begin);
      request.once('close', () => {
        clearTimeout(overall);
        clearTimeout(connecting);
      });
      request.once('response', (response) => {
        clearTimeout(overall);
        resolve(response);
      });
      request.on('error', (error) => {
        if (error.name === 'AbortError') reject(error);
        else
          reject(new WireError(`${formatEndpoint(endpoint)}: ${error.message}`, connected, timedOut, error));
      });
    });
  }

  /** Breaks every connection to the endpoint, running responses included. */
  drop(endpoint: Endpoint): void {
    const key = formatEndpoint(endpoint);
    this.#agents.get(key)?.destroy();
    this.#agents.delete(key);
  }

  /** Breaks every connection. */
  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  #agent(endpoint: Endpoint): Agent {
    const key = formatEndpoint(endpoint);
    const present = this.#agents.get(key);
    if (present !== undefined) return present;
    const agent = new Agent({ keepAlive: true, keepAliveMsecs: keepAliveMs, maxCachedSessions: 4 });
    this.#agents.set(key, agent);
    return agent;
  }
}

function whenConnected(request: ClientRequest, begin: () => void): void {
  request.once('socket', (socket: Socket) => {
    if (request.reusedSocket) begin();
    else socket.once('secureConnect', begin);
    // The agent sets this on idle connections only; a running watch needs it most. libuv asks ten times, once
    // a second, before it gives up.
    socket.setKeepAlive(true, keepAliveMs);
  });
}
