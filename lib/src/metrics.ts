/** Health and metrics of a process over plain HTTP: /healthz, /readyz, /metrics. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { MargayError, messageOf } from './errors.ts';

/** Why a process is not live or not ready; undefined when it is. */
export type HealthCheck = () => string | undefined;

/** What is served, and where. */
export interface HealthServerOptions {
  /** 0 takes any. */
  readonly port: number;
  /** Default: all addresses. */
  readonly host?: string;
  readonly registry: Registry;
  readonly live: HealthCheck;
  readonly ready: HealthCheck;
}

/** A server that listens. */
export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** The port cannot be listened on. */
export class HealthServerError extends MargayError {
  override readonly name = 'HealthServerError';
}

/** A registry of the process's own: nothing in the project uses prom-client's global one. */
export function createRegistry(labels: Readonly<Record<string, string>> = {}): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ ...labels });
  return registry;
}

function answerCheck(response: ServerResponse, problem: string | undefined): void {
  response.statusCode = problem === undefined ? 200 : 503;
  response.end(`${problem ?? 'ok'}\n`);
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: HealthServerOptions,
): Promise<void> {
  response.setHeader('content-type', 'text/plain; charset=utf-8');
  const path = (request.url ?? '').split('?')[0];
  if (path === '/healthz') {
    answerCheck(response, options.live());
  } else if (path === '/readyz') {
    answerCheck(response, options.ready());
  } else if (path === '/metrics') {
    const text = await options.registry.metrics();
    response.setHeader('content-type', options.registry.contentType);
    response.end(text);
  } else {
    response.statusCode = 404;
    response.end('there are /healthz, /readyz and /metrics\n');
  }
}

/** Listens until closed. Rejects when the port is taken, naming it. */
export function serveHealth(options: HealthServerOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    answer(request, response, options).catch((error: unknown) => {
      response.statusCode = 500;
      response.end(`${messageOf(error)}\n`);
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const message = `cannot listen on port ${options.port} for health and metrics`;
      reject(new HealthServerError(message, { code: 'PortTaken', cause }));
    });
    server.listen(options.port, options.host, () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
}
