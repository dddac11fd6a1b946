import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type ControlPlane, startControlPlane } from '@margay/e2e/lab/control-plane';
import { apply } from '@margay/lib/apply';
import { isForbidden, isInvalid, KubeError } from '@margay/lib/errors';
import type { KubeClient } from '@margay/lib/kube-client';
import { clientFromKubeConfig } from '@margay/lib/kube-config';
import { resourcePath } from '@margay/lib/resources';
import { apiVersion, installations, nodeDataplanes } from './resources.ts';
import type { Installation } from './installation.gen.ts';

const schemas = join(import.meta.dirname, '../schemas');
let controlPlane: ControlPlane;
let client: KubeClient;

before(async () => {
  controlPlane = await startControlPlane({ controllerManager: false });
  await controlPlane.kubectl([
    'apply',
    '-f',
    `${schemas}/installation.yaml`,
    '-f',
    `${schemas}/nodedataplane.yaml`,
  ]);
  const names = ['crd/installations.margay.io', 'crd/nodedataplanes.margay.io'];
  await controlPlane.kubectl(['wait', '--for=condition=Established', '--timeout=30s', ...names]);
  client = clientFromKubeConfig('crds-test', controlPlane.kubeconfig);
});

after(async () => {
  client.close();
  await controlPlane.stop();
});

function installation(
  spec: unknown,
  name = 'default',
): { apiVersion: string; kind: string; metadata: { name: string }; spec: unknown } {
  return { apiVersion, kind: 'Installation', metadata: { name }, spec };
}

function dryRun(spec: unknown, name?: string): Promise<Installation> {
  const query = { dryRun: 'All', fieldValidation: 'Strict' };
  return client.request({
    method: 'POST',
    path: resourcePath(installations),
    query,
    body: installation(spec, name),
  });
}

function dryChange(spec: unknown): Promise<Installation> {
  return apply(client, installations, installation(spec), {
    fieldManager: 'test',
    force: true,
    dryRun: true,
  });
}

/** What is in `value` at the places that `shape` has. */
function atPlacesOf(shape: unknown, value: unknown): unknown {
  if (typeof shape !== 'object' || shape === null || typeof value !== 'object' || value === null)
    return value;
  if (Array.isArray(shape))
    return Array.isArray(value) && value.length === shape.length
      ? shape.map((item, i) => atPlacesOf(item, value[i]))
      : value;
  const fields = value as Record<string, unknown>;
  return Object.fromEntries(Object.entries(shape).map(([key, part]) => [key, atPlacesOf(part, fields[key])]));
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => assert.fail('it was accepted'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof KubeError && (isInvalid(error) || isForbidden(error)), String(error));
  return error.message;
}

const accepted: Readonly<Record<string, unknown>> = {
  'an empty spec': {},
  'every field': {
    bpfEnabled: false,
    bpfNodeSelector: {
      matchLabels: { a: 'b' },
      matchExpressions: [{ key: 'c', operator: 'In', values: ['d'] }],
    },
    kubeProxyManagement: 'Disabled',
    kubeProxy: { namespace: 'ns', name: 'proxy' },
    bpfExternalServiceMode: 'DSR',
    bpfDSROptoutCIDRs: ['10.0.0.0/8', 'fd00::/8'],
    bpfConnectTimeLoadBalancing: 'Disabled',
    bpfExcludeCIDRsFromNAT: ['192.0.2.1/32'],
    bpfKubeProxyIptablesCleanupEnabled: false,
    bpfLogLevel: 'Debug',
    nodePortAddresses: ['10.0.0.0/24'],
    network: { cni: 'Margay', margay: { encapsulation: 'VXLAN', natOutgoing: 'Disabled', mtu: 1400 } },
    policy: { endpointToHostAction: 'Drop', reversePathCheck: 'Strict' },
    nodeUpdateStrategy: {
      canaries: '5%',
      canarySelector: { matchLabels: { canary: 'yes' } },
      maxUnavailable: 3,
      soak: '1m30s',
      onFailure: 'Pause',
      paused: true,
    },
    agentVersion: '1.2.3-rc.1',
    bpf: {
      conntrackEntries: 100000,
      serviceEntries: 2048,
      markBit: 30,
      drainTimeout: '0s',
      timeouts: { tcpSyn: '5s', tcpEstablished: '24h', udp: '1m', generic: '10m' },
    },
    images: {
      registry: 'registry.example.com:5000',
      path: 'mirror/margay',
      pullPolicy: 'Always',
      pullSecrets: [{ name: 'pull' }],
      digests: { agent: `sha256:${'0'.repeat(64)}` },
    },
    agent: {
      resources: { requests: { cpu: 1, memory: '64Mi' }, limits: { memory: '1Gi' } },
      tolerations: [{ operator: 'Exists' }],
      affinity: { nodeAffinity: {} },
      logLevel: 'Debug',
      metricsPort: 9191,
    },
    onDelete: { fabric: 'Remove', timeout: '1m' },
  },
  'CNI left to be found, with a fabric': { network: { cni: 'Auto', margay: { encapsulation: 'None' } } },
};

for (const [what, spec] of Object.entries(accepted)) {
  test(`accepts ${what}`, async () => {
    const { spec: stored } = await dryRun(spec);
    assert.deepEqual(atPlacesOf(spec, stored), spec);
  });
}

const refused: readonly (readonly [spec: unknown, message: RegExp])[] = [
  [{ bpfDSROptoutCIDRs: ['10.0.0.1'] }, /bpfDSROptoutCIDRs\[0\].*write an address and a prefix length/],
  [{ bpfExcludeCIDRsFromNAT: ['10.1.2.3/24'] }, /write the network's first address, such as 10\.1\.2\.0\/24/],
  [{ nodePortAddresses: ['nonsense'] }, /nodePortAddresses\[0\].*CIDR notation/],
  [
    { network: { cni: 'Chained', margay: { mtu: 1400 } } },
    /remove network\.margay, or write network\.cni: Margay/,
  ],
  [{ network: { cni: 'None', margay: {} } }, /remove network\.margay/],
  [{ network: { cni: 'None', margay: { mtu: 600 } } }, /write 0 to have it found, or 1280 or more/],
  [{ network: { margay: { mtu: 70000 } } }, /less than or equal to 65535/],
  [
    { nodeUpdateStrategy: { canaries: 0 } },
    /write 1 or "10%" \(to hold a rollout, write nodeUpdateStrategy\.paused: true\)/,
  ],
  [{ nodeUpdateStrategy: { maxUnavailable: '0%' } }, /maxUnavailable.*from 1% to 100%/],
  [{ nodeUpdateStrategy: { maxUnavailable: '101%' } }, /maxUnavailable.*from 1% to 100%/],
  [{ nodeUpdateStrategy: { maxUnavailable: '5' } }, /maxUnavailable.*from 1% to 100%/],
  [{ nodeUpdateStrategy: { soak: '90' } }, /soak.*should match/],
  [{ nodeUpdateStrategy: { soak: '25h' } }, /longer than a day: write 24h or less/],
  [{ bpf: { markBit: 14 } }, /bits 14 and 15 are kube-proxy's/],
  [{ bpf: { markBit: 32 } }, /less than or equal to 31/],
  [{ bpf: { conntrackEntries: 1 } }, /greater than or equal to 16384/],
  [{ bpf: { timeouts: { udp: '500ms' } } }, /timeouts\.udp.*between one second and ten days/],
  [{ bpf: { timeouts: { icmp: '0s' } } }, /timeouts\.icmp.*between one second and ten days/],
  [{ bpf: { drainTimeout: '48h' } }, /drainTimeout.*longer than a day/],
  [{ images: { registry: 'https://registry.example.com' } }, /without https:\/\//],
  [{ images: { path: '/margay' } }, /images\.path.*should match/],
  [{ images: { digests: { agent: 'latest' } } }, /digests\.agent.*should match/],
  [
    { agent: { resources: { limits: { memory: 'lots' } } } },
    /write a number with a unit, such as 100m or 256Mi/,
  ],
  [{ agent: { metricsPort: 10250 } }, /write a free one, such as 9091/],
  [{ agent: { metricsPort: 80 } }, /greater than or equal to 1024/],
  [{ agentVersion: 'newest' }, /agentVersion.*should match/],
  [{ onDelete: { timeout: '1s' } }, /between thirty seconds and a day/],
  [{ bpfExternalServiceMode: 'dsr' }, /supported values: "Tunnel", "DSR"/],
  [{ bpfEnabled: 'On' }, /must be of type boolean/],
  [
    { bpfNodeSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } },
    /In and NotIn need values, Exists and DoesNotExist take none/,
  ],
  [{ kubeProxy: { namespace: 'Kube_System' } }, /kubeProxy\.namespace.*should match/],
];

for (const [spec, message] of refused) {
  test(`O11: refuses ${JSON.stringify(spec)}`, async () =>
    assert.match(await refusal(dryRun(spec)), message));
}

test('O11: refuses a second Installation, with the name to write', async () => {
  assert.match(await refusal(dryRun({}, 'other')), /its name is default: write metadata\.name: default/);
});

test('O11: refuses a field that is not there, where kubectl validates', async () => {
  const text = JSON.stringify(installation({ bpfEnable: true }));
  await assert.rejects(
    controlPlane.kubectl(['apply', '--validate=strict', '-f', '-'], text),
    /unknown field "spec\.bpfEnable"/,
  );
});

test('keeps the CNI that a running cluster has', async () => {
  const options = { fieldManager: 'test', force: true };
  await apply(client, installations, installation({ network: { cni: 'Auto' } }), options);
  const status = { computed: { network: { cni: 'Margay', margay: { mtu: 1450 } }, anything: [1] } };
  const stored = await apply<Installation>(client, installations, { ...installation({}), status } as never, {
    ...options,
    fieldManager: 'operator',
    subresource: 'status',
  });
  assert.deepEqual(stored.status?.computed, status.computed);
  assert.match(
    await refusal(dryChange({ network: { cni: 'Chained' } })),
    /write Auto or what status\.computed\.network\.cni says/,
  );
  await dryChange({ network: { cni: 'Margay' } });
  await dryChange({ network: {} });
  await client.delete(installations, { name: 'default' });
});

test('keeps the kube-proxy that is parked', async () => {
  const options = { fieldManager: 'test', force: true };
  await apply(client, installations, installation({}), options);
  const to = async (state: string): Promise<void> => {
    const status = { kubeProxy: { state } };
    const object = { ...installation({}), status };
    await apply(client, installations, object, {
      ...options,
      fieldManager: 'operator',
      subresource: 'status',
    });
  };
  await dryChange({ kubeProxy: { name: 'other' } });
  await to('PartlyParked');
  assert.match(
    await refusal(dryChange({ kubeProxy: { name: 'other' } })),
    /write bpfEnabled: false first and wait/,
  );
  await dryChange({ bpfEnabled: false });
  await to('Running');
  await dryChange({ kubeProxy: { name: 'other' } });
  await client.delete(installations, { name: 'default' });
});

test('shows the state at a glance', async () => {
  const now = new Date().toISOString();
  const ready = { type: 'Ready', status: 'False', lastTransitionTime: now, reason: 'Rolling', message: 'n4' };
  const options = { fieldManager: 'operator', force: true };
  await apply(client, installations, installation({}), options);
  const status = {
    conditions: [ready],
    summary: { nodes: '3/5', rollout: 'Rolling (n4)' },
    kubeProxy: { state: 'PartlyParked' },
  };
  await apply(client, installations, { ...installation({}), status } as never, {
    ...options,
    subresource: 'status',
  });
  const table = await controlPlane.kubectl(['get', 'installation', 'default']);
  assert.match(
    table,
    /^NAME +READY +NODES +ROLLOUT +KUBE-PROXY +AGE\ndefault +False +3\/5 +Rolling \(n4\) +PartlyParked/,
  );
});

test('a NodeDataplane: order, evidence, and a table', async () => {
  const order = { apiVersion, kind: 'NodeDataplane', metadata: { name: 'n1' } };
  const spec = { mode: 'BPF', configRef: { name: 'margay-config-0123456789' } };
  const options = { fieldManager: 'operator', force: true };
  await apply(client, nodeDataplanes, { ...order, spec } as never, options);
  const now = new Date().toISOString();
  const programmed = {
    type: 'ServicesProgrammed',
    status: 'False',
    lastTransitionTime: now,
    reason: 'MapFull',
    message: 'm',
  };
  const status = {
    mode: 'Enabling',
    reason: 'MapFull',
    conditions: [programmed],
    features: { tcx: true },
    kubeProxy: { state: 'Running' },
  };
  await apply(client, nodeDataplanes, { ...order, status } as never, { ...options, subresource: 'status' });
  const table = await controlPlane.kubectl(['get', 'ndp']);
  assert.match(
    table,
    /^NAME +WANTED +MODE +SERVICES +KUBE-PROXY +REASON +AGE\nn1 +BPF +Enabling +False +Running +MapFull/,
  );
  const bad = { ...order, spec: { mode: 'Off', configRef: { name: 'x' } } };
  assert.match(
    await refusal(apply(client, nodeDataplanes, bad as never, options)),
    /supported values: "BPF", "Standard"/,
  );
});

test('kubectl explain shows what a field does, its default, and what a change does', async () => {
  const text = await controlPlane.kubectl(['explain', 'installation.spec.bpfExternalServiceMode']);
  assert.match(text.replaceAll(/\s+/g, ' '), /Default: Tunnel\. Change: rolls nodes\./);
});
