/** The Services that are measured, and those that are there to be many. Pure. */
import { ADDRESS } from '../rig/shell.ts';

/** Endpoints a Service. */
export const ENDPOINTS = 5;

/** ClusterIP of Service number `index` (from 0, below 60,000), in 10.96.16.0 and up. */
export function clusterIP(index: number): string {
  return `10.96.${16 + Math.floor(index / 256)}.${index % 256}`;
}

/** First, middle and last of `count` Services: those that lead to real servers. */
export function measured(count: number): readonly number[] {
  return [0, Math.floor(count / 2), count - 1];
}

/** Name of a Service and of its one EndpointSlice. */
export function serviceName(index: number): string {
  return `bench-${String(index).padStart(5, '0')}`;
}

/** Endpoints of a Service that only has to exist: addresses that are nobody's, all different. */
export function idleEndpoints(index: number): readonly string[] {
  return Array.from({ length: ENDPOINTS }, (_, i) => {
    const at = index * ENDPOINTS + i;
    return `10.${200 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}`;
  });
}

/** The Service object. */
export function serviceObject(index: number): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: serviceName(index), namespace: 'default' },
    spec: { clusterIP: clusterIP(index), ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
  };
}

/** Its EndpointSlice. */
export function sliceObject(index: number, addresses: readonly string[]): object {
  const name = serviceName(index);
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace: 'default', labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
    endpoints: addresses.map((address, i) => ({
      addresses: [address],
      nodeName: 'n2',
      conditions: { ready: true, serving: true, terminating: false },
      targetRef: { kind: 'Pod', namespace: 'default', name: `${name}-${i}` },
    })),
  };
}

/** Endpoints of Service `index` of `count`. */
export function endpointsOf(index: number, count: number): readonly string[] {
  return measured(count).includes(index) ? ADDRESS.far : idleEndpoints(index);
}
