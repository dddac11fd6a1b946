/** Addresses of API servers as text and as data. */
import { isIP, isIPv6 } from 'node:net';
import { MargayError } from './errors.ts';

/** Where an API server listens. An IPv6 host has no brackets. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** A text names no endpoint. The message says which text, and what to write. */
export class EndpointError extends MargayError {
  override readonly name = 'EndpointError';

  constructor(message: string) {
    super(message, { code: 'BadEndpoint' });
  }
}

const hostName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\.?$/i;
const allDigitsAndDots = /^[0-9.]+$/;

function checkedHost(host: string, where: string): string {
  const looksRight = isIP(host) !== 0 || (hostName.test(host) && !allDigitsAndDots.test(host));
  if (!looksRight || host.length > 253) {
    throw new EndpointError(`${where}: '${host}' is neither an IP address nor a host name`);
  }
  return host.toLowerCase();
}

function checkedPort(port: string, where: string): number {
  const value = /^[0-9]{1,5}$/.test(port) ? Number(port) : 0;
  if (value < 1 || value > 65535) {
    throw new EndpointError(
      `${where}: '${port}' is not a port: write a number from 1 to 65535, such as 6443`,
    );
  }
  return value;
}

/** Reads `host:port` or `[v6]:port`; `where` names the source in the error. */
export function parseEndpoint(text: string, where = 'endpoint'): Endpoint {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):([^:]*)$/.exec(text);
  if (match === null) {
    throw new EndpointError(
      `${where}: '${text}' is not an endpoint: write host:port or [v6]:port, such as 10.0.0.10:6443`,
    );
  }
  const [, bracketed, plain, port = ''] = match;
  if (bracketed !== undefined && !isIPv6(bracketed)) {
    throw new EndpointError(`${where}: '${bracketed}' in brackets is not an IPv6 address`);
  }
  return { host: checkedHost(bracketed ?? plain ?? '', where), port: checkedPort(port, where) };
}

/** The text that {@link parseEndpoint} reads. */
export function formatEndpoint(endpoint: Endpoint): string {
  const host = isIPv6(endpoint.host) ? `[${endpoint.host}]` : endpoint.host;
  return `${host}:${endpoint.port}`;
}

/** Host and port are the same. */
export function sameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.host === b.host && a.port === b.port;
}

/** The server of a kubeconfig, such as `https://10.0.0.10:6443`. */
export function endpointOfUrl(url: string): Endpoint {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'https:') {
    throw new EndpointError(`server '${url}' is not an https URL: write https://host:port`);
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  return { host: checkedHost(host, 'server'), port: parsed.port === '' ? 443 : Number(parsed.port) };
}

const hostKey = 'KUBERNETES_SERVICE_HOST';
const portKey = 'KUBERNETES_SERVICE_PORT';
const listKey = 'KUBERNETES_SERVICE_ENDPOINTS';

function singleEndpoint(host: string, port: string): readonly Endpoint[] {
  if (host === '' && port === '') return [];
  if (host === '' || port === '') {
    const missing = host === '' ? hostKey : portKey;
    throw new EndpointError(`${missing} is missing: write both ${hostKey} and ${portKey}`);
  }
  if (/[,\s]/.test(host)) {
    throw new EndpointError(`${hostKey} holds one address, not '${host}': write several into ${listKey}`);
  }
  return [{ host: checkedHost(host.replace(/^\[|\]$/g, ''), hostKey), port: checkedPort(port, portKey) }];
}

/**
 * Reads the `data` of a ConfigMap `kubernetes-services-endpoint`: the single address first, then those of the
 * list. An absent or empty map names none.
 */
export function parseServicesEndpoint(
  data: Readonly<Record<string, string>> | undefined,
): readonly Endpoint[] {
  const value = (key: string): string => data?.[key]?.trim() ?? '';
  const texts = value(listKey)
    .split(',')
    .map((text) => text.trim());
  const listed = texts.filter((text) => text !== '').map((text) => parseEndpoint(text, listKey));
  const found = [...singleEndpoint(value(hostKey), value(portKey)), ...listed];
  return found.filter((endpoint, i) => found.findIndex((other) => sameEndpoint(endpoint, other)) === i);
}

/** The `data` that {@link parseServicesEndpoint} reads. There must be at least one. */
export function formatServicesEndpoint(endpoints: readonly Endpoint[]): Record<string, string> {
  const [first] = endpoints;
  if (first === undefined) throw new EndpointError('no endpoint to write');
  return {
    [hostKey]: first.host,
    [portKey]: String(first.port),
    [listKey]: endpoints.map(formatEndpoint).join(','),
  };
}
