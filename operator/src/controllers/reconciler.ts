/** One pass over everything that follows from the Installation: read, decide, apply, report. */
import { installationName, installations } from '@margay/crds/resources';
import type { EffectiveSpec } from '@margay/crds/defaults';
import { apply } from '@margay/lib/apply';
import { messageOf } from '@margay/lib/errors';
import type { KubeObject, NamedObject } from '@margay/lib/objects';
import { fieldManager } from '../names.ts';
import { stableJson } from '../render/agent-config.ts';
import type { Wanted } from '../rollout/assemble.ts';
import { buildStatus } from '../status/build.ts';
import type { KubeProxyFinding } from '../status/kube-proxy.ts';
import type { Problem } from '../status/problem.ts';
import type { InstallationRecord } from '../watch/records.ts';
import { decodeInstallation } from '../watch/records.ts';
import type { KubeProxyPlace } from '../watch/world.ts';
import type { ApiEndpointController } from './api-endpoint.ts';
import { Deletion, deletionDeadline, deletionState } from './deletion.ts';
import type { Deps } from './deps.ts';
import { computeInstallation, ensureFinalizer } from './installation.ts';
import type { KubeProxyWish } from './kube-proxy.ts';
import { KubeProxyController } from './kube-proxy.ts';
import type { NodeReport } from './nodes.ts';
import { NodesController } from './nodes.ts';
import { Workloads } from './workloads.ts';

/** The watches of kube-proxy, wherever it is. */
export interface KubeProxyWatches {
  followKubeProxy(place: KubeProxyPlace, known: () => void): void;
  knowsKubeProxy(place: KubeProxyPlace): boolean;
}

/** What a pass needs beside the others. */
export interface ReconcilerOptions {
  readonly watches: KubeProxyWatches;
  readonly apiEndpoint: ApiEndpointController;
  /** Asks for another pass. */
  readonly again: () => void;
}

interface Pass {
  readonly installation: InstallationRecord;
  readonly spec: EffectiveSpec;
  readonly deleting: boolean;
  readonly problems: Problem[];
  config: string;
  kubeProxy: KubeProxyFinding;
  report: NodeReport;
}

/** Before this time, what is not known yet is no news. */
const PATIENCE_MS = 10_000;

const earliest = (...times: (number | undefined)[]): number | undefined => {
  const known = times.filter((ms) => ms !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
};

/** Brings the cluster to what the Installation says. */
export class Reconciler {
  readonly #deps: Deps;
  readonly #options: ReconcilerOptions;
  readonly #workloads: Workloads;
  readonly #kubeProxy: KubeProxyController;
  readonly #nodes: NodesController;
  readonly #deletion: Deletion;
  readonly #startedAt: number;

  constructor(deps: Deps, options: ReconcilerOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#workloads = new Workloads(deps);
    this.#kubeProxy = new KubeProxyController(deps);
    this.#nodes = new NodesController(deps);
    this.#deletion = new Deletion(deps);
    this.#startedAt = deps.now();
  }

  /** One pass. Resolves to after how many milliseconds to come back; undefined: when something changes. */
  async reconcile(): Promise<number | undefined> {
    const record = this.#deps.world.installations.get(installationName);
    if (record === undefined) return undefined;
    await ensureFinalizer(this.#deps, record);
    const installation = this.#deps.world.installations.get(installationName) ?? record;
    const { spec, problems } = computeInstallation(this.#deps, installation);
    this.#options.watches.followKubeProxy(spec.kubeProxy, this.#options.again);
    const knows = this.#options.watches.knowsKubeProxy(spec.kubeProxy);
    if (!knows && this.#deps.now() - this.#startedAt < PATIENCE_MS) return 1000;
    const pass: Pass = {
      installation,
      spec,
      deleting: installation.deletedAt !== undefined,
      problems: [...problems],
      config: '',
      kubeProxy: unknownKubeProxy(spec.kubeProxy),
      report: { verdicts: [], problems: [] },
    };
    return this.#run(pass);
  }

  async #run(pass: Pass): Promise<number | undefined> {
    const failure = await this.#steps(pass);
    if (pass.deleting) {
      const rest = await this.#delete(pass);
      if (rest === 'gone') return undefined;
      await this.#report(pass);
      if (failure !== undefined) throw failure;
      return earliest(rest, pass.report.wakeMs);
    }
    await this.#report(pass);
    if (failure !== undefined) throw failure;
    return pass.report.wakeMs;
  }

  /** The steps up to the orders. What fails is named in the status, and given back so that it is tried again. */
  async #steps(pass: Pass): Promise<Error | undefined> {
    const endpoint = this.#options.apiEndpoint.state;
    if (endpoint.problem !== undefined) pass.problems.push(endpoint.problem);
    try {
      const known = this.#options.watches.knowsKubeProxy(pass.spec.kubeProxy);
      if (known) pass.kubeProxy = await this.#kubeProxy.ensure(this.#kubeProxyWish(pass));
      if (pass.kubeProxy.placement === 'Refused') pass.problems.push(refused(pass.kubeProxy));
      if (known && pass.spec.network.cni !== 'Auto') return await this.#orders(pass);
      await this.#lookOnly(pass);
      return undefined;
    } catch (error) {
      pass.problems.push({ reason: 'ApplyFailed', message: messageOf(error) });
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  async #orders(pass: Pass): Promise<Error | undefined> {
    pass.config = await this.#workloads.ensureConfig(pass.spec);
    await this.#nodes.keepLeaving(this.#wanted(pass, ''));
    const template = await this.#agents(pass);
    pass.report = await this.#nodes.ensure({ ...pass, wanted: this.#wanted(pass, template) });
    pass.problems.push(...pass.report.problems);
    await this.#workloads.dropOldConfigs(pass.config);
    const [first] = pass.report.problems;
    return first === undefined ? undefined : new Error(first.message);
  }

  /** How the nodes stand, where no order can be given. */
  async #lookOnly(pass: Pass): Promise<void> {
    pass.report = await this.#nodes.ensure({ ...pass, wanted: this.#wanted(pass, ''), lookOnly: true });
  }

  /** While everything is taken down, agents that are gone stay gone. */
  async #agents({ spec, installation, deleting }: Pass): Promise<string> {
    const present = this.#deps.world.agents.values.some((daemonSet) => !daemonSet.deleting);
    if (deleting && !present) return '';
    return this.#workloads.ensureAgents(spec, installation);
  }

  #wanted({ spec, deleting, config }: Pass, template: string): Wanted {
    return {
      bpf: spec.bpfEnabled && !deleting,
      selector: spec.bpfNodeSelector,
      affinity: spec.agent.affinity,
      config,
      template,
    };
  }

  #kubeProxyWish({ spec, installation, deleting }: Pass): KubeProxyWish {
    const facts = this.#nodes.facts(this.#wanted({ spec, deleting, config: '' } as Pass, ''));
    const ours = facts.filter((node) => node.excluded === '');
    const inUse = facts.some((node) => node.parked) || ours.some((node) => node.order?.mode === 'BPF');
    const wants = ours.some((node) => node.wanted === 'BPF');
    const placement = wants ? 'Parkable' : inUse ? 'Keep' : 'Original';
    return { installation, place: spec.kubeProxy, management: spec.kubeProxyManagement, placement };
  }

  async #delete(pass: Pass): Promise<number | 'gone' | undefined> {
    const { installation, spec, report } = pass;
    const { timeout } = spec.onDelete;
    const deadline = deletionDeadline(installation.deletedAt ?? '', timeout);
    const state = deletionState(report.verdicts, deadline, this.#deps.now());
    const blind = report.verdicts.length === 0 && this.#deps.world.dataplanes.values.length > 0;
    if (!state.mayTearDown || (blind && state.leftMs > 0)) return state.leftMs;
    this.#deletion.nameGivenUp(installation, state.givenUp, timeout);
    await this.#nodes.unparkAll();
    const wish = { ...this.#kubeProxyWish(pass), placement: 'Original' as const };
    await this.#kubeProxy.ensure(wish);
    return (await this.#deletion.tearDown(installation)) ?? 'gone';
  }

  async #report(pass: Pass): Promise<void> {
    const { client, world, now } = this.#deps;
    const { installation } = pass;
    const status = buildStatus({
      generation: installation.generation,
      now: new Date(now()),
      previous: installation.status,
      computed: pass.spec,
      config: pass.config,
      verdicts: pass.report.verdicts,
      problems: pass.problems,
      kubeProxy: pass.kubeProxy,
      apiServer: this.#options.apiEndpoint.state.section,
      deleting: pass.deleting,
    });
    if (stableJson(status) === stableJson(installation.status)) return;
    const object: NamedObject & { status: unknown } = {
      apiVersion: `${installations.group}/${installations.version}`,
      kind: installations.kind,
      metadata: { name: installation.name },
      status,
    };
    const options = { fieldManager, force: true, subresource: 'status' };
    const written = await apply<KubeObject>(client, installations, object, options);
    world.installations.put(installation.name, decodeInstallation(written));
  }
}

function unknownKubeProxy(place: KubeProxyPlace): KubeProxyFinding {
  const at = `${place.namespace}/${place.name}`;
  const why = `DaemonSet ${at} is not known yet; if this stays, see whether the operator may read DaemonSets and pods in ${place.namespace}`;
  return { placement: 'Refused', place: at, replacing: false, why, contested: false, unknown: true };
}

function refused({ unknown, contested, why }: KubeProxyFinding): Problem {
  if (unknown) return { reason: 'KubeProxyUnknown', message: why };
  return { reason: contested ? 'KubeProxyContested' : 'KubeProxyManaged', message: why };
}
