/** Services of every kind that kube-proxy writes rules for in a way of its own, and what must be found of them. */
import type { FrontendRef } from '../../ports.ts';

/** The node that the recorded and tested kube-proxy runs on. */
export const nodeName = 'n1';

interface ServicePort {
  readonly name: string;
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
  readonly nodePort?: number;
}

interface Sample {
  readonly name: string;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly ports: readonly ServicePort[];
  /** Nodes of the endpoints. */
  readonly endpointsOn: readonly string[];
  readonly clusterIPs: readonly [string, string];
  readonly loadBalancer?: string;
  readonly externalIP?: string;
}

const http: ServicePort = { name: 'http', protocol: 'TCP', port: 80 };

const samples: readonly Sample[] = [
  { name: 'plain', ports: [http], endpointsOn: ['n1', 'n2'], clusterIPs: ['10.96.0.21', 'fd00:10:96::21'] },
  {
    name: 'dns',
    ports: [
      { name: 'udp', protocol: 'UDP', port: 53 },
      { name: 'tcp', protocol: 'TCP', port: 53 },
    ],
    endpointsOn: ['n2'],
    clusterIPs: ['10.96.0.22', 'fd00:10:96::22'],
  },
  {
    name: 'node-port',
    spec: { type: 'NodePort' },
    ports: [{ ...http, nodePort: 30080 }],
    endpointsOn: ['n1', 'n2'],
    clusterIPs: ['10.96.0.23', 'fd00:10:96::23'],
  },
  {
    name: 'empty',
    spec: { type: 'NodePort' },
    ports: [{ ...http, nodePort: 30081 }],
    endpointsOn: [],
    clusterIPs: ['10.96.0.24', 'fd00:10:96::24'],
  },
  {
    name: 'elsewhere',
    spec: { type: 'NodePort', externalTrafficPolicy: 'Local', internalTrafficPolicy: 'Local' },
    ports: [{ ...http, nodePort: 30082 }],
    endpointsOn: ['n2'],
    clusterIPs: ['10.96.0.25', 'fd00:10:96::25'],
  },
  {
    name: 'balanced',
    spec: {
      type: 'LoadBalancer',
      loadBalancerSourceRanges: ['198.51.100.0/24'],
      sessionAffinity: 'ClientIP',
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 30099,
    },
    ports: [{ ...http, nodePort: 30083 }],
    endpointsOn: ['n1', 'n2'],
    clusterIPs: ['10.96.0.26', 'fd00:10:96::26'],
    loadBalancer: '203.0.113.7',
  },
  {
    name: 'outside',
    ports: [http],
    endpointsOn: ['n1'],
    clusterIPs: ['10.96.0.27', 'fd00:10:96::27'],
    externalIP: '203.0.113.8',
  },
];

function service(sample: Sample): unknown {
  const spec = {
    clusterIP: sample.clusterIPs[0],
    clusterIPs: sample.clusterIPs,
    ipFamilyPolicy: 'RequireDualStack',
    ports: sample.ports,
    ...(sample.externalIP === undefined ? {} : { externalIPs: [sample.externalIP] }),
    ...sample.spec,
  };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: sample.name, namespace: 'shop' }, spec };
}

function slice(sample: Sample, index: number, family: 4 | 6): unknown {
  const address = (i: number): string =>
    family === 4 ? `10.244.${i + 1}.${index + 10}` : `fd00:10:244:${i + 1}::${index + 10}`;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${sample.name}-v${family}`,
      namespace: 'shop',
      labels: { 'kubernetes.io/service-name': sample.name },
    },
    addressType: `IPv${family}`,
    ports: sample.ports.map((p) => ({ name: p.name, protocol: p.protocol, port: 8000 + p.port })),
    endpoints: sample.endpointsOn.map((node, i) => ({
      addresses: [address(i)],
      nodeName: node,
      conditions: { ready: true },
    })),
  };
}

/** Namespace, Services and EndpointSlices, for `kubectl apply -f -`. */
export function objects(): string {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
  const items = samples.flatMap((s, i) => [
    service(s),
    ...(s.endpointsOn.length === 0 ? [] : [slice(s, i, 4), slice(s, i, 6)]),
  ]);
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [namespace, ...items] });
}

/** Names and contents of the statuses that a cloud would write. */
export function statuses(): readonly { readonly name: string; readonly patch: string }[] {
  return samples.flatMap(({ name, loadBalancer }) =>
    loadBalancer === undefined
      ? []
      : [{ name, patch: JSON.stringify({ status: { loadBalancer: { ingress: [{ ip: loadBalancer }] } } }) }],
  );
}

/** Every frontend of the samples, as the agent's calculation names them. */
export function frontends(): FrontendRef[] {
  const number = { TCP: 6, UDP: 17 } as const;
  return samples.flatMap((sample) =>
    sample.ports.flatMap((port) => {
      const name = `shop/${sample.name}:${port.name}`;
      const protocol = number[port.protocol];
      const hasEndpoints = sample.endpointsOn.length > 0;
      const outside = [sample.loadBalancer, sample.externalIP].filter((a) => a !== undefined);
      const common = { name, protocol, hasEndpoints };
      const families = [4, 6] as const;
      return [
        ...sample.clusterIPs.map((address, i) => ({
          ...common,
          address,
          port: port.port,
          family: i === 0 ? (4 as const) : (6 as const),
        })),
        ...outside.map((address) => ({ ...common, address, port: port.port, family: 4 as const })),
        ...families.flatMap((family) =>
          port.nodePort === undefined ? [] : [{ ...common, port: port.nodePort, family }],
        ),
      ];
    }),
  );
}
