/** From a Service to the record that the calculators read. */
import type { KubeObject } from '@margay/lib/objects';
import { keyOf } from '@margay/lib/watch-store';
import { formatAddress, formatCidr, isUsableUnicast, parseAddress, parseCidr } from '../calc/ip.ts';
import type { ServicePortRecord, ServiceRecord, ServiceTraits } from '../calc/records.ts';
import { PROTOCOL } from '../calc/records.ts';

/** Another proxy serves Services with this label (KEP-2447). */
const OTHER_PROXY = 'service.kubernetes.io/service-proxy-name';
/** Endpoints of a headless Service carry it; kube-proxy passes such Services over, too. */
const HEADLESS = 'service.kubernetes.io/headless';

interface Ingress {
  readonly ip?: string;
  readonly ipMode?: string;
}

interface Service extends KubeObject {
  readonly spec?: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly clusterIPs?: readonly string[];
    readonly externalIPs?: readonly string[];
    readonly ports?: readonly { name?: string; protocol?: string; port?: number; nodePort?: number }[];
    readonly sessionAffinity?: string;
    readonly sessionAffinityConfig?: { readonly clientIP?: { readonly timeoutSeconds?: number } };
    readonly externalTrafficPolicy?: string;
    readonly internalTrafficPolicy?: string;
    readonly loadBalancerSourceRanges?: readonly string[];
    readonly healthCheckNodePort?: number;
  };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly Ingress[] } };
}

/** True for a port number that a Service or an endpoint can have. */
export function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65536;
}

/** IPPROTO_* by the name that Kubernetes uses; absent means TCP. */
export function protocolOf(name: string | undefined): number | undefined {
  return PROTOCOL[(name ?? 'TCP') as keyof typeof PROTOCOL];
}

function clusterAddresses({ clusterIP, clusterIPs }: NonNullable<Service['spec']>): readonly string[] {
  const all = clusterIPs !== undefined && clusterIPs.length > 0 ? clusterIPs : [clusterIP ?? ''];
  return all.filter((ip) => ip !== '' && ip !== 'None');
}

/** Most Services have neither external addresses nor traits nor problems: all share what says so. */
const NONE: readonly never[] = Object.freeze([]);
const PLAIN: ServiceTraits = Object.freeze({});

/** The list, or the one that all empty lists share. */
export function orNone<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NONE : list;
}

function addresses(texts: readonly string[], what: string, problems: string[]): readonly string[] {
  if (texts.length === 0) return NONE;
  return texts.flatMap((text) => {
    const bytes = parseAddress(text.trim());
    if (bytes !== undefined && isUsableUnicast(bytes)) return [formatAddress(bytes)];
    if (text.trim() !== '') problems.push(`${what} ${text} is no address that can be served`);
    return [];
  });
}

function portsOf(spec: NonNullable<Service['spec']>, problems: string[]): readonly ServicePortRecord[] {
  return (spec.ports ?? []).flatMap(({ name = '', protocol, port, nodePort = 0 }) => {
    const number = protocolOf(protocol);
    if (number !== undefined && isPort(port)) {
      return [{ name, protocol: number, port, nodePort: isPort(nodePort) ? nodePort : 0 }];
    }
    problems.push(
      `port ${name || String(port)}: ${protocol ?? 'TCP'} ${String(port)} is no port that can be served`,
    );
    return [];
  });
}

/** A range of everything is no restriction of its family, and one that does not parse restricts nothing in kube-proxy either. */
function sourceRanges(texts: readonly string[], problems: string[]): readonly string[] {
  const parsed = texts.flatMap((text) => {
    const cidr = parseCidr(text);
    if (cidr === undefined) problems.push(`loadBalancerSourceRanges: ${text} is no CIDR`);
    return cidr ?? [];
  });
  const open = new Set(parsed.filter(({ prefix }) => prefix === 0).map(({ family }) => family));
  return [...new Set(parsed.filter(({ family }) => !open.has(family)).map(formatCidr))].sort();
}

/** The API server writes this one into every Service that names none. */
const DEFAULT_AFFINITY_SECONDS = 10_800;

function policies(
  spec: NonNullable<Service['spec']>,
): Pick<ServiceTraits, 'externalLocal' | 'internalLocal'> {
  return {
    ...(spec.externalTrafficPolicy === 'Local' ? { externalLocal: true } : {}),
    ...(spec.internalTrafficPolicy === 'Local' ? { internalLocal: true } : {}),
  };
}

function traitsOf(spec: NonNullable<Service['spec']>, problems: string[]): ServiceTraits {
  const affinitySeconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? DEFAULT_AFFINITY_SECONDS;
  const ranges = sourceRanges(spec.loadBalancerSourceRanges ?? [], problems);
  const traits: ServiceTraits = {
    ...policies(spec),
    ...(spec.sessionAffinity === 'ClientIP' ? { affinitySeconds } : {}),
    ...(isPort(spec.healthCheckNodePort) ? { healthCheckNodePort: spec.healthCheckNodePort } : {}),
    ...(ranges.length > 0 ? { sourceRanges: ranges } : {}),
  };
  return Object.keys(traits).length === 0 ? PLAIN : traits;
}

function virtualAddresses(service: Service): readonly string[] {
  return (service.status?.loadBalancer?.ingress ?? []).flatMap(({ ip, ipMode }) =>
    ip !== undefined && (ipMode ?? 'VIP') === 'VIP' ? [ip] : [],
  );
}

function isForUs(service: Service): boolean {
  const labels = service.metadata?.labels ?? {};
  return !(OTHER_PROXY in labels) && !(HEADLESS in labels) && service.spec?.type !== 'ExternalName';
}

/** Undefined for a Service that no kube-proxy serves: headless, ExternalName, or with another proxy's name. */
export function decodeService(object: KubeObject): ServiceRecord | undefined {
  const service = object as Service;
  const { spec } = service;
  if (spec === undefined || !isForUs(service)) return undefined;
  const own = clusterAddresses(spec);
  if (own.length === 0) return undefined;
  const problems: string[] = [];
  return {
    key: keyOf(object),
    created: Date.parse(object.metadata?.creationTimestamp ?? '') || 0,
    clusterIPs: addresses(own, 'cluster address', problems),
    externalIPs: addresses(spec.externalIPs ?? [], 'external address', problems),
    loadBalancerIPs: addresses(virtualAddresses(service), 'load balancer address', problems),
    ports: portsOf(spec, problems),
    traits: traitsOf(spec, problems),
    problems: orNone(problems),
  };
}
