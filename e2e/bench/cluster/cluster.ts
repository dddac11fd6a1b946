/** The real API server of a run, and what is in it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { agentConfigOf } from '@margay/crds/agent-config';
import { effectiveSpec } from '@margay/crds/defaults';
import { nodeDataplanes, systemNamespace } from '@margay/crds/resources';
import { isAlreadyExists } from '@margay/lib/errors';
import type { KubeClient } from '@margay/lib/kube-client';
import { clientFromKubeConfig } from '@margay/lib/kube-config';
import type { KubeObject } from '@margay/lib/objects';
import {
  apiVersionOf,
  configMaps,
  endpointSlices,
  nodes,
  resourcePath,
  services,
  type ResourceType,
} from '@margay/lib/resources';
import { type ControlPlane, startControlPlane } from '../../lab/control-plane.ts';
import { ADDRESS, type NodeName } from '../rig/shell.ts';
import { endpointsOf, measured, serviceObject, sliceObject } from './workload.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const CONFIG_NAME = 'margay-config-bench';
const PARALLEL = 16;
const NODES: readonly NodeName[] = ['n1', 'n2'];

/** The agents' configuration: what the operator makes of an Installation that only names its CNI. */
export function agentConfig(): ReturnType<typeof agentConfigOf> {
  const findings = { operatorVersion: 'bench', operatorImage: { registry: '', path: '' } };
  return agentConfigOf(effectiveSpec({ network: { cni: 'None' } }, findings));
}

async function inParallel(count: number, task: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await task(index);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

/** A control plane without kubelets; two Nodes that are ordered to be served by eBPF. */
export class BenchCluster {
  readonly controlPlane: ControlPlane;
  readonly client: KubeClient;
  readonly #made = new Set<number>();

  private constructor(controlPlane: ControlPlane) {
    this.controlPlane = controlPlane;
    this.client = clientFromKubeConfig('margay-bench', controlPlane.kubeconfig);
  }

  /** Starts it with Margay's CRDs, RBAC, configuration and the two Nodes' orders. */
  static async start(): Promise<BenchCluster> {
    const cluster = new BenchCluster(await startControlPlane({ controllerManager: false }));
    try {
      await cluster.#furnish();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** `host:port` of the API server. */
  get server(): { readonly host: string; readonly port: string } {
    const [host = '', port = ''] = (this.controlPlane.endpoints[0] ?? '').split(':');
    return { host, port };
  }

  /** Creates Services number `from` to `to` (not included) of `count`, with their EndpointSlices. */
  async fill({ from, to, count }: { from: number; to: number; count: number }): Promise<void> {
    await inParallel(to - from, (offset) => this.#add(from + offset, count));
  }

  /** Creates only those of `count` Services that are measured. */
  async fillMeasured(count: number): Promise<void> {
    for (const index of measured(count)) await this.#add(index, count);
  }

  /** Replaces the endpoints of one Service. */
  async setEndpoints(index: number, addresses: readonly string[]): Promise<void> {
    const object = sliceObject(index, addresses) as { metadata: { name: string }; endpoints: object[] };
    await this.client.request({
      method: 'PATCH',
      path: resourcePath(endpointSlices, { namespace: 'default', name: object.metadata.name }),
      body: { endpoints: object.endpoints },
      contentType: 'application/merge-patch+json',
    });
  }

  /** A service account's directory, as a kubelet mounts it. */
  async serviceAccount(dir: string): Promise<string> {
    const target = join(dir, 'serviceaccount');
    await mkdir(target, { recursive: true });
    const args = ['-n', systemNamespace, 'create', 'token', 'margay-agent', '--duration=24h'];
    const token = await this.controlPlane.kubectl(args);
    await writeFile(join(target, 'token'), token.trim(), { mode: 0o600 });
    await writeFile(join(target, 'ca.crt'), await this.controlPlane.ca());
    await writeFile(join(target, 'namespace'), systemNamespace);
    return target;
  }

  /** Ends it without a trace. */
  async stop(): Promise<void> {
    this.client.close();
    await this.controlPlane.stop();
  }

  async #furnish(): Promise<void> {
    const files = ['namespaces.yaml', 'rbac/agent.yaml'].map((file) => join('deploy', file));
    for (const file of ['crds/schemas/installation.yaml', 'crds/schemas/nodedataplane.yaml', ...files])
      await this.controlPlane.kubectl(['apply', '-f', join(repository, file)]);
    await this.controlPlane.kubectl([
      'wait',
      '--for=condition=Established',
      'crd/nodedataplanes.margay.io',
      '--timeout=30s',
    ]);
    await this.#ensure(configMaps, {
      metadata: { name: CONFIG_NAME, namespace: systemNamespace },
      immutable: true,
      data: { 'config.json': JSON.stringify(agentConfig()) },
    });
    for (const node of NODES) await this.#addNode(node);
  }

  async #add(index: number, count: number): Promise<void> {
    // A Service that is there is refused for its address before its name.
    if (this.#made.has(index)) return;
    this.#made.add(index);
    await this.#ensure(services, serviceObject(index));
    await this.#ensure(endpointSlices, sliceObject(index, endpointsOf(index, count)));
  }

  async #addNode(node: NodeName): Promise<void> {
    const labels = { 'margay.io/kube-proxy': 'parked' };
    await this.#ensure(nodes, {
      metadata: { name: node, labels },
      spec: { podCIDRs: [ADDRESS.podCidr[node]] },
    });
    await this.client.request({
      method: 'PATCH',
      path: resourcePath(nodes, { name: node, subresource: 'status' }),
      body: { status: { addresses: [{ type: 'InternalIP', address: ADDRESS.node[node] }] } },
      contentType: 'application/merge-patch+json',
    });
    const spec = { mode: 'BPF', configRef: { name: CONFIG_NAME } };
    await this.#ensure(nodeDataplanes, { metadata: { name: node }, spec });
  }

  async #ensure(type: ResourceType, object: object): Promise<void> {
    const full = { apiVersion: apiVersionOf(type), kind: type.kind, ...object } as KubeObject;
    await this.client.create(type, full).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error;
    });
  }
}
