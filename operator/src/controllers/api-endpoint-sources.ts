/** Where the API servers' addresses may be found. Pure, but for what is handed in. */
import type { Endpoint } from '@margay/lib/endpoint';
import { endpointOfUrl, formatEndpoint, sameEndpoint } from '@margay/lib/endpoint';
import { parse } from 'yaml';

/** `status.apiServer.source`. */
export type EndpointSource = 'ConfigMap' | 'KubeProxyConfig' | 'ClusterInfo' | 'EndpointSlice';

/** Addresses from one source, not tried yet. */
export interface Candidate {
  readonly source: EndpointSource;
  readonly endpoints: readonly Endpoint[];
}

interface KubeConfigText {
  readonly clusters?: readonly { readonly cluster?: { readonly server?: string } }[];
}

/** The servers of a kubeconfig's text; none when it is no kubeconfig. */
export function serversOf(text: string): readonly Endpoint[] {
  try {
    const config = parse(text) as KubeConfigText | null;
    const servers = (config?.clusters ?? []).flatMap((entry) => entry.cluster?.server ?? []);
    return servers.map(endpointOfUrl);
  } catch {
    return [];
  }
}

/** The servers in any entry of a ConfigMap that is a kubeconfig. */
export function serversInMap(data: Readonly<Record<string, string>>): readonly Endpoint[] {
  return unique(Object.values(data).flatMap(serversOf));
}

/** Each endpoint once, in order. */
export function unique(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  return endpoints.filter((e, i) => endpoints.findIndex((other) => sameEndpoint(e, other)) === i);
}

/** Each as text, for messages. */
export function list(endpoints: readonly Endpoint[]): string {
  return endpoints.map(formatEndpoint).join(', ');
}
