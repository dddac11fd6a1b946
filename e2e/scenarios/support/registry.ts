import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

// An image registry: the parts of the OCI distribution specification (v1.1) that a push and a pull use.

/** A registry that runs. */
export interface Registry {
  /** `host:port`. */
  readonly address: string;
  close(): void;
}

/** Serves `dir` at this address and a free port, without TLS and for everybody. */
export async function startRegistry(dir: string, host: string): Promise<Registry> {
  for (const name of ['blobs', 'uploads', 'manifests']) await mkdir(join(dir, name), { recursive: true });
  const store = new Store(dir);
  const server = createServer((request, response) => {
    serve(store, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    address: `${host}:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

class Store {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  blob(digest: string): string {
    return join(this.#dir, 'blobs', digest.replace(':', '-'));
  }

  upload(id: string): string {
    return join(this.#dir, 'uploads', id);
  }

  /** A manifest is found by its tag and by its digest. */
  manifest(name: string, reference: string): string {
    return join(this.#dir, 'manifests', encodeURIComponent(`${name}:${reference}`));
  }
}

const ROUTE = /^\/v2\/(?<name>.+)\/(?<kind>blobs\/uploads|blobs|manifests)\/(?<reference>[^/]*)$/;

interface Route {
  readonly url: URL;
  readonly name: string;
  readonly kind: string;
  readonly reference: string;
}

/** What a request is about; kind is empty for what is neither a blob nor a manifest. */
function routeOf(target = '/'): Route {
  const url = new URL(target, 'http://registry');
  const { name = '', kind = '', reference = '' } = ROUTE.exec(url.pathname)?.groups ?? {};
  return { url, name, kind, reference };
}

async function serve(store: Store, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { url, name, kind, reference } = routeOf(request.url);
  const what = { request, response, name, reference };
  switch (kind) {
    case 'blobs/uploads':
      return takeUpload(store, { request, response, url, name, id: reference });
    case 'manifests':
      return request.method === 'PUT'
        ? takeManifest(store, what)
        : giveManifest(store.manifest(name, reference), request, response);
    case 'blobs':
      return giveBlob(store.blob(reference), reference, what);
    default:
      response.writeHead(url.pathname === '/v2/' ? 200 : 404).end();
  }
}

interface Upload {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly name: string;
  readonly id: string;
}

async function takeUpload(store: Store, { request, response, url, name, id }: Upload): Promise<void> {
  const own = id === '' ? randomUUID() : id;
  await pipeline(request, createWriteStream(store.upload(own), { flags: 'a' }));
  const digest = url.searchParams.get('digest');
  if (digest !== null) {
    await rename(store.upload(own), store.blob(digest));
    response
      .writeHead(201, { location: `/v2/${name}/blobs/${digest}`, 'docker-content-digest': digest })
      .end();
    return;
  }
  const { size } = await stat(store.upload(own));
  const headers = { location: `/v2/${name}/blobs/uploads/${own}`, range: `0-${Math.max(0, size - 1)}` };
  response.writeHead(202, headers).end();
}

async function takeManifest(
  store: Store,
  what: { request: IncomingMessage; response: ServerResponse; name: string; reference: string },
): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of what.request) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  const type = what.request.headers['content-type'] ?? '';
  for (const reference of [what.reference, digest]) {
    const file = store.manifest(what.name, reference);
    await writeFile(file, body);
    await writeFile(`${file}.json`, JSON.stringify({ type, digest }));
  }
  what.response.writeHead(201, { 'docker-content-digest': digest }).end();
}

async function giveManifest(file: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readFile(file).catch(() => undefined);
  if (body === undefined) {
    response.writeHead(404).end();
    return;
  }
  const { type, digest } = JSON.parse(await readFile(`${file}.json`, 'utf8')) as Record<
    'type' | 'digest',
    string
  >;
  response.writeHead(200, {
    'content-type': type,
    'content-length': body.length,
    'docker-content-digest': digest,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function giveBlob(
  file: string,
  digest: string,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-length': found.size, 'docker-content-digest': digest });
  if (request.method === 'HEAD') response.end();
  else await pipeline(createReadStream(file), response);
}
