import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureImages } from '../../tools/images/build.ts';
import { catalog } from '../../tools/images/catalog.ts';
import type { Lab } from '../lab/lab.ts';
import { DEFAULT_LAB } from '../lab/options.ts';
import { run } from '../lab/process.ts';
import { elapsed, stderrProgress } from '../lab/progress.ts';
import { OUTSIDE_PORTS, startLab } from '../lab/start.ts';
import { LoadClient } from './clients.ts';
import { describeEvidence, gatherEvidence, isParked, type NodeEvidence } from './evidence.ts';
import { followConditions, setBpfEnabled } from './installation.ts';
import { loadTable, streamSentence, totals, type LoadFailure, type LoadState } from './load-report.ts';
import { loadPod, SAMPLE, sampleManifests } from './sample.ts';

// One Installation on a bare cluster, and a switch of modes there and back under load.

const ROOT = new URL('../..', import.meta.url).pathname;
const VERSION = process.env['VERSION'] ?? '0.1.0';
const READY = ['Ready', 'Available'];
const progress = stderrProgress('demo');
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Deploys Margay on a bare cluster, as a user does, and waits until it serves. */
async function install(lab: Lab): Promise<void> {
  const images = await ensureImages(
    catalog(VERSION).filter((i) => i.group === 'product'),
    ROOT,
    progress,
  );
  await lab.loadImages([...images.values()]);
  const started = Date.now();
  await lab.kubectl(['apply', '--server-side', '-k', join(ROOT, 'deploy')]);
  await lab.kubectl([
    'wait',
    '--for=condition=Established',
    'crd/installations.margay.io',
    'crd/nodedataplanes.margay.io',
    '--timeout=30s',
  ]);
  await lab.kubectl(['apply', '-f', join(ROOT, 'deploy/sample/installation.yaml')]);
  await followConditions(lab, READY, { timeout: 180_000, progress });
  progress(`Margay serves the cluster, ${elapsed(started)} after the first apply`);
}

async function startSample(lab: Lab): Promise<void> {
  await lab.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: sampleManifests() }));
  await lab.kubectl(['rollout', 'status', '-n', SAMPLE.namespace, 'deployment/web', '--timeout=90s']);
}

/** Clients in a pod, on a node, and outside through the NodePort of every node. */
async function startClients(lab: Lab, onFailure: (f: LoadFailure) => void): Promise<LoadClient[]> {
  const address = await lab.kubectl([
    'get',
    'service',
    '-n',
    SAMPLE.namespace,
    'web',
    '-o',
    'jsonpath={.spec.clusterIP}',
  ]);
  const inside = ['--tcp', `${address}:80`, '--udp', `${address}:81`, '--stream', `${address}:80`];
  const outside = lab.nodes.flatMap(({ site }) => [
    '--tcp',
    `${site.address.v4}:${SAMPLE.tcpNodePort}`,
    '--udp',
    `${site.address.v4}:${SAMPLE.udpNodePort}`,
  ]);
  const binary = join(ROOT, 'build/load/margay-load');
  await run('sh', [join(ROOT, 'deploy/images/lab/load/prepare.sh'), join(ROOT, 'build/load')]);
  await lab.apply(JSON.stringify(loadPod(['--name', 'pod', ...inside])));
  const [first] = lab.nodes;
  if (!first) throw new Error('the lab has no node');
  const onNode = await first.entering([binary, '--name', 'node', ...inside.slice(0, 4)]);
  return [
    await LoadClient.follow(lab, { namespace: SAMPLE.namespace, name: 'load' }, onFailure),
    LoadClient.start(onNode, onFailure),
    LoadClient.start(lab.enteringPlace('outside', [binary, '--name', 'outside', ...outside]), onFailure),
  ];
}

/** A pod reaches an address that is not the cluster's. */
async function egress(lab: Lab): Promise<string> {
  const url = `http://${lab.plan.beyond.v4}:${OUTSIDE_PORTS.http}/clientip`;
  const seen = await lab.kubectl([
    'exec',
    '-n',
    SAMPLE.namespace,
    'deploy/web',
    '--',
    'curl',
    '-sS',
    '--max-time',
    '2',
    url,
  ]);
  return `a pod reaches ${lab.plan.beyond.v4} outside the cluster, which sees ${seen.split(':')[0] ?? '?'}`;
}

async function switchTo(lab: Lab, enabled: boolean, clients: readonly LoadClient[]): Promise<void> {
  const before = states(clients).flatMap((s) => s.streams);
  const failedBefore = totals(states(clients)).failed;
  const started = Date.now();
  say(`\n== bpfEnabled: ${enabled}`);
  await setBpfEnabled(lab, enabled);
  await followConditions(lab, READY, { timeout: 240_000, progress });
  await sleep(2000);
  const { requests, failed } = totals(states(clients));
  say(
    `switched in ${elapsed(started)}; ${requests} requests so far, ${failed - failedBefore} failed during this switch`,
  );
  say(describeEvidence(await gatherEvidence(lab)));
  say(
    streamSentence(
      before,
      states(clients).flatMap((s) => s.streams),
    ),
  );
  say(await egress(lab));
}

function states(clients: readonly LoadClient[]): LoadState[] {
  return clients.flatMap((client) => client.state ?? []);
}

/** True when a request failed or the kernel does not show what the Installation says. */
function conclude(
  results: readonly LoadState[],
  failures: readonly LoadFailure[],
  evidence: readonly NodeEvidence[],
): boolean {
  const { requests, failed } = totals(results);
  const parked = evidence.filter(isParked).length;
  const serving = evidence.filter((e) => e.complete).length;
  const total = evidence.length;
  say(`\n${loadTable(results)}\n`);
  for (const f of failures.slice(0, 20))
    say(`  failed: ${f.began} ${f.client} ${f.kind} ${f.target}: ${f.error} (${f.tookMs} ms)`);
  say(
    'The cluster stays up. Look around with: make lab-shell (kubectl get installation,nodedataplane; bpftool net on a node: make lab-shell NODE=n1). Remove it with: make lab-down',
  );
  say(
    `demo: ${requests} requests, ${failed} failed; kube-proxy parked on ${parked} of ${total} nodes; services from eBPF on ${serving} of ${total} nodes`,
  );
  return failed > 0 || parked < total || serving < total;
}

async function demo(): Promise<boolean> {
  const name = process.env['LAB'] ?? DEFAULT_LAB;
  const lab = await startLab({ name }, progress);
  await install(lab);
  say(describeEvidence(await gatherEvidence(lab)));
  await startSample(lab);
  say(await egress(lab));
  const clients = await startClients(lab, (f) =>
    progress(`failed: ${f.client} ${f.kind} ${f.target}: ${f.error}`),
  );
  await sleep(5000);
  await switchTo(lab, false, clients);
  await switchTo(lab, true, clients);
  await sleep(5000);
  const evidence = await gatherEvidence(lab);
  const results = await Promise.all(clients.map((client) => client.stop()));
  const failures = clients.flatMap((client) => client.failures);
  await writeFile(
    join(ROOT, 'build/load/demo.json'),
    JSON.stringify({ results, failures, evidence }, null, 2),
  );
  return conclude(results, failures, evidence);
}

process.exitCode = (await demo()) ? 1 : 0;
