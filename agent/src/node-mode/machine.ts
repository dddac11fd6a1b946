/**
 * The node's state machine: from order and evidence to the next action and the status
 * (docs/contracts.md, "Order and evidence"). Pure, without memory: everything is in the inputs, so
 * that a restarted agent goes on where the last one was.
 */
import type { Action, Decision, ModeInputs, Order, ShownMode, StatusDraft } from './facts.ts';
import { hindrances, isLoaded } from './facts.ts';
import { findingsOf } from './findings.ts';

/** How old a look at kube-proxy's rules may be: while they are awaited, and when they were found complete. */
export const LOOK_AGAIN_MS = { awaited: 1000, complete: 30_000 } as const;

const DRAIN_LOOK_MS = 1000;

type Step = Pick<Decision, 'action' | 'again'>;
const WAIT: Step = {};

/** Its pod is here, or it is not for us to know how it runs. */
function mayServe({ config, kubeProxy }: ModeInputs): boolean {
  return kubeProxy.pod || (config.state === 'Ready' && !config.kubeProxyManaged);
}

/** When kube-proxy's rules matter: it may serve, and so do our programs. */
function lookAtKubeProxy(inputs: ModeInputs): Step {
  const { rules } = inputs.kubeProxy;
  if (!mayServe(inputs) || !inputs.listsComplete) return WAIT;
  const longest = rules?.ok === true ? LOOK_AGAIN_MS.complete : LOOK_AGAIN_MS.awaited;
  if (rules === undefined || rules.age >= longest) return { action: 'LookAtKubeProxy' };
  return { again: longest - rules.age };
}

function servesAll({ kernel, unsupported }: ModeInputs): boolean {
  return (
    kernel.verified &&
    kernel.shortage === undefined &&
    kernel.problem === undefined &&
    unsupported.count === 0
  );
}

function removeLeftovers(inputs: ModeInputs): Step {
  const { config, kubeProxy } = inputs;
  const wanted = config.state === 'Ready' && config.kubeProxyManaged && config.removeLeftovers;
  const parked = kubeProxy.labelled && !kubeProxy.pod;
  return wanted && parked && servesAll(inputs) && !kubeProxy.leftoversRemoved
    ? { action: 'RemoveLeftovers' }
    : WAIT;
}

/** Programs of this configuration and of the node's families loaded by this process; nothing else can be done before. */
function load(inputs: ModeInputs): Step | undefined {
  const { config, features, listsComplete, families, kernel } = inputs;
  if (features.state === 'Unknown') return { action: 'Probe' };
  const cannot = features.state === 'Failed' || hindrances(features).length > 0;
  if (cannot || config.state !== 'Ready' || !listsComplete) return WAIT;
  if (families.length === 0 && kernel.loadedFor === undefined) return WAIT;
  return isLoaded(inputs, config.name) ? undefined : { action: 'Load' };
}

function towardsBpf(inputs: ModeInputs): Step {
  const first = load(inputs);
  if (first !== undefined) return first;
  const { kernel } = inputs;
  if (kernel.mode === 'Absent') return { action: 'Load' };
  if (kernel.mode !== 'Active') return kernel.verified ? { action: 'Activate' } : WAIT;
  const leftovers = removeLeftovers(inputs);
  return leftovers.action === undefined ? lookAtKubeProxy(inputs) : leftovers;
}

/** What the programs made is served to its end; then nothing of ours is left. */
function drain({ drainTimeoutMs, kernel }: ModeInputs): Step {
  const { drain: now } = kernel;
  if (now === undefined) return { again: DRAIN_LOOK_MS };
  const over = now.flows === 0 || now.sinceMs >= drainTimeoutMs;
  return over ? { action: 'Detach' } : { again: DRAIN_LOOK_MS };
}

/** Never before kube-proxy has just been seen to serve every frontend. */
function leave(inputs: ModeInputs): Step {
  const { rules } = inputs.kubeProxy;
  if (rules?.ok !== true || !mayServe(inputs)) return lookAtKubeProxy(inputs);
  return { action: rules.age < LOOK_AGAIN_MS.awaited ? 'Drain' : 'LookAtKubeProxy' };
}

function towardsStandard(inputs: ModeInputs): Step {
  const { mode, loadedFor } = inputs.kernel;
  if (mode === 'Absent') return inputs.features.state === 'Unknown' ? { action: 'Probe' } : WAIT;
  if (mode === 'Pass') return { action: 'Detach' };
  const first = loadedFor === undefined ? load(inputs) : undefined;
  if (first !== undefined) return first;
  return mode === 'Draining' ? drain(inputs) : leave(inputs);
}

function shownMode({ kernel, features }: ModeInputs, order: Order): ShownMode {
  if (order.mode === 'BPF') {
    if (kernel.mode === 'Active') return 'BPF';
    const cannot = features.state === 'Failed' || hindrances(features).length > 0;
    return kernel.mode === 'Absent' && cannot ? 'Standard' : 'Enabling';
  }
  if (kernel.mode === 'Absent') return 'Standard';
  return kernel.mode === 'Active' ? 'BPF' : 'Draining';
}

function kubeProxyState({ config, kubeProxy }: ModeInputs): StatusDraft['kubeProxy'] {
  if (config.state === 'Ready' && !config.kubeProxyManaged) return 'Unmanaged';
  if (kubeProxy.pod) return 'Running';
  const settled = kubeProxy.leftoversRemoved || (config.state === 'Ready' && !config.removeLeftovers);
  if (!kubeProxy.labelled) return 'Absent';
  return settled ? 'Parked' : 'Running';
}

/** Why the node is not in its wanted mode: the first finding that stands in the way. */
function obstacle(
  inputs: ModeInputs,
  order: Order,
  mode: ShownMode,
): Pick<StatusDraft, 'reason' | 'message'> {
  const findings = findingsOf(inputs, order);
  const types = order.mode === 'BPF' ? ['Supported', 'ServicesProgrammed'] : ['KubeProxyProgrammed'];
  const blocking = findings.find(({ type, status }) => types.includes(type) && status !== 'True');
  if (order.mode === 'BPF') return blocking ?? { reason: '', message: '' };
  if (mode === 'Standard') return { reason: '', message: '' };
  if (mode === 'Draining') {
    const flows = inputs.kernel.drain?.flows ?? 0;
    return {
      reason: 'Draining',
      message: `${flows} connections that only eBPF can translate are served to their end`,
    };
  }
  return blocking ?? { reason: 'Draining', message: 'kube-proxy serves; the programs are about to drain' };
}

function statusOf(inputs: ModeInputs, order: Order): StatusDraft {
  const mode = shownMode(inputs, order);
  const { reason, message } = obstacle(inputs, order, mode);
  const flows = mode === 'Draining' ? inputs.kernel.drain?.flows : undefined;
  return {
    mode,
    reason,
    message,
    findings: findingsOf(inputs, order),
    kubeProxy: kubeProxyState(inputs),
    ...(flows === undefined ? {} : { drainFlows: flows }),
  };
}

/** What to do next, and what to say. Without any order: nothing. */
export function decide(inputs: ModeInputs): Decision {
  const { order } = inputs;
  if (order === undefined) return {};
  const step = order.mode === 'BPF' ? towardsBpf(inputs) : towardsStandard(inputs);
  return { ...step, status: statusOf(inputs, order) };
}

/** Every action that there is, for the one who carries them out. */
export const ACTIONS: readonly Action[] = [
  'Probe',
  'Load',
  'Activate',
  'Drain',
  'Detach',
  'LookAtKubeProxy',
  'RemoveLeftovers',
];
