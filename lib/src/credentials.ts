/** Who we are to the API server, and how we know that it is the API server. */
import { readFile } from 'node:fs/promises';
import { checkServerIdentity, type ConnectionOptions, type PeerCertificate } from 'node:tls';
import { MargayError } from './errors.ts';

/** TLS settings of a connection to any API server of the cluster. */
export type ServerTls = Pick<
  ConnectionOptions,
  'ca' | 'cert' | 'key' | 'passphrase' | 'rejectUnauthorized' | 'checkServerIdentity' | 'servername'
>;

/** What a client needs to be let in; asked anew for each connection and request, for both rotate. */
export interface Credentials {
  tls(): Promise<ServerTls>;
  /** Headers such as Authorization. */
  headers(): Promise<Readonly<Record<string, string>>>;
}

/** The service account's files are not there or not readable. */
export class CredentialsError extends MargayError {
  override readonly name = 'CredentialsError';
}

const serviceName = 'kubernetes.default.svc';

/**
 * Accepts a certificate that names the host, or the `kubernetes` Service: an API server behind a balancer or
 * reached by an address that its certificate lacks is still told from any other holder of a certificate.
 */
export function checkApiServerIdentity(host: string, certificate: PeerCertificate): Error | undefined {
  const error = checkServerIdentity(host, certificate);
  if (error === undefined || checkServerIdentity(serviceName, certificate) === undefined) return undefined;
  return error;
}

/** Where kubelets put a service account, and for how long a file that was read is believed. */
export interface ServiceAccountOptions {
  readonly directory?: string;
  readonly maxAgeMs?: number;
  readonly now?: () => number;
}

/** The pod's own service account, read from its files as they rotate. */
export class ServiceAccountCredentials implements Credentials {
  readonly #directory: string;
  readonly #maxAge: number;
  readonly #now: () => number;
  readonly #files = new Map<string, { readonly text: string; readonly at: number }>();

  constructor(options: ServiceAccountOptions = {}) {
    this.#directory = options.directory ?? '/var/run/secrets/kubernetes.io/serviceaccount';
    this.#maxAge = options.maxAgeMs ?? 60_000;
    this.#now = options.now ?? Date.now;
  }

  async tls(): Promise<ServerTls> {
    return { ca: await this.#read('ca.crt'), checkServerIdentity: checkApiServerIdentity };
  }

  async headers(): Promise<Readonly<Record<string, string>>> {
    return { authorization: `Bearer ${(await this.#read('token')).trim()}` };
  }

  async #read(name: string): Promise<string> {
    const path = `${this.#directory}/${name}`;
    const cached = this.#files.get(name);
    if (cached !== undefined && this.#now() - cached.at < this.#maxAge) return cached.text;
    try {
      const text = await readFile(path, 'utf8');
      this.#files.set(name, { text, at: this.#now() });
      return text;
    } catch (cause) {
      const message = `cannot read ${path}: is the pod's service account token mounted?`;
      throw new CredentialsError(message, { code: 'NoServiceAccount', cause, retryable: true });
    }
  }
}
