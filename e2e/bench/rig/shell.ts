/** The network of one variant, as the script that makes it. Pure. */

/** Which variant, and where it reaches the API server. */
export interface VariantPlace {
  /** Names of network namespaces and of interfaces in the control plane's namespace begin so. */
  readonly prefix: string;
  /** The control plane's namespace and the API server's address. */
  readonly controlPlane: string;
  readonly server: string;
  /** Third number of the links to the control plane: two a variant. */
  readonly link: number;
}

/** Every variant has the same addresses in namespaces of its own, so that one set of Services fits all. */
export const ADDRESS = {
  node: { n1: '10.252.0.1', n2: '10.252.0.2' },
  podCidr: { n1: '10.244.1.0/24', n2: '10.244.2.0/24' },
  client: '10.244.1.5',
  near: '10.244.1.6',
  /** The server on the other node has one address for each endpoint of a Service. */
  far: ['10.244.2.5', '10.244.2.6', '10.244.2.7', '10.244.2.8', '10.244.2.9'],
} as const;

export type NodeName = 'n1' | 'n2';
const NODES = ['n1', 'n2'] as const;

/** Pods by name: the client, a server on its node, a server on the other one. */
export const PODS = {
  client: { node: 'n1', addresses: [ADDRESS.client] },
  near: { node: 'n1', addresses: [ADDRESS.near] },
  far: { node: 'n2', addresses: ADDRESS.far },
} as const satisfies Record<string, { node: NodeName; addresses: readonly string[] }>;
export type PodName = keyof typeof PODS;

/** Namespaces of a variant, the switch first. */
export function namespacesOf(prefix: string): readonly string[] {
  return ['sw', ...NODES, ...Object.keys(PODS)].map((name) => `${prefix}-${name}`);
}

function nodeLines({ prefix, controlPlane, server, link }: VariantPlace, node: NodeName): string[] {
  const index = NODES.indexOf(node);
  const other = NODES[1 - index] ?? 'n1';
  const ns = `${prefix}-${node}`;
  const net = `10.253.${link + index}`;
  return [
    `ip link add ${node} netns ${prefix}-sw type veth peer name eth0 netns ${ns}`,
    `ip -n ${prefix}-sw link set ${node} master br0 up`,
    `ip -n ${ns} link set eth0 up`,
    `ip -n ${ns} address add ${ADDRESS.node[node]}/24 dev eth0`,
    `ip -n ${ns} route add ${ADDRESS.podCidr[other]} via ${ADDRESS.node[other]}`,
    `ip link add ${ns} netns ${controlPlane} type veth peer name api netns ${ns}`,
    `ip -n ${controlPlane} address add ${net}.1/24 dev ${ns}`,
    `ip -n ${controlPlane} link set ${ns} up`,
    `ip -n ${ns} address add ${net}.2/24 dev api`,
    `ip -n ${ns} link set api up`,
    `ip -n ${ns} route add ${server}/32 via ${net}.1`,
    `nsenter --net=/run/netns/${ns} sysctl -qw net.ipv4.ip_forward=1`,
  ];
}

function podLines(prefix: string, pod: PodName): string[] {
  const { node, addresses } = PODS[pod];
  const gateway = node === 'n1' ? '10.244.1.1' : '10.244.2.1';
  const [host, ns] = [`${prefix}-${node}`, `${prefix}-${pod}`];
  return [
    `ip -n ${host} link add pod-${pod} type veth peer name eth0 netns ${ns}`,
    `ip -n ${host} link set pod-${pod} up`,
    `ip -n ${host} address add ${gateway}/32 dev pod-${pod}`,
    `ip -n ${ns} link set eth0 up`,
    ...addresses.flatMap((address) => [
      `ip -n ${ns} address add ${address}/32 dev eth0`,
      `ip -n ${host} route add ${address}/32 dev pod-${pod} scope host`,
    ]),
    `ip -n ${ns} route add ${gateway} dev eth0 scope link`,
    `ip -n ${ns} route add default via ${gateway}`,
    // Many short connections from one client: its ports may be used again after a second.
    `nsenter --net=/run/netns/${ns} sysctl -qw net.ipv4.tcp_tw_reuse=1`,
  ];
}

/** The script that makes the two nodes of a variant, their pods, and their links to the control plane. */
export function networkScript(place: VariantPlace): string {
  const pods = Object.keys(PODS) as PodName[];
  return [
    ...namespacesOf(place.prefix).flatMap((name) => [`ip netns add ${name}`, `ip -n ${name} link set lo up`]),
    `ip -n ${place.prefix}-sw link add br0 type bridge`,
    `ip -n ${place.prefix}-sw link set br0 up`,
    ...NODES.flatMap((node) => nodeLines(place, node)),
    ...pods.flatMap((pod) => podLines(place.prefix, pod)),
  ].join('\n');
}

/** What may differ between links. */
export interface LinkSettings {
  /** Bytes. */
  readonly mtu: number;
  /** Segmentation and coalescing, by the device or by the stack; checksums are left to the device always. */
  readonly offloads: boolean;
}

/** The script that sets every link of a variant, both ends. */
export function linkScript(prefix: string, { mtu, offloads }: LinkSettings): string {
  const pods = Object.entries(PODS);
  const ends = [
    ...NODES.map((node) => [`${prefix}-sw`, node]),
    ...NODES.map((node) => [`${prefix}-${node}`, 'eth0']),
    ...pods.map(([pod, { node }]) => [`${prefix}-${node}`, `pod-${pod}`]),
    ...pods.map(([pod]) => [`${prefix}-${pod}`, 'eth0']),
  ];
  const state = offloads ? 'on' : 'off';
  const features = ['tso', 'gso', 'gro'].map((feature) => `${feature} ${state}`).join(' ');
  return ends
    .flatMap(([ns, device]) => [
      `ip -n ${ns} link set ${device} mtu ${mtu}`,
      `nsenter --net=/run/netns/${ns} ethtool -K ${device} ${features}`,
    ])
    .join('\n');
}
