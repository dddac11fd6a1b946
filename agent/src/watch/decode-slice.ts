/** From an EndpointSlice to the record that the calculators read. */
import type { KubeObject } from '@margay/lib/objects';
import type { Family } from '../calc/ip.ts';
import { addressBytes, isUsableUnicast, parseAddress } from '../calc/ip.ts';
import type { EndpointHints, SlicePort, SliceRecord } from '../calc/records.ts';
import { ENDPOINT } from '../calc/records.ts';
import { isPort, orNone, protocolOf } from './decode-service.ts';

interface Endpoint {
  readonly addresses?: readonly string[];
  readonly conditions?: {
    readonly ready?: boolean | null;
    readonly serving?: boolean | null;
    readonly terminating?: boolean | null;
  };
  readonly nodeName?: string;
  readonly hints?: {
    readonly forZones?: readonly { readonly name: string }[];
    readonly forNodes?: readonly { readonly name: string }[];
  };
}

interface EndpointSlice extends KubeObject {
  readonly addressType?: string;
  readonly endpoints?: readonly Endpoint[] | null;
  readonly ports?:
    | readonly {
        readonly name?: string | null;
        readonly protocol?: string | null;
        readonly port?: number | null;
      }[]
    | null;
}

const FAMILIES: Readonly<Record<string, Family>> = { IPv4: 4, IPv6: 6 };

function portsOf(slice: EndpointSlice, problems: string[]): readonly SlicePort[] {
  return (slice.ports ?? []).flatMap(({ name, protocol, port }) => {
    const number = protocolOf(protocol ?? undefined);
    if (number !== undefined && isPort(port)) return [{ name: name ?? '', protocol: number, port }];
    // A port without a number stands for all ports; no proxy can serve that.
    if (port !== null && port !== undefined)
      problems.push(`port ${protocol ?? 'TCP'} ${port} is none that can be served`);
    return [];
  });
}

/** Absent means ready, serving, and not terminating (discovery/v1). */
function flagsOf({ conditions, nodeName }: Endpoint, ownNode: string): number {
  const bits: readonly [boolean, number][] = [
    [conditions?.ready ?? true, ENDPOINT.READY],
    [conditions?.serving ?? true, ENDPOINT.SERVING],
    [conditions?.terminating ?? false, ENDPOINT.TERMINATING],
    [nodeName === ownNode, ENDPOINT.LOCAL],
  ];
  return bits.reduce((flags, [holds, bit]) => (holds ? flags | bit : flags), 0);
}

function hintsOf({ hints }: Endpoint): EndpointHints | undefined {
  const zones = hints?.forZones?.map(({ name }) => name) ?? [];
  const nodes = hints?.forNodes?.map(({ name }) => name) ?? [];
  return zones.length + nodes.length === 0 ? undefined : { zones, nodes };
}

/** The first address of each endpoint, as kube-proxy does; the others must be interchangeable. */
function usable(
  slice: EndpointSlice,
  family: Family,
  problems: string[],
): { endpoint: Endpoint; bytes: Uint8Array }[] {
  return (slice.endpoints ?? []).flatMap((endpoint) => {
    const text = endpoint.addresses?.[0] ?? '';
    const bytes = parseAddress(text);
    if (bytes?.length === addressBytes(family) && isUsableUnicast(bytes)) return [{ endpoint, bytes }];
    problems.push(`endpoint address "${text}" is no IPv${family} address that can be served`);
    return [];
  });
}

function packed(endpoints: readonly { readonly bytes: Uint8Array }[], size: number): Uint8Array {
  const addresses = new Uint8Array(endpoints.length * size);
  endpoints.forEach(({ bytes }, i) => addresses.set(bytes, i * size));
  return addresses;
}

/** Undefined for a slice without a Service, or of an address type that is no family. */
export function decodeSlice(object: KubeObject, ownNode: string): SliceRecord | undefined {
  const slice = object as EndpointSlice;
  const { name = '', namespace = '', labels = {} } = object.metadata ?? {};
  const service = labels['kubernetes.io/service-name'];
  const family = FAMILIES[slice.addressType ?? ''];
  if (service === undefined || service === '' || family === undefined) return undefined;
  const problems: string[] = [];
  const endpoints = usable(slice, family, problems);
  const hints = endpoints.map(({ endpoint }) => hintsOf(endpoint));
  return {
    name,
    service: `${namespace}/${service}`,
    family,
    ports: portsOf(slice, problems),
    addresses: packed(endpoints, addressBytes(family)),
    flags: Uint8Array.from(endpoints, ({ endpoint }) => flagsOf(endpoint, ownNode)),
    ...(hints.some((hint) => hint !== undefined) ? { hints } : {}),
    problems: orNone(problems),
  };
}
