import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gatherEvidence, isParked } from '../demo/evidence.ts';
import { setBpfEnabled } from '../demo/installation.ts';
import { SAMPLE } from '../demo/sample.ts';
import { addressesOf, hostPort } from '../lab/address-plan.ts';
import { VERSIONS } from '../lab/binaries/recipe.ts';
import { OUTSIDE_PORTS } from '../lab/start.ts';
import { freshLab, guarded } from './support/cluster.ts';
import { attached, pinnedLinks, pins } from './support/kernel.ts';
import { underLoad } from './support/load.ts';
import { installed, ready, saveView } from './support/margay.ts';
import { condition, dataplanes, get, kubeProxyPods, type ServiceView } from './support/objects.ts';
import { httpGet, REFUSED, udpAsk, type Client } from './support/reach.ts';

// Nodes, pods and Services of both address families, on a cluster of their own: enabled, every kind of request, disabled.

const lab = await freshLab({ nodes: 2, families: 'dual' });
const [here, elsewhere] = lab.nodes;
assert.ok(here && elsewhere);

/** Each client is on (or next to) the first node. */
const CLIENTS: readonly (readonly [name: string, client: Client])[] = [
  ['a pod', { pod: 'client' }],
  ['a process of the host', 'node'],
  ['a client outside', 'outside'],
];

const FAMILIES = [4, 6] as const;
type Family = (typeof FAMILIES)[number];

/** One Service a node, with one pod there: whoever answers says where. */
const BACKENDS = [
  { where: 'this node', name: 'backend-here', node: here.name, nodePorts: [30190, 30191] },
  { where: 'another node', name: 'backend-elsewhere', node: elsewhere.name, nodePorts: [30192, 30193] },
] as const;
type Backend = (typeof BACKENDS)[number];

const PORTS = { TCP: 80, UDP: 81 } as const;
type Protocol = keyof typeof PORTS;
const PROTOCOLS = ['TCP', 'UDP'] as const;

/** How a Service can be asked for: its address and port. */
interface Kind {
  readonly name: string;
  readonly outside: boolean;
  readonly at: (of: Backend, protocol: Protocol, family: Family) => readonly [address: string, port: number];
}

const KINDS: readonly Kind[] = [
  {
    name: 'ClusterIP',
    outside: false,
    at: ({ name }, protocol, family) => [clusterIPs.get(name)?.[family === 4 ? 0 : 1] ?? '', PORTS[protocol]],
  },
  ...[here, elsewhere].map((node): Kind => ({
    name: `NodePort of ${node === here ? 'this node' : 'another node'}`,
    outside: true,
    at: ({ nodePorts }, protocol, family) => [
      addressesOf(node.site.address)[family === 4 ? 0 : 1] ?? '',
      nodePorts[PROTOCOLS.indexOf(protocol)] ?? 0,
    ],
  })),
];

/** Addresses of each Service, IPv4 first. */
const clusterIPs = new Map<string, readonly string[]>();

test(
  'F2: a dual-stack cluster is taken over: both families on every node, and kube-proxy parked everywhere',
  guarded(lab, async () => {
    await installed(lab);
    await lab.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects() }));
    const pods = ['client', ...BACKENDS.map(({ name }) => name)].map((name) => `pod/${name}`);
    await lab.kubectl(['wait', '-n', SAMPLE.namespace, ...pods, '--for=condition=Ready', '--timeout=60s']);
    for (const { name } of BACKENDS) {
      const { spec } = await get<ServiceView>(lab, ['service', '-n', SAMPLE.namespace, name]);
      assert.deepEqual(
        spec.clusterIPs.map((ip) => ip.includes(':')),
        [false, true],
        name,
      );
      clusterIPs.set(name, spec.clusterIPs);
    }
    await saveView(lab, 'dual-stack');
    await servedByBpf();
  }),
);

for (const family of FAMILIES) {
  for (const [who, client] of CLIENTS) {
    for (const kind of KINDS.filter(({ outside }) => outside || client !== 'outside')) {
      test(
        `F2 S1: IPv${family}: ${who}, ${kind.name}: TCP and UDP, backend here and elsewhere`,
        guarded(lab, () => everyBackend(client, kind, family)),
      );
    }
  }
}

for (const family of FAMILIES) {
  test(
    `F2 S4: IPv${family}: a backend on the NodePort's own node sees the client's address`,
    guarded(lab, async () => {
      const address = addressesOf(here.site.address)[family === 4 ? 0 : 1] ?? '';
      const url = `http://${hostPort(address, BACKENDS[0].nodePorts[0])}/clientip`;
      const client = addressesOf(lab.plan.outside)[family === 4 ? 0 : 1] ?? '';
      assert.equal(withoutPort(await httpGet(lab, 'outside', url)), client);
    }),
  );

  test(
    `F2 S8: IPv${family}: a Service without endpoints refuses at once`,
    guarded(lab, async () => {
      const { spec } = await get<ServiceView>(lab, ['service', '-n', SAMPLE.namespace, 'empty']);
      const url = `http://${hostPort(spec.clusterIPs[family === 4 ? 0 : 1] ?? '', 80)}/`;
      for (const [who, client] of CLIENTS.filter(([, one]) => one !== 'outside'))
        assert.equal(await httpGet(lab, client, url), REFUSED, who);
    }),
  );

  test(
    `F2 F1: IPv${family}: a pod reaches the world with its node's address`,
    guarded(lab, async () => {
      const beyond = addressesOf(lab.plan.beyond)[family === 4 ? 0 : 1] ?? '';
      const url = `http://${hostPort(beyond, OUTSIDE_PORTS.http)}/clientip`;
      const seen = withoutPort(await httpGet(lab, { pod: 'client' }, url));
      assert.equal(seen, addressesOf(here.site.address)[family === 4 ? 0 : 1]);
    }),
  );
}

test(
  'F2 O4: back to kube-proxy with load on both families, and no request lost',
  guarded(lab, async () => {
    await underLoad(lab, async () => {
      await sleep(1000);
      await setBpfEnabled(lab, false);
      await ready(lab);
      await sleep(2000);
    });
    assert.equal((await kubeProxyPods(lab)).length, lab.nodes.length);
    for (const node of lab.nodes) {
      assert.deepEqual(await pins(node), [], node.name);
      assert.deepEqual(await attached(node), [], node.name);
    }
    for (const family of FAMILIES) for (const kind of KINDS) await everyBackend('node', kind, family);
  }),
);

test(
  'F2 O4: to eBPF again with load on both families, and no request lost',
  guarded(lab, async () => {
    await underLoad(lab, async () => {
      await setBpfEnabled(lab, true);
      await ready(lab);
      await sleep(3000);
    });
    await servedByBpf();
  }),
);

/** Both families' programs at every hook of every node, evidence for them, and nothing of kube-proxy's left. */
async function servedByBpf(): Promise<void> {
  assert.deepEqual(await kubeProxyPods(lab), []);
  for (const evidence of await gatherEvidence(lab))
    assert.ok(isParked(evidence) && evidence.complete, JSON.stringify(evidence));
  for (const [name, node] of await dataplanes(lab))
    assert.equal(condition(node, 'ServicesProgrammed')?.status, 'True', name);
  for (const node of lab.nodes) {
    // Some of IPv4's are at the hooks of IPv6 sockets, which may speak it: those have no counterpart.
    const links = (await pinnedLinks(node))
      .map(({ path }) => path)
      .filter((path) => !path.includes('_mapped'));
    const of = (family: Family): string[] =>
      links.filter((path) => path.endsWith(String(family))).map((path) => path.slice(0, -1));
    assert.ok(
      of(6).some((path) => path.endsWith('cgroup-connect')),
      node.name,
    );
    assert.deepEqual(of(6), of(4), node.name);
  }
}

/** All four combinations; the answer names the pod, so that a wrong one is no answer. */
async function everyBackend(client: Client, kind: Kind, family: Family): Promise<void> {
  for (const backend of BACKENDS) {
    for (const protocol of PROTOCOLS) {
      const [address, port] = kind.at(backend, protocol, family);
      const answer =
        protocol === 'TCP'
          ? await httpGet(lab, client, `http://${hostPort(address, port)}/hostname`)
          : await udpAsk(lab, client, address, port);
      assert.equal(
        answer,
        backend.name,
        `${protocol} to ${address} port ${port}, backend on ${backend.where}`,
      );
    }
  }
}

/** Of `[fd00::1]:40000` or `10.0.0.1:40000`. */
function withoutPort(text: string): string {
  return text.slice(0, text.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1');
}

function objects(): object[] {
  return [
    pod('client', here?.name ?? ''),
    ...BACKENDS.flatMap(({ name, node, nodePorts }) => [
      pod(name, node),
      service(name, {
        type: 'NodePort',
        ports: PROTOCOLS.map((protocol, i) => ({
          name: protocol.toLowerCase(),
          protocol,
          port: PORTS[protocol],
          targetPort: protocol === 'TCP' ? 8080 : 8081,
          nodePort: nodePorts[i],
        })),
      }),
    ]),
    service('empty', { ports: [{ port: 80 }] }),
  ];
}

function service(name: string, spec: object): object {
  const metadata = { namespace: SAMPLE.namespace, name };
  const families = { ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv4', 'IPv6'] };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { ...families, selector: { app: name }, ...spec },
  };
}

function pod(name: string, nodeName: string): object {
  const image = `registry.k8s.io/e2e-test-images/agnhost:${VERSIONS.agnhost}`;
  const readinessProbe = { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 1 };
  const args = ['netexec', '--http-port=8080', '--udp-port=8081'];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: SAMPLE.namespace, name, labels: { app: name } },
    spec: {
      nodeName,
      terminationGracePeriodSeconds: 0,
      containers: [{ name: 'web', image, args, readinessProbe }],
    },
  };
}
