/** From a spec with gaps to one without: what goes to `status.computed`. Pure. */
import type { InstallationSpec } from './installation.gen.ts';

/** Every field of the part T is there; lists and maps stay what they are. */
type Whole<T> = { [K in keyof T]-?: Exclude<T[K], undefined> };

type Part<K extends keyof InstallationSpec> = NonNullable<InstallationSpec[K]>;

/** A spec in which nothing is left open but what {@link Findings} were not there for. */
export interface EffectiveSpec extends Omit<Whole<InstallationSpec>, keyof EffectiveParts>, EffectiveParts {}

interface EffectiveParts {
  kubeProxy: Whole<Part<'kubeProxy'>>;
  network: {
    cni: NonNullable<Part<'network'>['cni']>;
    margay: Whole<NonNullable<Part<'network'>['margay']>>;
  };
  policy: Whole<Part<'policy'>>;
  nodeUpdateStrategy: Whole<Part<'nodeUpdateStrategy'>>;
  bpf: Omit<Whole<Part<'bpf'>>, 'timeouts'> & { timeouts: Whole<NonNullable<Part<'bpf'>['timeouts']>> };
  images: Whole<Part<'images'>>;
  agent: Whole<Part<'agent'>>;
  onDelete: Whole<Part<'onDelete'>>;
}

/** What a default depends on beside the spec. */
export interface Findings {
  /** Version of the operator, which is the agents' where none is asked for. */
  readonly operatorVersion: string;
  /** Registry and path of the operator's own image, such as `registry.example.com` and `mirror/margay`. */
  readonly operatorImage: { readonly registry: string; readonly path: string };
  /** What `network.cni: Auto` was decided to be, once it was. */
  readonly cni?: Exclude<EffectiveSpec['network']['cni'], 'Auto'>;
}

/** Entries of `given` that are there, over `fallback`. */
function over<T extends object>(
  fallback: T,
  given: Partial<{ [K in keyof T]: T[K] | undefined }> | undefined,
): T {
  const present = Object.entries(given ?? {}).filter(([, value]) => value !== undefined);
  return { ...fallback, ...Object.fromEntries(present) };
}

const timeouts: EffectiveSpec['bpf']['timeouts'] = {
  tcpSyn: '20s',
  tcpEstablished: '1h',
  tcpClosing: '40s',
  tcpReset: '10s',
  udp: '30s',
  udpStream: '2m',
  icmp: '10s',
  generic: '10m',
};

const fabric: EffectiveSpec['network']['margay'] = {
  encapsulation: 'VXLANCrossSubnet',
  natOutgoing: 'Enabled',
  mtu: 0,
};

const strategy: EffectiveSpec['nodeUpdateStrategy'] = {
  canaries: 1,
  canarySelector: {},
  maxUnavailable: '10%',
  soak: '30s',
  onFailure: 'Pause',
  paused: false,
};

const agent: EffectiveSpec['agent'] = {
  resources: { requests: { cpu: '50m', memory: '128Mi' } },
  tolerations: [{ operator: 'Exists' }],
  affinity: {},
  logLevel: 'Info',
  metricsPort: 9091,
};

type Flat = Omit<EffectiveSpec, keyof EffectiveParts | 'agentVersion'>;

const flat: Flat = {
  bpfEnabled: true,
  bpfNodeSelector: {},
  kubeProxyManagement: 'Enabled',
  bpfExternalServiceMode: 'Tunnel',
  bpfDSROptoutCIDRs: [],
  bpfConnectTimeLoadBalancing: 'TCP',
  bpfExcludeCIDRsFromNAT: [],
  bpfKubeProxyIptablesCleanupEnabled: true,
  bpfLogLevel: 'Disabled',
  nodePortAddresses: [],
};

const kubeProxy: EffectiveSpec['kubeProxy'] = { namespace: 'kube-system', name: 'kube-proxy' };
const policy: EffectiveSpec['policy'] = { endpointToHostAction: 'Accept', reversePathCheck: 'Loose' };
const onDelete: EffectiveSpec['onDelete'] = { fabric: 'Keep', timeout: '10m' };

const bpf: EffectiveSpec['bpf'] = {
  conntrackEntries: 512_000,
  serviceEntries: 65_536,
  markBit: 31,
  drainTimeout: '10m',
  timeouts,
};

const noImages: EffectiveSpec['images'] = {
  registry: '',
  path: '',
  pullPolicy: 'IfNotPresent',
  pullSecrets: [],
  digests: {},
};

function flatFields(spec: InstallationSpec): Flat {
  const given = Object.entries(spec).filter(([key]) => key in flat);
  return over(flat, Object.fromEntries(given));
}

function orElse(text: string | undefined, fallback: string): string {
  return text === undefined || text === '' ? fallback : text;
}

function images(spec: InstallationSpec, own: Findings['operatorImage']): EffectiveSpec['images'] {
  const given = over(noImages, spec.images);
  return { ...given, registry: orElse(given.registry, own.registry), path: orElse(given.path, own.path) };
}

/** The spec with every default filled in, from nothing but what is passed in. Text stays as the user wrote it. */
export function effectiveSpec(spec: InstallationSpec, findings: Findings): EffectiveSpec {
  const cni = spec.network?.cni ?? 'Auto';
  const { timeouts: givenTimeouts, ...givenBpf } = spec.bpf ?? {};
  return {
    ...flatFields(spec),
    agentVersion: orElse(spec.agentVersion, findings.operatorVersion),
    kubeProxy: over(kubeProxy, spec.kubeProxy),
    network: {
      cni: cni === 'Auto' ? (findings.cni ?? 'Auto') : cni,
      margay: over(fabric, spec.network?.margay),
    },
    policy: over(policy, spec.policy),
    nodeUpdateStrategy: over(strategy, spec.nodeUpdateStrategy),
    bpf: { ...over(bpf, givenBpf), timeouts: over(timeouts, givenTimeouts) },
    images: images(spec, findings.operatorImage),
    agent: over(agent, spec.agent),
    onDelete: over(onDelete, spec.onDelete),
  };
}
