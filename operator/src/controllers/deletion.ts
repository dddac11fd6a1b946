/** Takes Margay off a cluster whose Installation is being deleted, after every node is back on kube-proxy. */
import { managedLabel, nodeDataplanes, servicesEndpointName, systemNamespace } from '@margay/crds/resources';
import { parseDuration } from '@margay/lib/duration';
import { configMaps, daemonSets } from '@margay/lib/resources';
import type { Verdict } from '../rollout/engine.ts';
import { agentName, configPrefix } from '../names.ts';
import type { InstallationRecord } from '../watch/records.ts';
import type { Deps } from './deps.ts';
import { installationReference, tellOfNode } from './deps.ts';
import { releaseFinalizer } from './installation.ts';
import { ignoreGone } from './workloads.ts';

/** How far deletion may go now. */
export interface DeletionState {
  /** Every node is back, or the time is up. */
  readonly mayTearDown: boolean;
  /** Nodes that are not back although the time is up. */
  readonly givenUp: readonly Verdict[];
  /** Until the time is up. */
  readonly leftMs: number;
}

const AGENTS_GONE_MS = 60_000;

/** Whether a node is where a deletion leaves it: on kube-proxy, without an order that says otherwise. */
const isBack = ({ state, node }: Verdict): boolean =>
  (state === 'Standard' || state === 'New' || state === 'Excluded') && !node.parked && !node.kept;

/** Judges the nodes against `spec.onDelete.timeout`. Pure. */
export function deletionState(
  verdicts: readonly Verdict[],
  deadlineMs: number,
  nowMs: number,
): DeletionState {
  const missing = verdicts.filter((v) => !isBack(v));
  const leftMs = Math.max(0, deadlineMs - nowMs);
  const over = leftMs === 0;
  return { mayTearDown: missing.length === 0 || over, givenUp: over ? missing : [], leftMs };
}

/** When a deletion goes on without those who do not answer, in milliseconds since the epoch. */
export function deletionDeadline(deletedAt: string, timeout: string): number {
  return Date.parse(deletedAt) + parseDuration(timeout);
}

/** The last steps of a deletion. Each is safe to repeat, so that another replica may go on anywhere. */
export class Deletion {
  readonly #deps: Deps;
  #agentsDeletedAt: number | undefined;
  #named = new Set<string>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Names the nodes that are given up on, once each. */
  nameGivenUp(installation: InstallationRecord, givenUp: readonly Verdict[], timeout: string): void {
    for (const { node, message } of givenUp) {
      if (this.#named.has(node.name)) continue;
      this.#named.add(node.name);
      const note = `${node.name}: given up on after spec.onDelete.timeout (${timeout}): ${message}. When the node is back, run margay-agent cleanup on it`;
      this.#deps.log.error('node given up on', { node: node.name, why: message });
      const happening = { type: 'Warning' as const, reason: 'NodeGivenUp', action: 'Delete', note };
      tellOfNode(this.#deps, { installation, node: node.name }, happening);
    }
  }

  /**
   * Removes agents, orders, configurations and our endpoint maps, then lets the Installation go. Resolves to after how
   * many milliseconds to come back, or undefined when all is done.
   */
  async tearDown(installation: InstallationRecord): Promise<number | undefined> {
    if (!(await this.#agentsGone())) return 500;
    await this.#deleteOrders();
    await this.#deleteMaps();
    const note = 'Margay is removed: kube-proxy serves, agents and their orders are deleted';
    const happening = { type: 'Normal' as const, reason: 'Removed', action: 'Delete', note };
    this.#deps.events.record(installationReference(installation), happening);
    await this.#deps.events.flush();
    await releaseFinalizer(this.#deps, installation);
    this.#agentsDeletedAt = undefined;
    this.#named.clear();
    this.#deps.log.info('installation removed', { name: installation.name });
    return undefined;
  }

  /**
   * Agents on nodes that still answer get a minute to end in good order. Not a foreground deletion: that would wait
   * for the pods of nodes that do not answer.
   */
  async #agentsGone(): Promise<boolean> {
    const { client, world, now } = this.#deps;
    this.#agentsDeletedAt ??= now();
    if (world.agents.values.some((daemonSet) => !daemonSet.deleting)) {
      const ref = { namespace: systemNamespace, name: agentName };
      await client.delete(daemonSets, ref, { propagationPolicy: 'Background' }).catch(ignoreGone);
    }
    const answers = (node: string): boolean => (world.nodes.get(node)?.ready ?? 'Unknown') !== 'Unknown';
    const left = world.agentPods.values.filter((pod) => answers(pod.node));
    const gone = left.length === 0 && world.agents.values.length === 0;
    return gone || now() - this.#agentsDeletedAt > AGENTS_GONE_MS;
  }

  async #deleteOrders(): Promise<void> {
    const { client, world } = this.#deps;
    for (const { name } of world.dataplanes.values) {
      await client.delete(nodeDataplanes, { name }).catch(ignoreGone);
      world.dataplanes.remove(name);
    }
  }

  async #deleteMaps(): Promise<void> {
    const { client, world } = this.#deps;
    const ours = world.configMaps.values.filter(
      (map) =>
        map.name.startsWith(configPrefix) ||
        (map.name === servicesEndpointName && map.labels[managedLabel] === 'true'),
    );
    for (const { name, namespace } of ours) {
      await client.delete(configMaps, { namespace, name }).catch(ignoreGone);
      world.configMaps.remove(`${namespace}/${name}`);
    }
  }
}
