/** The socket that margay-cni talks to: one line a connection, answered when the endpoint is programmed. */
import { chmod, mkdir, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { AttachmentRequest } from '../endpoints-local/node-endpoints.ts';
import type { CniServer } from '../ports.ts';
import { answer, type AttachmentName, type CniCall, parseCall } from './protocol.ts';

/** Far more than a call needs: 250 attachments of a GC take 30 KB. */
const longestLine = 1 << 20;

/** Who knows the node's endpoints; `NodeEndpoints` is one. */
export interface Attachments {
  attach(request: AttachmentRequest): Promise<void>;
  check(request: AttachmentRequest): Promise<void>;
  detach(containerId: string, ifname: string): Promise<void>;
  retain(valid: readonly AttachmentName[]): Promise<void>;
}

/** What {@link AttachmentServer} needs. */
export interface AttachmentServerOptions {
  readonly attachments: Attachments;
  /** Each call with its outcome, for the log. */
  readonly onCall: (call: CniCall, error: unknown) => void;
}

/** Implements {@link CniServer}. */
export class AttachmentServer implements CniServer {
  readonly #options: AttachmentServerOptions;
  readonly #connections = new Set<Socket>();
  #server: Server | undefined;

  constructor(options: AttachmentServerOptions) {
    this.#options = options;
  }

  async listen(socketPath: string): Promise<void> {
    await mkdir(dirname(socketPath), { recursive: true });
    await rm(socketPath, { force: true });
    const server = createServer({ allowHalfOpen: true }, (connection) => this.#serve(connection));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(socketPath, () => {
        server.off('error', reject);
        resolve();
      });
    });
    await chmod(socketPath, 0o600);
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
    for (const connection of this.#connections) connection.destroy();
    await closed;
  }

  #serve(connection: Socket): void {
    this.#connections.add(connection);
    connection.once('close', () => this.#connections.delete(connection));
    connection.on('error', () => connection.destroy());
    connection.setTimeout(30_000, () => connection.destroy());
    connection.setEncoding('utf8');
    let received = '';
    connection.on('data', (chunk: string) => {
      received += chunk;
      const end = received.indexOf('\n');
      if (end < 0 && received.length <= longestLine) return;
      connection.removeAllListeners('data');
      void this.#answer(received.slice(0, end < 0 ? 0 : end)).then((line) => connection.end(line));
    });
    connection.once('end', () => {
      if (!received.includes('\n')) connection.destroy();
    });
  }

  async #answer(line: string): Promise<string> {
    let call: CniCall;
    try {
      call = parseCall(line);
    } catch (error) {
      return answer(error);
    }
    try {
      await this.#perform(call);
      this.#options.onCall(call, undefined);
      return answer();
    } catch (error) {
      this.#options.onCall(call, error);
      return answer(error);
    }
  }

  #perform(call: CniCall): Promise<void> {
    const { attachments } = this.#options;
    switch (call.command) {
      case 'ADD':
        return attachments.attach(call);
      case 'CHECK':
        return attachments.check(call);
      case 'DEL':
        return attachments.detach(call.containerId, call.ifname);
      case 'GC':
        return attachments.retain(call.attachments);
    }
  }
}
