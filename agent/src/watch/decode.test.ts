import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '@margay/lib/objects';
import { formatAddress, parseAddress } from '../calc/ip.ts';
import { ENDPOINT } from '../calc/records.ts';
import { decodeNode } from './decode-node.ts';
import { decodePod } from './decode-pod.ts';
import { decodeService } from './decode-service.ts';
import { decodeSlice } from './decode-slice.ts';

const metadata = { name: 'web', namespace: 'default', creationTimestamp: '2026-01-02T03:04:05Z' };

function service(spec: object, more: object = {}): KubeObject {
  return { metadata, spec: { clusterIP: '10.96.0.1', ...spec }, ...more } as KubeObject;
}

describe('Services', () => {
  test('a plain one', () => {
    const record = decodeService(
      service({
        clusterIPs: ['10.96.0.1', 'FD00::1'],
        ports: [
          { name: 'http', port: 80, nodePort: 30080 },
          { name: 'dns', protocol: 'UDP', port: 53 },
        ],
        externalIPs: ['1.2.3.4'],
      }),
    );
    assert.deepEqual(record, {
      key: 'default/web',
      created: Date.UTC(2026, 0, 2, 3, 4, 5),
      clusterIPs: ['10.96.0.1', 'fd00::1'],
      externalIPs: ['1.2.3.4'],
      loadBalancerIPs: [],
      ports: [
        { name: 'http', protocol: 6, port: 80, nodePort: 30080 },
        { name: 'dns', protocol: 17, port: 53, nodePort: 0 },
      ],
      traits: {},
      problems: [],
    });
  });

  const others: [string, KubeObject][] = [
    ['headless', service({ clusterIP: 'None' })],
    ['headless by list', service({ clusterIPs: ['None'] })],
    ['without an address yet', service({ clusterIP: '' })],
    ['ExternalName', service({ type: 'ExternalName' })],
    [
      'of another proxy',
      {
        ...service({}),
        metadata: { ...metadata, labels: { 'service.kubernetes.io/service-proxy-name': 'x' } },
      },
    ],
  ];
  for (const [what, object] of others) {
    test(`${what} is left alone`, () => assert.equal(decodeService(object), undefined));
  }

  test('only load balancer addresses of mode VIP count', () => {
    const ingress = [
      { ip: '5.6.7.8' },
      { ip: '5.6.7.9', ipMode: 'Proxy' },
      { hostname: 'x' },
      { ip: '5.6.7.10', ipMode: 'VIP' },
    ];
    const record = decodeService(service({}, { status: { loadBalancer: { ingress } } }));
    assert.deepEqual(record?.loadBalancerIPs, ['5.6.7.8', '5.6.7.10']);
  });

  test('what is asked for beside addresses', () => {
    const asked = {
      sessionAffinity: 'ClientIP',
      externalTrafficPolicy: 'Local',
      internalTrafficPolicy: 'Local',
    };
    const record = decodeService(service({ ...asked, loadBalancerSourceRanges: [' 10.1.2.3/8 '] }));
    assert.deepEqual(record?.traits, {
      affinitySeconds: 10_800,
      externalLocal: true,
      internalLocal: true,
      sourceRanges: ['10.0.0.0/8'],
    });
    assert.deepEqual(decodeService(service({ healthCheckNodePort: 32000 }))?.traits, {
      healthCheckNodePort: 32000,
    });
    const sessionAffinityConfig = { clientIP: { timeoutSeconds: 7 } };
    const brief = decodeService(service({ sessionAffinity: 'ClientIP', sessionAffinityConfig }));
    assert.deepEqual(brief?.traits, { affinitySeconds: 7 });
  });

  test('source ranges: each family by itself, in one order, without doubles; nonsense restricts nothing', () => {
    const of = (...loadBalancerSourceRanges: string[]) =>
      decodeService(service({ loadBalancerSourceRanges }));
    assert.deepEqual(of('10.0.0.0/8', '0.0.0.0/0')?.traits, {});
    const restricted = of('fd00::/64', '0.0.0.0/0', '10.0.0.0/8', 'fd00::1/64');
    assert.deepEqual(restricted?.traits.sourceRanges, ['fd00::/64']);
    const broken = of('10.0.0.0/33');
    assert.deepEqual(broken?.traits, {});
    assert.match(broken.problems.join(), /10\.0\.0\.0\/33 is no CIDR/);
  });

  test('nonsense is left out and named, the rest is served', () => {
    const record = decodeService(
      service({
        externalIPs: ['127.0.0.1', 'x', '1.2.3.4', ''],
        ports: [{ port: 0 }, { port: 80, protocol: 'ICMP' }, { port: 81 }],
      }),
    );
    assert.deepEqual(record?.externalIPs, ['1.2.3.4']);
    assert.deepEqual(
      record.ports.map(({ port }) => port),
      [81],
    );
    assert.equal(record.problems.length, 4);
    assert.match(record.problems[0] ?? '', /127\.0\.0\.1/);
  });
});

describe('EndpointSlices', () => {
  const slice = (more: object): KubeObject =>
    ({
      metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'web' } },
      addressType: 'IPv4',
      ports: [{ name: 'http', port: 8080 }],
      ...more,
    }) as KubeObject;

  test('conditions, node and hints', () => {
    const endpoints = [
      { addresses: ['10.244.1.5', '10.244.1.6'], nodeName: 'n1', conditions: {} },
      {
        addresses: ['10.244.2.5'],
        nodeName: 'n2',
        conditions: { ready: false, serving: true, terminating: true },
      },
      {
        addresses: ['10.244.2.6'],
        conditions: { ready: true, serving: null },
        hints: { forZones: [{ name: 'z' }] },
      },
    ];
    const record = decodeSlice(slice({ endpoints }), 'n1');
    const { READY, SERVING, TERMINATING, LOCAL } = ENDPOINT;
    assert.deepEqual(
      [...(record?.flags ?? [])],
      [READY | SERVING | LOCAL, SERVING | TERMINATING, READY | SERVING],
    );
    assert.equal(formatAddress(record?.addresses.subarray(4, 8) ?? new Uint8Array()), '10.244.2.5');
    assert.deepEqual(record?.hints, [undefined, undefined, { zones: ['z'], nodes: [] }]);
    assert.equal(record.service, 'default/web');
  });

  test('an address of the wrong family is left out and named', () => {
    const endpoints = [
      { addresses: ['fd00::1'] },
      { addresses: ['10.244.1.5'] },
      {},
      { addresses: ['0.0.0.0'] },
    ];
    const record = decodeSlice(slice({ endpoints }), 'n1');
    assert.equal(record?.flags.length, 1);
    assert.equal(record.problems.length, 3);
    assert.match(record.problems[0] ?? '', /fd00::1/);
  });

  test('ports out of range are left out and named; a port for everything is left out', () => {
    const record = decodeSlice(
      slice({ ports: [{ port: 70000 }, { port: null }, { name: 'a', port: 1 }] }),
      'n1',
    );
    assert.deepEqual(record?.ports, [{ name: 'a', protocol: 6, port: 1 }]);
    assert.equal(record.problems.length, 1);
  });

  test('a slice of names, or of no Service, is none of ours', () => {
    assert.equal(decodeSlice(slice({ addressType: 'FQDN' }), 'n1'), undefined);
    assert.equal(decodeSlice({ ...slice({}), metadata }, 'n1'), undefined);
  });
});

test('a Node', () => {
  const labels = { 'topology.kubernetes.io/zone': 'z1', 'margay.io/kube-proxy': 'parked' };
  const addresses = [
    { type: 'Hostname', address: 'n1' },
    { type: 'InternalIP', address: '10.0.0.1' },
    { type: 'InternalIP', address: 'nonsense' },
    { type: 'ExternalIP', address: '1.2.3.4' },
  ];
  const node = {
    metadata: { ...metadata, name: 'n1', labels },
    spec: { podCIDRs: ['10.244.1.0/24', 'x'] },
    status: { addresses },
  };
  const record = decodeNode(node);
  assert.deepEqual(record.podCidrs, ['10.244.1.0/24']);
  assert.deepEqual([record.internalIPs, record.externalIPs], [['10.0.0.1'], ['1.2.3.4']]);
  assert.deepEqual([record.zone, record.kubeProxyParked, record.problems.length], ['z1', true, 2]);
  assert.equal(record.leaving, false);
});

test('S6: a Node that is deleted, or that the cluster autoscaler is about to remove, is leaving', () => {
  const deleted = { metadata: { name: 'n', deletionTimestamp: '2026-01-02T03:04:05Z' } };
  const doomed = { metadata: { name: 'n' }, spec: { taints: [{ key: 'ToBeDeletedByClusterAutoscaler' }] } };
  const tainted = {
    metadata: { name: 'n' },
    spec: { taints: [{ key: 'node.kubernetes.io/unschedulable' }] },
  };
  assert.deepEqual(
    [deleted, doomed, tainted].map((node) => decodeNode(node as KubeObject).leaving),
    [true, true, false],
  );
});

describe('pods', () => {
  const pod = (more: object, spec: object = {}): KubeObject =>
    ({
      metadata,
      spec: {
        containers: [
          {
            ports: [
              { hostPort: 8080, containerPort: 80 },
              { hostPort: 53, containerPort: 5353, protocol: 'UDP', hostIP: '0.0.0.0' },
              { hostPort: 70_000, containerPort: 1 },
            ],
          },
        ],
        ...spec,
      },
      ...more,
    }) as KubeObject;

  test('hostPorts', () => {
    const found = decodePod(pod({ status: { podIPs: [{ ip: '10.244.1.7' }, { ip: 'fd00::7' }] } }));
    const addresses = ['10.244.1.7', formatAddress(parseAddress('fd00::7') ?? new Uint8Array())];
    const of = { pod: found?.key, addresses, hostIP: '' };
    assert.deepEqual(found?.hostPorts, [
      { ...of, containerPort: 80, protocol: 6, port: 8080 },
      { ...of, containerPort: 5353, protocol: 17, port: 53 },
    ]);
    assert.deepEqual(decodePod(pod({}))?.hostPorts[0]?.addresses, [], 'not yet');
    assert.equal(decodePod(pod({}, { hostNetwork: true })), undefined);
    assert.equal(decodePod(pod({ status: { phase: 'Succeeded' } })), undefined);
  });

  test("a DaemonSet's pod runs since its last container's start", () => {
    const proxy = {
      metadata: {
        name: 'kube-proxy-x',
        namespace: 'kube-system',
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'kube-proxy', uid: 'u' }],
      },
      spec: { hostNetwork: true },
      status: { containerStatuses: [{ state: { running: { startedAt: '1970-01-01T00:00:09Z' } } }] },
    };
    assert.deepEqual(decodePod(proxy), {
      key: 'kube-system/kube-proxy-x',
      hostPorts: [],
      daemonSet: 'kube-system/kube-proxy',
      started: 9000,
    });
    const waiting = { ...proxy, status: { containerStatuses: [{ state: { waiting: {} } }] } };
    assert.equal(decodePod(waiting)?.started, 0);
  });
});
