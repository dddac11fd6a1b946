/** Carries the rollout engine's orders out, one node after the other. */
import type { EffectiveSpec } from '@margay/crds/defaults';
import {
  kubeProxyLabel,
  nodeDataplanes,
  parkedValue,
  returningValue,
  systemNamespace,
} from '@margay/crds/resources';
import { apply, mergePatch } from '@margay/lib/apply';
import { parseDuration } from '@margay/lib/duration';
import { messageOf } from '@margay/lib/errors';
import type { KubeObject } from '@margay/lib/objects';
import { nodes, pods } from '@margay/lib/resources';
import { fieldManager } from '../names.ts';
import { nodeDataplane } from '../render/objects.ts';
import { allowance } from '../rollout/allowance.ts';
import type { Wanted } from '../rollout/assemble.ts';
import { assemble } from '../rollout/assemble.ts';
import type { Plan, Since, Verdict } from '../rollout/engine.ts';
import { plan } from '../rollout/engine.ts';
import type { NodeFacts } from '../rollout/facts.ts';
import type { Order } from '../rollout/table.ts';
import type { Remembered } from '../status/happenings.ts';
import { happeningOf } from '../status/happenings.ts';
import type { KubeProxyFinding } from '../status/kube-proxy.ts';
import type { Problem } from '../status/problem.ts';
import type { InstallationRecord } from '../watch/records.ts';
import { decodeDataplane, decodeNode } from '../watch/records.ts';
import type { Deps } from './deps.ts';
import { tellOfNode } from './deps.ts';
import { ignoreGone } from './workloads.ts';

/** What the nodes are brought to. */
export interface NodeWish {
  readonly installation: InstallationRecord;
  readonly spec: EffectiveSpec;
  readonly wanted: Wanted;
  readonly kubeProxy: KubeProxyFinding;
  readonly deleting: boolean;
  /** Only look: there is nothing yet that an order could name. */
  readonly lookOnly?: boolean;
}

/** How the nodes stand after the orders that could be given. */
export interface NodeReport {
  readonly verdicts: readonly Verdict[];
  readonly problems: readonly Problem[];
  readonly wakeMs?: number;
}

/** Drives the nodes. */
export class NodesController {
  readonly #deps: Deps;
  #since: Since = new Map();
  #remembered: Remembered = new Map();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** The facts of every node as they are known now. */
  facts(wanted: Wanted): readonly NodeFacts[] {
    const { world } = this.#deps;
    const byNode = new Map(world.agentPods.values.map((pod) => [pod.node, pod]));
    for (const pod of world.agentPods.values) if (!pod.deleting) byNode.set(pod.node, pod);
    const seen = {
      nodes: world.nodes.values,
      dataplanes: new Map(world.dataplanes.values.map((d) => [d.name, d])),
      agents: byNode,
      kubeProxies: new Set(world.kubeProxyPods.values.map((pod) => pod.node)),
    };
    return assemble(seen, wanted);
  }

  /** Plans, gives the orders of this plan, and says how every node stands. */
  async ensure(wish: NodeWish): Promise<NodeReport> {
    const plan = this.#plan(wish);
    if (wish.lookOnly === true) return { verdicts: plan.verdicts, problems: [] };
    const problems: Problem[] = [];
    for (const verdict of plan.verdicts) {
      this.#tell(wish.installation, verdict);
      // What has no order while everything is taken down gets none any more.
      if (verdict.order === undefined || (wish.deleting && verdict.state === 'New')) continue;
      await this.#carryOut(verdict, verdict.order, wish).catch((error: unknown) => {
        const message = `${verdict.node.name}: ${verdict.order ?? ''} failed: ${messageOf(error)}`;
        problems.push({ reason: 'OrderFailed', message });
      });
    }
    await this.#forgetGone();
    this.#remembered = new Map(plan.verdicts.map((v) => [v.node.name, v]));
    return {
      verdicts: plan.verdicts,
      problems,
      ...(plan.wakeMs === undefined ? {} : { wakeMs: plan.wakeMs }),
    };
  }

  /**
   * Labels every node that is leaving and has no label yet, so that the agents' DaemonSet goes on selecting it. To be
   * called before that is narrowed.
   */
  async keepLeaving(wanted: Wanted): Promise<void> {
    for (const node of this.facts(wanted)) {
      if (node.leaving !== '' && !node.parked && !node.kept) await this.#label(node.name, returningValue);
    }
  }

  /** Takes the label off every node that has it. */
  async unparkAll(): Promise<void> {
    for (const node of this.#deps.world.nodes.values) {
      if (node.labels[kubeProxyLabel] !== undefined) await this.#label(node.name, null);
    }
  }

  #plan({ wanted, spec, kubeProxy, deleting, lookOnly }: NodeWish): Plan {
    const facts = this.facts(wanted);
    const strategy = spec.nodeUpdateStrategy;
    const ours = facts.filter((node) => node.excluded === '').length;
    const cluster = {
      kubeProxy: kubeProxy.placement,
      kubeProxyWhy: kubeProxy.why,
      allowed: allowance(strategy.maxUnavailable, ours),
      paused: strategy.paused && !deleting,
      onFailure: deleting ? ('Continue' as const) : strategy.onFailure,
    };
    const drainTimeoutMs = parseDuration(spec.bpf.drainTimeout);
    const result = plan(facts, cluster, { nowMs: this.#deps.now(), since: this.#since, drainTimeoutMs });
    if (lookOnly !== true) this.#since = result.since;
    return result;
  }

  #tell(installation: InstallationRecord, verdict: Verdict): void {
    const happening = happeningOf(verdict, this.#remembered);
    if (happening !== undefined) tellOfNode(this.#deps, { installation, node: verdict.node.name }, happening);
    const before = this.#remembered.get(verdict.node.name);
    if (before?.state === verdict.state && before.standing === verdict.standing) return;
    const { state, standing, message } = verdict;
    this.#deps.log.info('node state', { node: verdict.node.name, state, standing, why: message });
  }

  async #carryOut({ node }: Verdict, order: Order, { wanted }: NodeWish): Promise<void> {
    this.#deps.log.info('order', { node: node.name, order, config: wanted.config });
    switch (order) {
      case 'OrderBPF':
        return this.#order(node.name, 'BPF', wanted.config);
      case 'OrderStandard':
        return this.#order(node.name, 'Standard', wanted.config);
      case 'Park':
        return this.#label(node.name, parkedValue);
      case 'Unpark':
        return this.#label(node.name, node.leaving === '' ? null : returningValue);
      case 'Release':
        return this.#label(node.name, null);
      case 'RestartAgent':
        return this.#restartAgent(node.name);
    }
  }

  async #order(name: string, mode: 'BPF' | 'Standard', config: string): Promise<void> {
    const { client, world } = this.#deps;
    const manifest = nodeDataplane(name, mode, config);
    const object = await apply<KubeObject>(client, nodeDataplanes, manifest, { fieldManager, force: true });
    world.dataplanes.put(name, decodeDataplane(object));
  }

  async #label(name: string, value: string | null): Promise<void> {
    const { client, world } = this.#deps;
    const patch = { value: { metadata: { labels: { [kubeProxyLabel]: value } } }, fieldManager };
    const object = await mergePatch<KubeObject>(client, nodes, { name }, patch);
    world.nodes.put(name, decodeNode(object));
  }

  async #restartAgent(node: string): Promise<void> {
    const { client, world } = this.#deps;
    const pod = world.agentPods.values.find((p) => p.node === node && !p.deleting);
    if (pod === undefined) return;
    const ref = { namespace: systemNamespace, name: pod.name };
    await client.delete(pods, ref, { preconditions: { uid: pod.uid } }).catch(ignoreGone);
    world.agentPods.put(`${systemNamespace}/${pod.name}`, { ...pod, deleting: true });
  }

  /** A Node that was deleted takes its NodeDataplane with it. */
  async #forgetGone(): Promise<void> {
    const { client, world } = this.#deps;
    for (const { name } of world.dataplanes.values) {
      if (world.nodes.get(name) !== undefined) continue;
      await client.delete(nodeDataplanes, { name }).catch(ignoreGone);
      world.dataplanes.remove(name);
    }
  }
}
