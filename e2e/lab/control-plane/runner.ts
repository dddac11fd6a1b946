import { request } from 'node:https';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { API_PORT, kubernetesServiceAddress, type Address, type AddressPlan } from '../address-plan.ts';
import {
  recallDaemon,
  rememberDaemon,
  startDaemon,
  stopDaemon,
  type Daemon,
  type DaemonSpec,
} from '../daemon.ts';
import { LabError } from '../errors.ts';
import { netnsPath } from '../network.ts';
import { until } from '../process.ts';
import {
  apiServerArguments,
  controllerManagerArguments,
  etcdArguments,
  schedulerArguments,
  type ControlPlaneFiles,
} from './arguments.ts';
import { pointBalancer } from './balancer.ts';
import { renderKubeconfig, writeKubeconfig } from './kubeconfig.ts';
import { Pki, type Identity } from './pki.ts';

/** Where a control plane's processes run, and with what. */
export interface RunnerOptions {
  /** PKI, kubeconfigs, etcd's data, logs and pid files are kept below it. */
  dir: string;
  plan: AddressPlan;
  binaries: string;
  /** Name of the network namespace that has the plan's server addresses. */
  netns: string;
  /** Cgroup and life-time of each process. */
  placement: Pick<DaemonSpec, 'cgroupProcs' | 'dieWithParent'>;
}

/** Starts and stops etcd, API servers, kube-controller-manager and kube-scheduler. */
export class ControlPlaneRunner {
  private readonly options: RunnerOptions;
  private readonly files: ControlPlaneFiles;

  private constructor(options: RunnerOptions, files: ControlPlaneFiles) {
    this.options = options;
    this.files = files;
  }

  /** Makes what is missing of keys, certificates and kubeconfigs; starts nothing. */
  static async open(options: RunnerOptions): Promise<ControlPlaneRunner> {
    await mkdir(options.dir, { recursive: true });
    const pki = await Pki.open(join(options.dir, 'pki'));
    const kubeconfig = async (file: string, identity: Identity): Promise<string> => {
      const pair = await pki.issue(file, identity);
      const text = await renderKubeconfig(pki, serverUrl(options.plan.controlPlane), {
        name: identity.name,
        pair,
      });
      return writeKubeconfig(join(options.dir, `${file}.kubeconfig`), text);
    };
    const [kubeletClient, frontProxyClient, controllerManager, scheduler] = await Promise.all([
      pki.issue('kubelet-client', { name: 'kube-apiserver-kubelet-client', groups: ['system:masters'] }),
      pki.issue('front-proxy-client', { name: 'front-proxy-client' }, pki.frontProxyCa),
      kubeconfig('controller-manager', { name: 'system:kube-controller-manager' }),
      kubeconfig('scheduler', { name: 'system:kube-scheduler' }),
      kubeconfig('admin', { name: 'kubernetes-admin', groups: ['system:masters'] }),
    ]);
    return new ControlPlaneRunner(options, {
      plan: options.plan,
      pki,
      etcdDir: join(options.dir, 'etcd'),
      kubeletClient,
      frontProxyClient,
      kubeconfigs: { controllerManager, scheduler },
    });
  }

  /** Issues certificates of the cluster. */
  get pki(): Pki {
    return this.files.pki;
  }

  /** Kubeconfig of a cluster administrator. */
  get adminKubeconfig(): string {
    return join(this.options.dir, 'admin.kubeconfig');
  }

  /** Directory with a log a process. */
  get logs(): string {
    return join(this.options.dir, 'logs');
  }

  /** Starts everything and returns when every API server is ready. */
  async start(what: { scheduler: boolean; controllerManager: boolean }): Promise<void> {
    await this.launch('etcd', 'etcd', etcdArguments(this.files));
    for (const index of this.options.plan.servers.keys()) await this.startServer(index);
    if (what.controllerManager) {
      await this.launch(
        'kube-controller-manager',
        'kube-controller-manager',
        controllerManagerArguments(this.files),
      );
    }
    if (what.scheduler) await this.launch('kube-scheduler', 'kube-scheduler', schedulerArguments(this.files));
  }

  /** Starts API server number `index` (from 0) and waits until it answers /readyz. */
  async startServer(index: number): Promise<void> {
    const address = this.address(index);
    const serving = await this.pki.issue(`apiserver-${index}`, this.servingIdentity());
    const daemon = await this.launch(
      serverName(index),
      'kube-apiserver',
      apiServerArguments(this.files, address, serving),
    );
    await this.ready(address, daemon);
    await this.balance();
  }

  /** Ends API server number `index`; `kill` gives it no time to say good-bye. */
  async stopServer(index: number, how: 'term' | 'kill' = 'term'): Promise<void> {
    this.address(index);
    await this.stopOne(serverName(index), how === 'term' ? 5000 : 0);
    await this.balance();
  }

  /** Ends all processes, clients first. */
  async stop(graceMs = 0): Promise<void> {
    const servers = this.options.plan.servers.map((_, index) => serverName(index));
    for (const name of ['kube-scheduler', 'kube-controller-manager', ...servers, 'etcd']) {
      await this.stopOne(name, graceMs);
    }
  }

  private address(index: number): Address {
    const address = this.options.plan.servers[index];
    if (!address) throw new LabError('BadOption', `there is no API server number ${index}`);
    return address;
  }

  private async launch(name: string, binary: string, args: readonly string[]): Promise<Daemon> {
    const daemon = await startDaemon({
      name,
      command: join(this.options.binaries, binary),
      args,
      logFile: join(this.logs, `${name}.log`),
      netns: netnsPath(this.options.netns),
      ...this.options.placement,
    });
    await rememberDaemon(this.runDir, daemon);
    return daemon;
  }

  /** Sends the balancer's clients to the first API server that runs; with one server there is no balancer. */
  private async balance(): Promise<void> {
    const { plan, netns } = this.options;
    if (plan.servers.length === 1) return;
    for (const [index, target] of plan.servers.entries()) {
      if (await recallDaemon(this.runDir, serverName(index))) {
        await pointBalancer(netns, plan.controlPlane, target);
        return;
      }
    }
  }

  private async stopOne(name: string, graceMs: number): Promise<void> {
    const daemon = await recallDaemon(this.runDir, name);
    if (daemon) await stopDaemon(daemon, graceMs);
  }

  private get runDir(): string {
    return join(this.options.dir, 'run');
  }

  private servingIdentity(): Identity {
    const { plan } = this.options;
    const service = 'kubernetes.default.svc';
    const dns = ['kubernetes', 'kubernetes.default', service, `${service}.cluster.local`, 'localhost'];
    const ips = [
      ...[...plan.servers, plan.controlPlane].map((a) => a.v4),
      ...plan.serviceCidrs.map(kubernetesServiceAddress),
      '127.0.0.1',
    ];
    const names = [...dns.map((n) => `DNS:${n}`), ...[...new Set(ips)].map((ip) => `IP:${ip}`)];
    return { name: 'kube-apiserver', names };
  }

  private async ready(address: Address, daemon: Daemon): Promise<void> {
    const ca = await readFile(this.pki.ca.cert, 'utf8');
    await until(
      `${daemon.name} at ${address.v4}:${API_PORT} to be ready (log: ${this.logs}/${daemon.name}.log)`,
      60_000,
      async () => ((await statusOf(address.v4, '/readyz', ca)) === 200 ? true : undefined),
    );
  }
}

/** `https://<address>:6443`. */
export function serverUrl(address: Address): string {
  return `https://${address.v4}:${API_PORT}`;
}

function serverName(index: number): string {
  return index === 0 ? 'kube-apiserver' : `kube-apiserver-${index + 1}`;
}

function statusOf(host: string, path: string, ca: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const call = request({ host, port: API_PORT, path, ca, timeout: 2000, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(undefined));
    call.end();
  });
}
