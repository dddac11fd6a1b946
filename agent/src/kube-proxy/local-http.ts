/** kube-proxy's own pages on this node. */
import { get } from 'node:http';

/** Resolves to the body of a 200 (or, for health, 503) answer, undefined for everything else. */
export type FetchLocal = (port: number, path: string) => Promise<string | undefined>;

/** Asks 127.0.0.1, and ::1 for a kube-proxy that binds to IPv6 only. Gives up after a second. */
export const fetchLocal: FetchLocal = async (port, path) =>
  (await fetchFrom('127.0.0.1', port, path)) ?? (await fetchFrom('::1', port, path));

function fetchFrom(host: string, port: number, path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = get({ host, port, path, timeout: 1000, agent: false }, (response) => {
      const pieces: string[] = [];
      response.setEncoding('utf8');
      response.on('data', (piece: string) => pieces.push(piece));
      response.on('error', () => resolve(undefined));
      response.on('end', () => {
        const useful = response.statusCode === 200 || response.statusCode === 503;
        resolve(useful ? pieces.join('') : undefined);
      });
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
  });
}
