/** An agent's configuration: from the effective spec to text, and from text back, checked. */
import { parseDuration } from '@margay/lib/duration';
import { MargayError } from '@margay/lib/errors';
import { validate } from './agent-config-validate.gen.ts';
import type { AgentConfig } from './agent-config.gen.ts';
import type { EffectiveSpec } from './defaults.ts';
import { findingsOf, type Validator } from './validation.ts';

/** A configuration that this agent cannot work by. The message says which field and why. */
export class AgentConfigError extends MargayError {
  override readonly name = 'AgentConfigError';
}

/** Greatest `formatVersion` that this code reads and writes. */
export const agentConfigFormat = 1;

/** Reads the text under `config.json`. Fields that this version does not know are left alone. */
export function parseAgentConfig(text: string): AgentConfig {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AgentConfigError('the agent configuration is not JSON', { code: 'BadConfig', cause });
  }
  const findings = findingsOf(validate as Validator, value);
  if (findings.length > 0) {
    throw new AgentConfigError(`the agent configuration is not usable: ${findings.join('; ')}`, {
      code: 'BadConfig',
    });
  }
  return value as AgentConfig;
}

type BpfMilliseconds = AgentConfig['bpf']['timeoutsMs'];

function milliseconds(timeouts: EffectiveSpec['bpf']['timeouts']): BpfMilliseconds {
  const entries = Object.entries(timeouts).map(([name, text]) => [name, parseDuration(text)]);
  return Object.fromEntries(entries) as BpfMilliseconds;
}

function networkOf(
  { cni, margay }: EffectiveSpec['network'],
  podCIDRs: readonly string[],
): AgentConfig['network'] {
  if (cni === 'Auto') throw new AgentConfigError('network.cni is not decided yet', { code: 'CniUndecided' });
  const ours = cni === 'Margay';
  return {
    cni,
    encapsulation: ours ? margay.encapsulation : 'None',
    natOutgoing: ours && margay.natOutgoing === 'Enabled',
    mtu: ours ? margay.mtu : 0,
    podCIDRs: [...podCIDRs],
  };
}

/** The configuration that follows from the spec; `podCIDRs` are pod networks beside those of the Nodes. */
export function agentConfigOf(spec: EffectiveSpec, podCIDRs: readonly string[] = []): AgentConfig {
  const { conntrackEntries, serviceEntries, markBit, drainTimeout, timeouts } = spec.bpf;
  return {
    formatVersion: agentConfigFormat,
    externalServiceMode: spec.bpfExternalServiceMode,
    dsrOptoutCIDRs: spec.bpfDSROptoutCIDRs,
    connectTimeLoadBalancing: spec.bpfConnectTimeLoadBalancing,
    excludeCIDRsFromNAT: spec.bpfExcludeCIDRsFromNAT,
    nodePortAddresses: spec.nodePortAddresses,
    kubeProxy: {
      namespace: spec.kubeProxy.namespace,
      name: spec.kubeProxy.name,
      management: spec.kubeProxyManagement,
      iptablesCleanup: spec.bpfKubeProxyIptablesCleanupEnabled,
    },
    network: networkOf(spec.network, podCIDRs),
    policy: { ...spec.policy },
    bpf: {
      conntrackEntries,
      serviceEntries,
      markBit,
      drainTimeoutMs: parseDuration(drainTimeout),
      timeoutsMs: milliseconds(timeouts),
    },
    logLevel: spec.agent.logLevel,
    bpfLogLevel: spec.bpfLogLevel,
    metricsPort: spec.agent.metricsPort,
  };
}
