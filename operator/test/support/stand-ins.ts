/**
 * Stand-ins for what a control plane without nodes lacks: kubelets that run no containers, and agents that give the
 * evidence which the test asks of them. They act through the API only, as the real ones do.
 */
import type { Condition } from '@margay/crds/conditions';
import { nodeDataplanes, systemNamespace } from '@margay/crds/resources';
import { mergePatch } from '@margay/lib/apply';
import { isConflict, isNotFound } from '@margay/lib/errors';
import type { KubeClient } from '@margay/lib/kube-client';
import type { KubeObject, NamedObject } from '@margay/lib/objects';
import { nodes, pods } from '@margay/lib/resources';
import { sleepOrAbort } from '@margay/lib/sleep';

const manager = 'stand-in';

/** What the agent of a node makes of its orders. */
export interface Behaviour {
  /** False: the kernel cannot. */
  supported: boolean;
  /** What `ServicesProgrammed` is in mode BPF. */
  services: Pick<Condition, 'status' | 'reason' | 'message'>;
  /** False: the agent says nothing any more. */
  answers: boolean;
  /** False: the kubelet does not report, and pods do not start or end. */
  kubelet: boolean;
}

const served = { status: 'True', reason: 'Verified', message: 'all maps were read back' } as const;

/** An agent and a kubelet that do what they should. */
export function wellBehaved(): Behaviour {
  return { supported: true, services: served, answers: true, kubelet: true };
}

/** As {@link Behaviour.services} while a Service exists that only kube-proxy serves. */
export const unsupportedService = {
  status: 'False',
  reason: 'UnsupportedService',
  message: 'default/sctp: protocol SCTP is not served by this version',
} as const;

interface Pod extends NamedObject {
  readonly spec: { readonly nodeName?: string; readonly affinity?: { readonly nodeAffinity?: unknown } };
  readonly status?: { readonly phase?: string };
}

interface Dataplane extends NamedObject {
  readonly spec: { readonly mode: 'BPF' | 'Standard' };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** Runs the stand-ins for a set of nodes. */
export class StandIns {
  /** What each node does; change it at any time. */
  readonly nodes = new Map<string, Behaviour>();
  readonly #client: KubeClient;
  readonly #stop = new AbortController();
  #done: Promise<void> = Promise.resolve();
  #beat = 0;

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** Adds a Node with a kubelet and an agent. */
  async addNode(name: string, labels: Readonly<Record<string, string>> = {}): Promise<Behaviour> {
    const object = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels: { 'kubernetes.io/os': 'linux', ...labels } },
    };
    await this.#client.create(nodes, object);
    const behaviour = wellBehaved();
    this.nodes.set(name, behaviour);
    await this.report(name, 'True');
    return behaviour;
  }

  /** Sets a Node's Ready condition, as a kubelet (or, for Unknown, the node controller) does. */
  async report(name: string, status: 'True' | 'False' | 'Unknown', message = ''): Promise<void> {
    const now = `${new Date().toISOString().slice(0, 19)}Z`;
    const ready = {
      type: 'Ready',
      status,
      reason: 'StandIn',
      message,
      lastHeartbeatTime: now,
      lastTransitionTime: now,
    };
    await this.#client.request({
      method: 'PATCH',
      path: `/api/v1/nodes/${name}/status`,
      contentType: 'application/strategic-merge-patch+json',
      body: { status: { conditions: [ready] } },
    });
  }

  /** Begins. */
  start(): void {
    this.#done = this.#run();
  }

  /** Ends; resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#round().catch(onlyRaces);
      await sleepOrAbort(100, this.#stop.signal);
    }
  }

  async #round(): Promise<void> {
    const podsOf = async (namespace: string): Promise<readonly Pod[]> =>
      (await this.#client.list<Pod>(pods, { namespace })).items;
    const [agents, proxies] = await Promise.all([podsOf(systemNamespace), podsOf('kube-system')]);
    for (const pod of [...agents, ...proxies]) await this.#kubelet(pod).catch(onlyRaces);
    const orders = await this.#client.list<Dataplane>(nodeDataplanes);
    for (const order of orders.items) await this.#agent(order, agents, proxies);
    if (this.#beat++ % 50 === 0) await this.#heartbeats();
  }

  async #heartbeats(): Promise<void> {
    for (const [name, { kubelet }] of this.nodes) if (kubelet) await this.report(name, 'True');
  }

  async #kubelet(pod: Pod): Promise<void> {
    const node = nodeOf(pod);
    if (this.nodes.get(node)?.kubelet !== true) return;
    const { namespace = '', name } = pod.metadata;
    const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
    if (pod.metadata.deletionTimestamp !== undefined) {
      await this.#client.request({ method: 'DELETE', path, body: { gracePeriodSeconds: 0 } });
    } else if (pod.spec.nodeName === undefined) {
      const target = { apiVersion: 'v1', kind: 'Node', name: node };
      const body = { apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace }, target };
      await this.#client.request({ method: 'POST', path: `${path}/binding`, body });
    } else if (pod.status?.phase !== 'Running') {
      const status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
      const contentType = 'application/strategic-merge-patch+json';
      await this.#client.request({ method: 'PATCH', path: `${path}/status`, contentType, body: { status } });
    }
  }

  async #agent(order: Dataplane, agents: readonly Pod[], proxies: readonly Pod[]): Promise<void> {
    const { name, generation = 0 } = order.metadata;
    const behaviour = this.nodes.get(name);
    const runs = (pod: Pod): boolean => pod.spec.nodeName === name && pod.status?.phase === 'Running';
    if (behaviour?.answers !== true || !agents.some(runs)) return;
    const conditions = conditionsOf(order, behaviour, proxies.some(runs));
    if (said(order.status?.conditions) === said(conditions)) return;
    const bpf = order.spec.mode === 'BPF' && behaviour.supported;
    const status = { observedGeneration: generation, mode: bpf ? 'BPF' : 'Standard', conditions };
    const ref = { name, subresource: 'status' };
    await mergePatch<KubeObject>(this.#client, nodeDataplanes, ref, {
      value: { status },
      fieldManager: manager,
    });
  }
}

/** What makes two reports the same. */
function said(conditions: readonly Condition[] = []): string {
  return JSON.stringify(conditions.map((c) => [c.type, c.status, c.reason, c.observedGeneration]));
}

/** Before it is bound, a DaemonSet's pod names its node in an affinity. */
function nodeOf({ spec }: Pod): string {
  return spec.nodeName ?? /"values":\["([^"]+)"\]/.exec(JSON.stringify(spec.affinity))?.[1] ?? '';
}

function conditionsOf(order: Dataplane, behaviour: Behaviour, kubeProxyRuns: boolean): readonly Condition[] {
  const common = {
    observedGeneration: order.metadata.generation ?? 0,
    lastTransitionTime: '2026-01-01T00:00:00Z',
  };
  const yes = { status: 'True', reason: 'Shown', message: 'shown' } as const;
  const cannot = {
    status: 'False',
    reason: 'MissingKernelFeature',
    message: '/sys/kernel/btf/vmlinux is not there',
  } as const;
  const syncing = {
    status: 'False',
    reason: 'KubeProxyNotRunning',
    message: 'no kube-proxy on this node',
  } as const;
  const found: [string, Pick<Condition, 'status' | 'reason' | 'message'>][] = [
    ['Supported', behaviour.supported ? yes : cannot],
    ['ApiServerDirect', yes],
    ['KubeProxyProgrammed', kubeProxyRuns ? yes : syncing],
  ];
  if (order.spec.mode === 'BPF' && behaviour.supported)
    found.push(['ServicesProgrammed', behaviour.services]);
  return found.map(([type, finding]) => ({ type, ...finding, ...common }));
}

/** Others act at the same time; what is gone or was changed meanwhile is looked at again in the next round. */
function onlyRaces(error: unknown): void {
  if (!isNotFound(error) && !isConflict(error)) throw error;
}
