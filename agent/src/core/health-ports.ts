/**
 * What kube-proxy answers load balancers at: each Service's healthCheckNodePort, and the node's own /healthz
 * (KEP-3836). Only while no kube-proxy runs here, for these ports are its own then.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { messageOf } from '@margay/lib/errors';
import type { Logger } from '@margay/lib/log';

/** Of kube-proxy, unless its configuration says otherwise. */
export const HEALTHZ_PORT = 10_256;

/** What {@link HealthPorts} needs. */
export interface HealthPortsOptions {
  readonly log: Logger;
  /** Ready endpoints of a Service on this node. */
  readonly localEndpoints: (service: string) => number;
  /** What is in the kernel serves. */
  readonly healthy: () => boolean;
  /** The node is not about to go: new connections may be sent here. */
  readonly eligible: () => boolean;
  readonly healthzPort?: number;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const AGAIN_MS = 500;

/** See the file comment. */
export class HealthPorts {
  readonly #options: HealthPortsOptions;
  readonly #wanted = new Map<number, Answer>();
  readonly #portOf = new Map<string, number>();
  /** Whose each Service's port is now. */
  readonly #owners = new Map<number, string>();
  readonly #open = new Map<number, Server>();
  /** Ports that somebody else has: said once. */
  readonly #taken = new Set<number>();
  #on = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: HealthPortsOptions) {
    this.#options = options;
    this.#wanted.set(options.healthzPort ?? HEALTHZ_PORT, (request, response) =>
      this.#healthz(request, response),
    );
  }

  /** The Service's healthCheckNodePort; undefined: it has none, or is gone. */
  setService(key: string, port: number | undefined): void {
    const before = this.#portOf.get(key);
    if (before === port) return;
    // The API server gives a port away again before everybody has heard that its Service is gone.
    if (before !== undefined && this.#owners.get(before) === key) {
      this.#wanted.delete(before);
      this.#owners.delete(before);
    }
    if (port === undefined) this.#portOf.delete(key);
    else {
      this.#portOf.set(key, port);
      this.#owners.set(port, key);
      this.#wanted.set(port, (_, response) => this.#service(key, response));
    }
    this.#sync();
  }

  /** Whether to listen. */
  serve(on: boolean): void {
    if (on === this.#on) return;
    this.#on = on;
    this.#sync();
  }

  close(): void {
    this.serve(false);
  }

  #sync(): void {
    for (const [port, server] of this.#open) {
      if (this.#on && this.#wanted.has(port)) continue;
      this.#open.delete(port);
      server.close();
      server.closeAllConnections();
    }
    clearTimeout(this.#timer);
    if (!this.#on) return;
    for (const port of this.#wanted.keys()) if (!this.#open.has(port)) this.#listen(port);
  }

  #listen(port: number): void {
    const server = createServer((request, response) => {
      const answer = this.#wanted.get(port);
      if (answer === undefined) response.destroy();
      else answer(request, response);
    });
    this.#open.set(port, server);
    server.once('listening', () => this.#taken.delete(port));
    server.on('error', (error) => {
      if (this.#open.get(port) === server) this.#open.delete(port);
      if (!this.#taken.has(port))
        this.#options.log.warn('health check port cannot be served yet', {
          port,
          error: messageOf(error),
        });
      this.#taken.add(port);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#sync(), AGAIN_MS);
    });
    server.listen(port);
  }

  #service(key: string, response: ServerResponse): void {
    const [namespace = '', name = ''] = key.split('/');
    const localEndpoints = this.#options.localEndpoints(key);
    const serviceProxyHealthy = this.#options.healthy();
    response.setHeader('X-Load-Balancing-Endpoint-Weight', localEndpoints);
    const good = localEndpoints > 0 && serviceProxyHealthy;
    reply(response, good, { service: { namespace, name }, localEndpoints, serviceProxyHealthy });
  }

  /** `/healthz` also asks whether new connections are welcome, `/livez` does not. */
  #healthz({ url = '' }: IncomingMessage, response: ServerResponse): void {
    const path = url.replace(/\?.*/, '');
    if (path !== '/healthz' && path !== '/livez') {
      response.writeHead(404).end();
      return;
    }
    const now = new Date().toISOString();
    const nodeEligible = this.#options.eligible();
    const good = this.#options.healthy() && (path === '/livez' || nodeEligible);
    reply(response, good, { lastUpdated: now, currentTime: now, nodeEligible });
  }
}

function reply(response: ServerResponse, good: boolean, body: object): void {
  response.writeHead(good ? 200 : 503, {
    'Content-Type': 'application/json',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(JSON.stringify(body));
}
