/** Finds out whether an address is an API server of this cluster, before anything relies on it. */
import { text } from 'node:stream/consumers';
import type { Credentials } from './credentials.ts';
import { type Endpoint, formatEndpoint } from './endpoint.ts';
import { MargayError, messageOf } from './errors.ts';
import { Transport, WireError } from './transport.ts';

/**
 * The address does not serve. `code` is `Unreachable` (no connection), `NotTrusted` (a certificate that the
 * cluster's CA did not sign, or for other names) or `NotApiServer` (something else answered).
 */
export class ProbeError extends MargayError {
  override readonly name = 'ProbeError';
}

/** What an API server says about itself. */
export interface ServerVersion {
  /** Such as `v1.36.3`. */
  readonly gitVersion: string;
}

function isTlsFailure(error: WireError): boolean {
  const code = (error.cause as { code?: string } | undefined)?.code ?? '';
  return /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO)/.test(code);
}

function failure(endpoint: Endpoint, error: unknown): ProbeError {
  const where = formatEndpoint(endpoint);
  if (error instanceof WireError && isTlsFailure(error)) {
    const message = `${where} has a certificate that this cluster's CA did not sign for it: is it another cluster?`;
    return new ProbeError(message, { code: 'NotTrusted', cause: error.cause });
  }
  const message = `${where} does not answer: is it the API server's address, and does a firewall let nodes reach it?`;
  return new ProbeError(message, { code: 'Unreachable', cause: error, retryable: true });
}

function versionIn(body: string): ServerVersion | undefined {
  try {
    const value = JSON.parse(body) as { gitVersion?: unknown } | null;
    return typeof value?.gitVersion === 'string' ? { gitVersion: value.gitVersion } : undefined;
  } catch {
    return undefined;
  }
}

/** Asks the address for its version over a connection of its own. Rejects with {@link ProbeError}. */
export async function probeEndpoint(
  endpoint: Endpoint,
  credentials: Credentials,
  options: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
): Promise<ServerVersion> {
  const transport = new Transport();
  try {
    const [tls, headers] = await Promise.all([credentials.tls(), credentials.headers()]);
    const { timeoutMs = 5000, signal } = options;
    const response = await transport.send(endpoint, {
      method: 'GET',
      path: '/version',
      headers,
      timeoutMs,
      signal,
      tls,
    });
    const version = versionIn(await text(response));
    if (response.statusCode === 200 && version !== undefined) return version;
    const message = `${formatEndpoint(endpoint)} answered ${response.statusCode ?? 0} and is not an API server`;
    throw new ProbeError(message, { code: 'NotApiServer' });
  } catch (error) {
    if (error instanceof ProbeError || options.signal?.aborted === true) throw error;
    throw failure(endpoint, error);
  } finally {
    transport.close();
  }
}

/** Which of the endpoints serve, asked at the same time, and what is wrong with the others. */
export async function probeAll(
  endpoints: readonly Endpoint[],
  credentials: Credentials,
): Promise<{ readonly good: readonly Endpoint[]; readonly problems: readonly string[] }> {
  const results = await Promise.allSettled(endpoints.map((endpoint) => probeEndpoint(endpoint, credentials)));
  return {
    good: endpoints.filter((_endpoint, i) => results[i]?.status === 'fulfilled'),
    problems: results.flatMap((result) => (result.status === 'rejected' ? [messageOf(result.reason)] : [])),
  };
}
