import assert from 'node:assert/strict';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { LoadClient } from '../../demo/clients.ts';
import { totals, type LoadState } from '../../demo/load-report.ts';
import { loadPod, SAMPLE } from '../../demo/sample.ts';
import { addressesOf, hostPort } from '../../lab/address-plan.ts';
import type { Lab } from '../../lab/lab.ts';
import { run, until } from '../../lab/process.ts';
import { OUTSIDE_PORTS } from '../../lab/start.ts';
import { progress } from './cluster.ts';
import { ROOT } from './margay.ts';
import { get, type ServiceView } from './objects.ts';

const BINARY = join(ROOT, 'build/load/margay-load');

/** Runs `body` while the clients ask; fails when one request of theirs failed. Resolves to what they counted. */
export async function underLoad(lab: Lab, body: () => Promise<void>): Promise<readonly LoadState[]> {
  const load = await Load.start(lab);
  try {
    await body();
  } catch (error) {
    await load.end();
    throw error;
  }
  return load.stop();
}

/**
 * A client of the same kind whose packets never leave one network namespace: what fails there fails because the
 * machine was too busy, and so may all else at that moment.
 */
function startControl(lab: Lab): LoadClient {
  const { v4 } = lab.plan.beyond;
  const targets = ['--tcp', `${v4}:${OUTSIDE_PORTS.http}`, '--udp', `${v4}:${OUTSIDE_PORTS.udp}`];
  const command = lab.enteringPlace('outside', [BINARY, '--name', 'control', ...targets]);
  return LoadClient.start(command, () => undefined);
}

/** Clients in a pod, on a node and outside, with new connections, queries and long streams of every family all the time. */
class Load {
  readonly #clients: readonly LoadClient[];
  readonly #control: LoadClient;
  readonly #started = Date.now();

  private constructor(clients: readonly LoadClient[], control: LoadClient) {
    this.#clients = clients;
    this.#control = control;
  }

  /** Starts the clients against the sample application and returns when each has counted. */
  static async start(lab: Lab): Promise<Load> {
    await run('sh', [join(ROOT, 'deploy/images/lab/load/prepare.sh'), join(ROOT, 'build/load')]);
    await lab.kubectl(['delete', 'pod', '-n', SAMPLE.namespace, 'load', '--ignore-not-found']);
    const load = new Load(await startClients(lab), startControl(lab));
    await until('every load client to count', 30_000, () =>
      Promise.resolve(load.states().length === load.#clients.length ? true : undefined),
    );
    return load;
  }

  /** Where each client stands. */
  states(): LoadState[] {
    return this.#clients.flatMap((client) => client.state ?? []);
  }

  /** Ends the clients. */
  async end(): Promise<LoadState[]> {
    await this.#control.stop();
    return Promise.all(this.#clients.map((client) => client.stop()));
  }

  /** Ends the clients; fails when one request failed, or when there was less load than there should be. */
  async stop(): Promise<readonly LoadState[]> {
    const results = await this.end();
    const seconds = (Date.now() - this.#started) / 1000;
    const failures = this.#clients.flatMap((client) => client.failures);
    const { requests } = totals(results);
    const machine = this.#machine();
    progress(`${requests} requests in ${seconds.toFixed(1)} s, ${failures.length} failed; ${machine}`);
    for (const f of failures) progress(`failed: ${f.began} ${f.client} ${f.kind} ${f.target}: ${f.error}`);
    const lines = failures
      .slice(0, 20)
      .map((f) => `${f.began} ${f.client} ${f.kind} ${f.target}: ${f.error} (${f.tookMs} ms)`);
    assert.deepEqual(lines, [], `${failures.length} of ${requests} requests failed; ${machine}`);
    const targets = results.flatMap((result) => result.targets).length;
    assert.ok(requests > targets * seconds * 10, `only ${requests} requests in ${seconds} s; ${machine}`);
    return results;
  }

  /** How busy the machine was, by what has nothing to do with Margay. */
  #machine(): string {
    const load = loadavg().map((n) => n.toFixed(1));
    const slowest = Math.max(0, ...(this.#control.state?.targets ?? []).map((target) => target.maxMs));
    return `control: ${this.#control.failures.length} failed, slowest ${slowest} ms; load average ${load.join(' ')}`;
  }
}

async function startClients(lab: Lab): Promise<LoadClient[]> {
  const { spec } = await get<ServiceView>(lab, ['service', '-n', SAMPLE.namespace, 'web']);
  const to = (addresses: readonly string[], tcp: number, udp: number): string[] =>
    addresses.flatMap((ip) => ['--tcp', hostPort(ip, tcp), '--udp', hostPort(ip, udp)]);
  // As much load on the machine however many families there are.
  const service = ['--rate', String(50 / spec.clusterIPs.length), ...to(spec.clusterIPs, 80, 81)];
  const nodes = lab.nodes.flatMap(({ site }) => addressesOf(site.address));
  const outside = ['--rate', '20', ...to(nodes, SAMPLE.tcpNodePort, SAMPLE.udpNodePort)];
  const stream = spec.clusterIPs.flatMap((ip) => ['--stream', hostPort(ip, 80)]);
  await lab.apply(JSON.stringify(loadPod(['--name', 'pod', '--settle', '10s', ...service, ...stream])));
  const [first] = lab.nodes;
  assert.ok(first);
  const failed = ({
    client,
    kind,
    target,
    error,
  }: Record<'client' | 'kind' | 'target' | 'error', string>): void =>
    progress(`failed: ${client} ${kind} ${target}: ${error}`);
  return [
    await LoadClient.follow(lab, { namespace: SAMPLE.namespace, name: 'load' }, failed),
    LoadClient.start(await first.entering([BINARY, '--name', 'node', ...service]), failed),
    LoadClient.start(lab.enteringPlace('outside', [BINARY, '--name', 'outside', ...outside]), failed),
  ];
}
