/** The Installation itself: its finalizer, and what its spec comes down to on this cluster. */
import { parseAgentConfig } from '@margay/crds/agent-config';
import type { EffectiveSpec } from '@margay/crds/defaults';
import { effectiveSpec } from '@margay/crds/defaults';
import {
  agentConfigKey,
  installations,
  kubeProxyLabel,
  parkedValue,
  systemNamespace,
} from '@margay/crds/resources';
import type { InstallationSpec } from '@margay/crds/installation.gen';
import type { PatchOperation } from '@margay/lib/apply';
import { jsonPatch } from '@margay/lib/apply';
import type { KubeObject } from '@margay/lib/objects';
import { configPrefix, fieldManager, finalizer } from '../names.ts';
import type { Cni } from '../render/cni.ts';
import { decideCni } from '../render/cni.ts';
import { imageParts } from '../render/image.ts';
import type { Problem } from '../status/problem.ts';
import { unservedSettings } from '../status/unserved.ts';
import type { InstallationRecord } from '../watch/records.ts';
import { decodeInstallation } from '../watch/records.ts';
import type { KubeProxyPlace } from '../watch/world.ts';
import type { Deps } from './deps.ts';

async function patchFinalizers(
  deps: Deps,
  record: InstallationRecord,
  finalizers: readonly string[],
): Promise<void> {
  const operations: PatchOperation[] = [
    { op: 'test', path: '/metadata/resourceVersion', value: record.version },
    record.finalizers.length === 0
      ? { op: 'add', path: '/metadata/finalizers', value: finalizers }
      : { op: 'replace', path: '/metadata/finalizers', value: finalizers },
  ];
  const patch = { operations, fieldManager };
  const object = await jsonPatch<KubeObject>(deps.client, installations, { name: record.name }, patch);
  if (finalizers.length > 0) deps.world.installations.put(record.name, decodeInstallation(object));
}

/** Puts our finalizer on, unless it is there or the object is being deleted already. */
export async function ensureFinalizer(deps: Deps, record: InstallationRecord): Promise<void> {
  if (record.deletedAt !== undefined || record.finalizers.includes(finalizer)) return;
  await patchFinalizers(deps, record, [...record.finalizers, finalizer]);
}

/** Lets the Installation go. */
export async function releaseFinalizer(deps: Deps, record: InstallationRecord): Promise<void> {
  if (!record.finalizers.includes(finalizer)) return;
  const left = record.finalizers.filter((name) => name !== finalizer);
  await patchFinalizers(deps, record, left);
}

const CNIS: readonly string[] = ['Margay', 'Chained', 'None'] satisfies readonly Cni[];

const isCni = (text: string | undefined): text is Cni => text !== undefined && CNIS.includes(text);

/** What was decided for this cluster: in the status, or, should that be lost, in the newest configuration. */
function decidedCni(deps: Deps, record: InstallationRecord): Cni | undefined {
  const noted = record.status.computed?.network?.cni;
  if (isCni(noted)) return noted;
  const configs = deps.world.configMaps.values.filter((m) => m.name.startsWith(configPrefix));
  const [newest] = configs.toSorted((a, b) => (a.created < b.created ? 1 : -1));
  const text = newest?.data[agentConfigKey];
  if (text === undefined) return undefined;
  try {
    return parseAgentConfig(text).network.cni;
  } catch (error) {
    deps.log.warn('configuration not readable', { name: `${systemNamespace}/${newest?.name ?? ''}`, error });
    return undefined;
  }
}

/** The effective spec, as far as it can be known, and what is wrong with the one that was written. */
export interface Computed {
  readonly spec: EffectiveSpec;
  readonly problems: readonly Problem[];
}

function isPlace(value: unknown): value is KubeProxyPlace {
  return typeof value === 'object' && value !== null && 'namespace' in value && 'name' in value;
}

/** kube-proxy is not looked for elsewhere while nodes are parked: its own nodes would never get it back. */
function settledPlace(
  deps: Deps,
  record: InstallationRecord,
  asked: KubeProxyPlace,
): Problem | KubeProxyPlace {
  const before = record.status.computed?.['kubeProxy'];
  if (!isPlace(before) || (before.namespace === asked.namespace && before.name === asked.name)) return asked;
  const parked = deps.world.nodes.values.filter((n) => n.labels[kubeProxyLabel] === parkedValue);
  if (parked.length === 0) return asked;
  const names = parked.slice(0, 5).map((n) => n.name);
  const message = `spec.kubeProxy: ${asked.namespace}/${asked.name} is refused while ${before.namespace}/${before.name} is parked on ${names.join(', ')}: set bpfEnabled to false first`;
  return { reason: 'KubeProxyPlaceRefused', message };
}

function checkVersion(spec: EffectiveSpec, own: string): Problem | undefined {
  if (spec.agentVersion === own) return undefined;
  const message = `spec.agentVersion: ${spec.agentVersion} is refused: this operator drives agents ${own}; leave the field empty`;
  return { reason: 'AgentVersionRefused', message };
}

/** `network.cni` as it is in force, written into the spec, and what stands against it. */
function settleCni(deps: Deps, record: InstallationRecord): { spec: InstallationSpec; problem?: Problem } {
  const before = decidedCni(deps, record);
  const asked = record.spec.network?.cni ?? 'Auto';
  const nodes = deps.world.nodes.values;
  const { cni, problem } = decideCni({ asked, nodes, ...(before === undefined ? {} : { before }) });
  const network = { ...record.spec.network, ...(cni === undefined ? {} : { cni }) };
  const spec = { ...record.spec, network };
  if (problem === undefined) return { spec };
  return { spec, problem: { reason: cni === undefined ? 'CNIUndecided' : 'CNIRefused', message: problem } };
}

/** Works out the effective spec. What is refused is replaced by what is in force, and named. */
export function computeInstallation(deps: Deps, record: InstallationRecord): Computed {
  const { image, version } = deps.operator;
  const { registry, path } = imageParts(image);
  const settled = settleCni(deps, record);
  const spec = effectiveSpec(settled.spec, { operatorVersion: version, operatorImage: { registry, path } });
  const place = settledPlace(deps, record, spec.kubeProxy);
  const refused = 'reason' in place ? place : undefined;
  const inForce = 'reason' in place ? (record.status.computed?.['kubeProxy'] as KubeProxyPlace) : place;
  const found = [settled.problem, refused, checkVersion(spec, version), unservedSettings(spec)];
  const problems = found.filter((p) => p !== undefined);
  return { spec: { ...spec, agentVersion: version, kubeProxy: inForce }, problems };
}
