/** What the agents run by: their configuration and their DaemonSet. */
import { agentConfigOf } from '@margay/crds/agent-config';
import type { EffectiveSpec } from '@margay/crds/defaults';
import { systemNamespace } from '@margay/crds/resources';
import { apply } from '@margay/lib/apply';
import { isNotFound } from '@margay/lib/errors';
import type { KubeObject } from '@margay/lib/objects';
import { configMaps, daemonSets } from '@margay/lib/resources';
import { agentName, configPrefix, fieldManager } from '../names.ts';
import { configMapOf, outdatedConfigs } from '../render/agent-config.ts';
import { agentDaemonSet } from '../render/agent-daemonset.ts';
import type { InstallationRecord } from '../watch/records.ts';
import { decodeConfigMap, decodeDaemonSet } from '../watch/records.ts';
import type { Deps } from './deps.ts';
import { installationReference } from './deps.ts';

const AGENTS = `${systemNamespace}/${agentName}`;

/** Keeps configurations and the agents' DaemonSet as they are wanted. */
export class Workloads {
  readonly #deps: Deps;
  #applied: { readonly hash: string; readonly generation: number } | undefined;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Writes the configuration unless it is there; resolves to its name. */
  async ensureConfig(spec: EffectiveSpec): Promise<string> {
    const { client, world } = this.#deps;
    const map = configMapOf(agentConfigOf(spec));
    const { name } = map.metadata;
    const key = `${systemNamespace}/${name}`;
    if (world.configMaps.get(key) === undefined) {
      const object = await apply<KubeObject>(client, configMaps, map, { fieldManager, force: true });
      world.configMaps.put(key, decodeConfigMap(object));
      this.#deps.log.info('configuration written', { name });
    }
    return name;
  }

  /** Removes configurations that nobody will go back to. */
  async dropOldConfigs(wanted: string): Promise<void> {
    const { world, client } = this.#deps;
    const known = world.configMaps.values.filter((m) => m.name.startsWith(configPrefix));
    const inUse = new Set(world.dataplanes.values.map((d) => d.spec.configRef.name));
    for (const name of outdatedConfigs(known, wanted, inUse)) {
      await client.delete(configMaps, { namespace: systemNamespace, name }).catch(ignoreGone);
      world.configMaps.remove(`${systemNamespace}/${name}`);
    }
  }

  /** Applies the agents' DaemonSet where it is missing or not as wanted; resolves to its template's hash. */
  async ensureAgents(spec: EffectiveSpec, installation: InstallationRecord): Promise<string> {
    const { client, world, operator, events, log } = this.#deps;
    const { manifest, hash } = agentDaemonSet({ spec, operator });
    const present = world.agents.get(AGENTS);
    const applied = this.#applied;
    if (present !== undefined && applied?.hash === hash && applied.generation === present.generation)
      return hash;
    const object = await apply<KubeObject>(client, daemonSets, manifest, { fieldManager, force: true });
    const record = decodeDaemonSet(object);
    world.agents.put(AGENTS, record);
    this.#applied = { hash, generation: record.generation };
    const repaired = applied?.hash === hash && record.generation !== applied.generation;
    log.info(repaired ? 'agents repaired' : 'agents applied', { hash, generation: record.generation });
    if (repaired) {
      const note = `DaemonSet ${AGENTS} was changed or deleted by somebody and is put right again`;
      events.record(installationReference(installation), {
        type: 'Warning',
        reason: 'DriftRepaired',
        action: 'Apply',
        note,
      });
    }
    return hash;
  }
}

/** For deletions: an object that is gone already is what was wanted. */
export function ignoreGone(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
