/** A cluster as the dataplane's tests need it: a few Services, and nothing else. */
import type { ServiceRecord } from '../../src/calc/records.ts';
import type { World } from '../../src/dataplane/content.ts';

/** A plain Service without endpoints, by its number. */
export function service(n: number): ServiceRecord {
  const ports = [{ name: '', protocol: 6, port: 80, nodePort: 0 }];
  const key = `default/s${String(n).padStart(4, '0')}`;
  return {
    key,
    created: 1,
    clusterIPs: [`10.96.${n >> 8}.${n & 255}`],
    externalIPs: [],
    loadBalancerIPs: [],
    ports,
    traits: {},
    problems: [],
  };
}

/** These Services and endpoints. */
export function worldOf(services: readonly ServiceRecord[], endpoints: World['endpoints'] = () => []): World {
  return {
    services: () => services.map((record) => [record.key, record]),
    slices: () => [],
    nodes: () => [],
    hostPorts: () => [],
    nodeFacts: () => ({ zone: '', addresses: ['192.0.2.1'], nodePortAddresses: {} }),
    localFacts: () => ({ addresses: [], podCidrs: [], excludeFromNat: [], ownFabric: true }),
    endpoints,
  };
}
