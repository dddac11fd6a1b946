import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { AgentConfigError, agentConfigOf, parseAgentConfig } from './agent-config.ts';
import { effectiveSpec, type Findings } from './defaults.ts';
import { validate as validateInstallation } from './installation-validate.gen.ts';
import { findingsOf, type Validator } from './validation.ts';

const findings: Findings = {
  operatorVersion: '1.2.3',
  operatorImage: { registry: 'registry.example.com', path: 'margay' },
};

test('an empty spec becomes a whole one', () => {
  assert.deepEqual(effectiveSpec({}, findings), {
    bpfEnabled: true,
    bpfNodeSelector: {},
    kubeProxyManagement: 'Enabled',
    kubeProxy: { namespace: 'kube-system', name: 'kube-proxy' },
    bpfExternalServiceMode: 'Tunnel',
    bpfDSROptoutCIDRs: [],
    bpfConnectTimeLoadBalancing: 'TCP',
    bpfExcludeCIDRsFromNAT: [],
    bpfKubeProxyIptablesCleanupEnabled: true,
    bpfLogLevel: 'Disabled',
    nodePortAddresses: [],
    network: { cni: 'Auto', margay: { encapsulation: 'VXLANCrossSubnet', natOutgoing: 'Enabled', mtu: 0 } },
    policy: { endpointToHostAction: 'Accept', reversePathCheck: 'Loose' },
    nodeUpdateStrategy: {
      canaries: 1,
      canarySelector: {},
      maxUnavailable: '10%',
      soak: '30s',
      onFailure: 'Pause',
      paused: false,
    },
    agentVersion: '1.2.3',
    bpf: {
      conntrackEntries: 512000,
      serviceEntries: 65536,
      markBit: 31,
      drainTimeout: '10m',
      timeouts: {
        tcpSyn: '20s',
        tcpEstablished: '1h',
        tcpClosing: '40s',
        tcpReset: '10s',
        udp: '30s',
        udpStream: '2m',
        icmp: '10s',
        generic: '10m',
      },
    },
    images: {
      registry: 'registry.example.com',
      path: 'margay',
      pullPolicy: 'IfNotPresent',
      pullSecrets: [],
      digests: {},
    },
    agent: {
      resources: { requests: { cpu: '50m', memory: '128Mi' } },
      tolerations: [{ operator: 'Exists' }],
      affinity: {},
      logLevel: 'Info',
      metricsPort: 9091,
    },
    onDelete: { fabric: 'Keep', timeout: '10m' },
  });
});

test('what the user wrote stays, also where it is false, empty or zero', () => {
  const spec = {
    bpfEnabled: false,
    bpf: { markBit: 0, timeouts: { udp: '5s' } },
    agent: { tolerations: [], resources: {} },
    nodeUpdateStrategy: { canaries: '20%' },
    images: { registry: 'mirror.example.com' },
  };
  const effective = effectiveSpec(spec, findings);
  assert.equal(effective.bpfEnabled, false);
  assert.equal(effective.bpf.markBit, 0);
  assert.equal(effective.bpf.conntrackEntries, 512000);
  assert.equal(effective.bpf.timeouts.udp, '5s');
  assert.equal(effective.bpf.timeouts.tcpEstablished, '1h');
  assert.deepEqual(effective.agent.tolerations, []);
  assert.deepEqual(effective.agent.resources, {});
  assert.equal(effective.nodeUpdateStrategy.canaries, '20%');
  assert.deepEqual([effective.images.registry, effective.images.path], ['mirror.example.com', 'margay']);
});

test('Auto becomes what was found, and nothing else does', () => {
  assert.equal(effectiveSpec({}, { ...findings, cni: 'Chained' }).network.cni, 'Chained');
  assert.equal(
    effectiveSpec({ network: { cni: 'None' } }, { ...findings, cni: 'Chained' }).network.cni,
    'None',
  );
});

type Schema = { properties?: Record<string, Schema>; default?: unknown; description?: string };
const crd = parse(readFileSync(join(import.meta.dirname, '../schemas/installation.yaml'), 'utf8'), {
  merge: true,
}) as {
  spec: { versions: [{ schema: { openAPIV3Schema: Schema } }] };
};

function* leaves(schema: Schema, path: string[] = []): Generator<[string[], Schema]> {
  for (const [name, part] of Object.entries(schema.properties ?? {})) {
    const here = [...path, name];
    const words = part.description ?? '';
    if (part.properties === undefined || words.includes('Default:')) yield [here, part];
    else yield* leaves(part, here);
  }
}

const spec = crd.spec.versions[0].schema.openAPIV3Schema.properties?.['spec'] ?? {};

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Whether the field names its default in a form that can be compared. */
function checkField(
  whole: unknown,
  path: readonly string[],
  { description = '', default: fixed }: Schema,
): boolean {
  const name = path.join('.');
  const [, said] = /Default: (.+?)\. Change: (live|rolls nodes|refused while)/.exec(description) ?? [];
  assert.ok(said !== undefined, `${name}: ${description}`);
  const applied = path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], whole);
  if (fixed !== undefined) assert.deepEqual(applied, fixed, name);
  if (/^(the operator's|none|everything|requests)/.test(said)) return false;
  assert.equal(asText(applied), said, name);
  return true;
}

test('each field says its default and what a change does, and each default is the one that is applied', () => {
  const whole = effectiveSpec({}, findings);
  const ownWords = [...leaves(spec)].filter(
    ([path]) => path.length <= 2 || !['canarySelector', 'resources'].includes(path[1] ?? ''),
  );
  const checked = ownWords.filter(([path, field]) => checkField(whole, path, field));
  assert.ok(checked.length > 30, `only ${checked.length} fields were looked at`);
});

test('the effective spec fits the schema', () => {
  assert.deepEqual(findingsOf(validateInstallation as Validator, { spec: effectiveSpec({}, findings) }), []);
});

const config = agentConfigOf(effectiveSpec({}, { ...findings, cni: 'Margay' }));

test('an agent reads the configuration that follows from a spec', () => {
  assert.deepEqual(parseAgentConfig(JSON.stringify(config)), config);
  assert.equal(config.bpf.timeoutsMs.tcpEstablished, 3_600_000);
  assert.equal(config.network.natOutgoing, true);
});

test('without our fabric nothing of it is in force', () => {
  const chained = agentConfigOf(effectiveSpec({ network: { cni: 'Chained' } }, findings), ['10.0.0.0/8']);
  const network = {
    cni: 'Chained',
    encapsulation: 'None',
    natOutgoing: false,
    mtu: 0,
    podCIDRs: ['10.0.0.0/8'],
  };
  assert.deepEqual(chained.network, network);
});

test('an undecided CNI gives no configuration', () => {
  assert.throws(() => agentConfigOf(effectiveSpec({}, findings)), { code: 'CniUndecided' });
});

const damaged: readonly (readonly [unknown, RegExp])[] = [
  [{ ...config, formatVersion: 2 }, /formatVersion: must be equal to constant/],
  [
    { ...config, logLevel: 'Loud' },
    /logLevel: must be equal to one of the allowed values: Error, Warn, Info, Debug/,
  ],
  [{ ...config, bpf: { ...config.bpf, markBit: 40 } }, /bpf\.markBit: must be <= 31/],
  [[], /\(whole\): must be object/],
];
for (const [value, message] of damaged) {
  test(`an agent refuses a configuration: ${message.source}`, () => {
    assert.throws(() => parseAgentConfig(JSON.stringify(value)), message);
  });
}

test('an agent refuses what is not JSON, and lets unknown fields be', () => {
  assert.throws(() => parseAgentConfig('{'), AgentConfigError);
  assert.equal(parseAgentConfig(JSON.stringify({ ...config, later: 1 })).metricsPort, 9091);
});
