/** A real HTTPS server that answers as a test says; for what a real API server does not do on demand. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Credentials } from '../credentials.ts';
import type { Endpoint } from '../endpoint.ts';
import { EndpointSet } from '../endpoints.ts';
import { KubeClient, type KubeClientOptions } from '../kube-client.ts';

interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A self-signed certificate for these names, such as `IP:127.0.0.1` or `DNS:kubernetes.default.svc`. */
export function makeCertificate(names = 'IP:127.0.0.1'): Certificate {
  const dir = mkdtempSync(join(tmpdir(), 'margay-lib-'));
  const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const subject = ['-subj', '/CN=scripted', '-addext', `subjectAltName=${names}`];
  execFileSync('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', cert], {
    stdio: 'pipe',
  });
  const pair = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  rmSync(dir, { recursive: true });
  return pair;
}

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers one request. */
export type Script = (request: SeenRequest, response: ServerResponse) => void;

/** A server on 127.0.0.1 whose answers are changed by setting `script`. */
export class ScriptedServer {
  readonly seen: SeenRequest[] = [];
  script: Script = (_request, response) => void response.writeHead(500).end();
  readonly certificate: Certificate;
  readonly #server: Server;

  private constructor(certificate: Certificate) {
    this.certificate = certificate;
    this.#server = createServer(certificate, (request, response) => void this.#answer(request, response));
  }

  /** Starts one; the certificate may be shared between several. */
  static async start(certificate = makeCertificate(), port = 0): Promise<ScriptedServer> {
    const server = new ScriptedServer(certificate);
    await new Promise<void>((resolve) => server.#server.listen(port, '127.0.0.1', resolve));
    return server;
  }

  get endpoint(): Endpoint {
    return { host: '127.0.0.1', port: (this.#server.address() as AddressInfo).port };
  }

  /** Breaks all connections and refuses new ones. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const url = new URL(request.url ?? '/', 'https://localhost');
    const { method = '', headers } = request;
    const seen = { method, path: url.pathname, query: url.searchParams, headers, body };
    this.seen.push(seen);
    this.script(seen, response);
  }
}

/** Trusts this certificate and sends this token. */
export function credentialsFor(ca: string, token = 'secret'): Credentials {
  return {
    tls: () => Promise.resolve({ ca }),
    headers: () => Promise.resolve({ authorization: `Bearer ${token}` }),
  };
}

/** A client of these servers, which share a certificate. */
export function clientOf(
  servers: readonly ScriptedServer[],
  options: Partial<KubeClientOptions> = {},
): KubeClient {
  const endpoints = new EndpointSet(servers.map((server) => server.endpoint));
  const credentials = credentialsFor(servers[0]?.certificate.cert ?? '');
  return new KubeClient({ endpoints, credentials, userAgent: 'lib-test/1', ...options });
}

/** Sends a JSON answer. */
export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Sends a Status as the API server does. */
export function sendStatus(response: ServerResponse, code: number, reason: string, more: object = {}): void {
  sendJson(
    response,
    { kind: 'Status', status: 'Failure', message: `no: ${reason}`, reason, code, ...more },
    code,
  );
}
