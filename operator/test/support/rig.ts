/** A control plane with Margay's `deploy/` applied, nodes that are stand-ins, and operators as real processes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installationName, installations, nodeDataplanes } from '@margay/crds/resources';
import type { Installation, InstallationStatus } from '@margay/crds/installation.gen';
import { type ControlPlane, startControlPlane } from '@margay/e2e/lab/control-plane';
import { isNotFound } from '@margay/lib/errors';
import type { KubeClient } from '@margay/lib/kube-client';
import { clientFromKubeConfig } from '@margay/lib/kube-config';
import type { KubeObject } from '@margay/lib/objects';
import { daemonSets, nodes } from '@margay/lib/resources';
import { sleep } from '@margay/lib/sleep';
import type { PlacedDaemonSet } from '../../src/render/kube-proxy.ts';
import { History } from './history.ts';
import { StandIns } from './stand-ins.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** One running operator. */
export interface OperatorProcess {
  readonly child: ChildProcess;
  /** Everything that it logged. */
  log(): string;
  /** Ends it, and resolves when it has ended. */
  end(signal?: NodeJS.Signals): Promise<void>;
}

/** How a rig is made. */
export interface RigOptions {
  readonly nodes: readonly string[];
  /** Default true. */
  readonly kubeProxy?: boolean;
}

const KUBE_PROXY = (server: string): string => `
apiVersion: v1
kind: ConfigMap
metadata: {name: kube-proxy, namespace: kube-system}
data:
  config.conf: |
    kind: KubeProxyConfiguration
  kubeconfig.conf: |
    apiVersion: v1
    kind: Config
    clusters: [{name: default, cluster: {server: "https://${server}"}}]
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: kube-proxy, namespace: kube-system, labels: {k8s-app: kube-proxy}}
spec:
  selector: {matchLabels: {k8s-app: kube-proxy}}
  updateStrategy: {type: OnDelete}
  template:
    metadata: {labels: {k8s-app: kube-proxy}}
    spec:
      hostNetwork: true
      tolerations: [{operator: Exists}]
      terminationGracePeriodSeconds: 1
      containers: [{name: kube-proxy, image: "registry.k8s.io/kube-proxy:v1.36.3"}]
`;

/** A whole test bed. */
export class Rig {
  readonly cp: ControlPlane;
  readonly client: KubeClient;
  readonly standIns: StandIns;
  readonly history: History;
  readonly #operators: OperatorProcess[] = [];

  private constructor(cp: ControlPlane) {
    this.cp = cp;
    this.client = clientFromKubeConfig('operator-test', cp.kubeconfig);
    this.standIns = new StandIns(this.client);
    this.history = new History(this.client);
  }

  /** Starts a control plane, applies deploy/ and adds nodes. */
  static async start(options: RigOptions): Promise<Rig> {
    const cp = await startControlPlane();
    await cp.kubectl(['apply', '-k', join(ROOT, 'deploy')]);
    await cp.kubectl([
      'wait',
      '--for=condition=Established',
      'crd/installations.margay.io',
      'crd/nodedataplanes.margay.io',
    ]);
    if (options.kubeProxy !== false)
      await cp.kubectl(['apply', '-f', '-'], KUBE_PROXY(cp.endpoints[0] ?? ''));
    const rig = new Rig(cp);
    for (const name of options.nodes) await rig.standIns.addNode(name);
    rig.standIns.start();
    await rig.history.ready();
    return rig;
  }

  /** Ends operators, stand-ins and the control plane. */
  async stop(): Promise<void> {
    await Promise.all(this.#operators.map((operator) => operator.end('SIGKILL')));
    this.history.close();
    await this.standIns.stop();
    this.client.close();
    await this.cp.stop();
  }

  /** Starts an operator with the token of its own service account, and with no other right. */
  async operator(name = 'operator-a', flags: readonly string[] = []): Promise<OperatorProcess> {
    const token = await this.cp.kubectl(['-n', 'margay-operator', 'create', 'token', 'margay-operator']);
    const kubeconfig = await this.kubeconfigOf(name, token.trim());
    const entry = ['--import', 'tsx', join(ROOT, 'operator/src/main.ts')];
    const own = [
      '--kubeconfig',
      kubeconfig,
      '--pod-name',
      name,
      '--image',
      'margay/operator:0.1.0',
      '--port',
      '0',
    ];
    const child = spawn(process.execPath, [...entry, ...own, ...flags], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    const ended = once(child, 'exit');
    const end = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
      child.kill(signal);
      await ended;
    };
    const operator = { child, log: () => text, end };
    this.#operators.push(operator);
    return operator;
  }

  /** A kubeconfig like the administrator's, but with this token. */
  async kubeconfigOf(name: string, token: string): Promise<string> {
    const text = await readFile(this.cp.kubeconfig, 'utf8');
    const own = text.replace(/client-certificate-data: .*\n\s*client-key-data: .*\n/, `token: ${token}\n`);
    const path = join(this.cp.kubeconfig, '..', `${name}.kubeconfig`);
    await writeFile(path, own, { mode: 0o600 });
    return path;
  }

  /** Applies the Installation with this spec. */
  async install(spec: object = {}): Promise<void> {
    const object = { apiVersion: 'margay.io/v1', kind: 'Installation', metadata: { name: 'default' }, spec };
    await this.cp.kubectl(['apply', '-f', '-'], JSON.stringify(object));
  }

  /** The Installation; undefined when there is none. */
  async installation(): Promise<Installation | undefined> {
    return this.client
      .get<Installation>(installations, { name: installationName })
      .catch((error: unknown) => {
        if (isNotFound(error)) return undefined;
        throw error;
      });
  }

  /** The Installation's status, and whether it is about the present generation. */
  async status(): Promise<InstallationStatus & { current: boolean }> {
    const object = await this.installation();
    return {
      ...object?.status,
      current: object?.status?.observedGeneration === object?.metadata?.generation,
    };
  }

  /**
   * Waits for a condition of the Installation, as of its present generation, and resolves to its message.
   * `words`: nodes come to a state one after the other, and the message names those that are there so far.
   */
  async condition(type: string, status: string, reason?: string, words = /(?:)/): Promise<string> {
    return this.until(`${type}=${status} ${reason ?? ''} ${words.source}`, async () => {
      const { conditions = [], current } = await this.status();
      const found = conditions.find((c) => c.type === type && c.status === status);
      if (!current || found === undefined) return undefined;
      return (reason ?? found.reason) === found.reason && words.test(found.message)
        ? found.message
        : undefined;
    });
  }

  /** Names of the nodes that are labelled parked. */
  async parked(): Promise<readonly string[]> {
    const { items } = await this.client.list<KubeObject>(
      nodes,
      {},
      { labelSelector: 'margay.io/kube-proxy=parked' },
    );
    return items.map((n) => n.metadata?.name ?? '');
  }

  /** Names of the NodeDataplanes, with their orders. */
  async orders(): Promise<Readonly<Record<string, string>>> {
    const { items } = await this.client.list<KubeObject & { spec: { mode: string } }>(nodeDataplanes);
    return Object.fromEntries(items.map((d) => [d.metadata?.name ?? '', d.spec.mode]));
  }

  /** kube-proxy's DaemonSet. */
  async kubeProxy(): Promise<PlacedDaemonSet & KubeObject> {
    return this.client.get(daemonSets, { namespace: 'kube-system', name: 'kube-proxy' });
  }

  /** Reasons of all Events that mention a text. */
  async events(text: string): Promise<readonly string[]> {
    const out = await this.cp.kubectl(['get', 'events.events.k8s.io', '-o', 'json']);
    const { items } = JSON.parse(out) as { items: { reason: string; note: string }[] };
    return items.filter((e) => e.note.includes(text)).map((e) => e.reason);
  }

  /** Polls until the probe gives a value; fails with the operators' logs after the time. */
  async until<T>(what: string, probe: () => Promise<T | undefined>, ms = 60_000): Promise<T> {
    const end = performance.now() + ms;
    while (performance.now() < end) {
      const value = await probe();
      if (value !== undefined) return value;
      await sleep(100);
    }
    const status = JSON.stringify((await this.status()).conditions, undefined, 1);
    const logs = this.#operators.map((operator) => operator.log().slice(-4000)).join('\n---\n');
    throw new Error(
      `not within ${ms} ms: ${what}\n${status}\n${JSON.stringify(this.history.all.slice(-40))}\n${logs}`,
    );
  }
}
