import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { VERSIONS } from '../lab/binaries/recipe.ts';
import { machineHierarchies } from '../lab/cgroup.ts';
import { startTimeOf } from '../lab/daemon.ts';
import { isLabError } from '../lab/errors.ts';
import { openLab, type Lab } from '../lab/lab.ts';
import { sh, until } from '../lab/process.ts';
import { stderrProgress } from '../lab/progress.ts';
import { addNode, OUTSIDE_PORTS, startLab } from '../lab/start.ts';
import { removeLab } from '../lab/teardown.ts';

// The lab itself, on its own lab: up, what its nodes can do, down without a trace, up after a crash.

const NAME = 'labtest';
const SUBNET = '10.242.0.0/24';
const progress = stderrProgress('lab.scenario');
const curl = ['curl', '-s', '--max-time', '3', '--retry', '3', '--retry-all-errors'] as const;

let clean: Traces;
let lab: Lab;

before(async () => {
  await removeLab(NAME, progress);
  clean = await traces();
  lab = await startLab({ name: NAME, subnet: SUBNET, nodes: 2, cni: 'ptp', families: 'dual' }, progress);
});

after(() => removeLab(NAME, progress));

test('every node is Ready, in its zone, and kube-proxy runs on each', async () => {
  const nodes = await items<NodeView>('nodes');
  assert.deepEqual(
    nodes.map((n) => [n.metadata.name, n.metadata.labels['topology.kubernetes.io/zone'], n.spec.podCIDRs]),
    [
      ['n1', 'zone-a', ['10.244.1.0/24', 'fd00:10:244:1::/64']],
      ['n2', 'zone-b', ['10.244.2.0/24', 'fd00:10:244:2::/64']],
    ],
  );
  for (const node of nodes)
    assert.equal(node.status.conditions.find((c) => c.type === 'Ready')?.status, 'True');
  const proxies = await items<PodView>('pods', '-n', 'kube-system', '-l', 'k8s-app=kube-proxy');
  assert.deepEqual(proxies.map((p) => [p.spec.nodeName, p.status.phase]).sort(), [
    ['n1', 'Running'],
    ['n2', 'Running'],
  ]);
});

test('a Service answers from a pod by name, from a node, and from outside through a NodePort', async () => {
  await lab.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [webDaemonSet(), webService()] }));
  await lab.kubectl(['rollout', 'status', 'daemonset/web', '--timeout=60s']);
  const [pod = ''] = await podNames();
  const service = JSON.parse(await lab.kubectl(['get', 'service', 'web', '-o', 'json'])) as ServiceView;
  assert.equal(service.spec.clusterIPs.length, 2);

  const fromPod = await lab.kubectl([
    'exec',
    pod,
    '--',
    ...curl,
    'http://web.default.svc.cluster.local/hostname',
  ]);
  assert.match(fromPod, /^web-/);
  for (const address of service.spec.clusterIPs) {
    const host = address.includes(':') ? `[${address}]` : address;
    assert.match((await lab.node('n1').exec([...curl, `http://${host}/hostname`])).stdout, /^web-/);
  }
  for (const node of lab.nodes) {
    const url = `http://${node.site.address.v4}:${service.spec.ports[0]?.nodePort ?? 0}/hostname`;
    assert.match((await lab.exec('outside', [...curl, url])).stdout, /^web-/);
  }
});

test("pods reach each other by their own addresses, and the world outside by their node's", async () => {
  const pods = await items<PodView>('pods', '-l', 'app=web');
  const [one, two] = pods;
  assert.ok(one && two);
  const peer = await lab.kubectl([
    'exec',
    one.metadata.name,
    '--',
    ...curl,
    `http://${two.status.podIP}:8080/clientip`,
  ]);
  assert.equal(peer.split(':')[0], one.status.podIP);
  const beyond = `http://${lab.plan.beyond.v4}:${OUTSIDE_PORTS.http}/clientip`;
  const seen = await lab.kubectl(['exec', one.metadata.name, '--', ...curl, beyond]);
  assert.equal(seen.split(':')[0], lab.node(one.spec.nodeName).site.address.v4);
});

test('a node that is cut off hears nothing until it is connected again', async () => {
  const target = lab.node('n2').site.address.v4;
  const ping = async (): Promise<number> => {
    return (await lab.node('n1').exec(['ping', '-c1', '-W1', target], { allowFailure: true })).status;
  };
  assert.equal(await ping(), 0);
  await lab.setConnected('n2', false);
  assert.notEqual(await ping(), 0);
  await lab.setConnected('n2', true);
  await until('n2 to answer again', 10_000, async () => ((await ping()) === 0 ? true : undefined));
});

test('a killed container comes back, but not while the kubelet is stopped', async () => {
  const [before] = await items<PodView>('pods', '-l', 'app=web', '--field-selector=spec.nodeName=n2');
  assert.ok(before);
  const restarts = async (): Promise<number> => {
    const [pod] = await items<PodView>('pods', `--field-selector=metadata.name=${before.metadata.name}`);
    return pod?.status.containerStatuses?.[0]?.restartCount ?? -1;
  };
  const node = lab.node('n2');
  await node.stopKubelet();
  assert.equal(await node.kubeletRuns(), false);
  assert.ok((await lab.killPod('default', before.metadata.name)) > 0);
  assert.equal(await restarts(), 0);
  await node.startKubelet();
  await until('the container to be started again', 60_000, async () =>
    (await restarts()) === 1 ? true : undefined,
  );
});

test('a node sees its own cgroups, mounts and host name, and nothing of it reaches the machine', async () => {
  const view =
    'hostname; cat /proc/self/cgroup; ls /sys/fs/cgroup/unified /etc/cni/net.d; touch /etc/lab-was-here';
  const { stdout } = await lab.node('n1').exec(['sh', '-c', view]);
  assert.match(stdout, /^n1\n/);
  assert.match(stdout, /^0::\/$/m);
  assert.match(stdout, /^kubepods$/m);
  assert.match(stdout, /10-lab\.conflist/);
  assert.equal(existsSync('/etc/lab-was-here'), false);
});

test('a node that is added later becomes Ready and serves', async () => {
  const node = await addNode(lab, 'zone-z', progress);
  await lab.kubectl(['rollout', 'status', 'daemonset/web', '--timeout=60s']);
  const service = JSON.parse(await lab.kubectl(['get', 'service', 'web', '-o', 'json'])) as ServiceView;
  assert.match((await node.exec([...curl, `http://${service.spec.clusterIP}/hostname`])).stdout, /^web-/);
  assert.deepEqual(
    (await openLab(NAME)).nodes.map((n) => n.name),
    ['n1', 'n2', 'n3'],
  );
});

test('a second lab of the same name, or on the same subnet, is refused by name', async () => {
  await assert.rejects(startLab({ name: NAME, subnet: '10.243.0.0/24' }, progress), (error: unknown) => {
    return isLabError(error, 'AlreadyRunning') && error.message.includes(NAME);
  });
  await assert.rejects(startLab({ name: 'other', subnet: SUBNET }, progress), (error: unknown) => {
    return isLabError(error, 'SubnetInUse') && error.message.includes(SUBNET);
  });
});

test('logs of every process and pod are collected', async () => {
  const dir = join(lab.paths.root, 'collected');
  await lab.collectLogs(dir);
  const files = (await readdir(dir, { recursive: true })).join('\n');
  for (const file of [
    'n1/kubelet.log',
    'n2/containerd.log',
    'control-plane/kube-apiserver.log',
    'events.txt',
  ]) {
    assert.ok(files.includes(file), file);
  }
  assert.match(files, /pods\/n1\/kube-system_kube-proxy.*\.log/);
});

test('down leaves no process, namespace, mount, cgroup, interface, file or setting', async () => {
  assert.notDeepEqual(await traces(), clean);
  await removeLab(NAME, progress);
  assert.deepEqual(await traces(), clean);
});

test('what a killed start left is removed by the next one', async () => {
  await removeLab(NAME, progress);
  const args = [
    '--import',
    'tsx',
    'e2e/lab/main.ts',
    '--name',
    NAME,
    'up',
    '--subnet',
    SUBNET,
    '--nodes',
    '1',
    '--cni',
    'ptp',
  ];
  const killed = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    let text = '';
    killed.once('exit', () => reject(new Error(`it ended before it could be killed: ${text}`)));
    killed.stderr.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('control plane at')) resolve();
    });
  });
  killed.removeAllListeners('exit');
  const ended = new Promise((resolve) => killed.once('exit', resolve));
  killed.kill('SIGKILL');
  await ended;
  const remains = await traces();
  assert.ok(remains.netns.length > clean.netns.length);
  lab = await startLab({ name: NAME, subnet: SUBNET, nodes: 1, cni: 'ptp' }, progress);
  assert.equal((await items<NodeView>('nodes')).length, 1);
  await removeLab(NAME, progress);
  assert.deepEqual(await traces(), clean);
});

interface Traces {
  netns: string[];
  mounts: string[];
  cgroups: string[];
  links: string[];
  processes: string[];
  files: boolean;
}

/** What of this lab is to be seen on the machine. Other labs may come and go meanwhile. */
async function traces(): Promise<Traces> {
  const mine = (text: string): string[] => text.split('\n').filter((line) => line.includes(NAME));
  const roots = (await machineHierarchies()).map((h) => h.path).join(' ');
  const [netns, links, cgroups, processes] = await Promise.all([
    sh('ls /run/netns 2>/dev/null || true'),
    sh('ip -o link'),
    sh(`find ${roots} -type d -name '${NAME}*'`),
    // By what is in their memory of how they were started, and by their cgroup.
    sh(`grep -lsE 'margay-lab/(labs/)?${NAME}' /proc/[0-9]*/cgroup /proc/[0-9]*/cmdline || true`),
  ]);
  return {
    netns: mine(netns.stdout),
    mounts: mine(await readFile('/proc/self/mountinfo', 'utf8')),
    cgroups: mine(cgroups.stdout),
    links: mine(links.stdout),
    processes: processes.stdout.split('\n').filter(isOther),
    files: existsSync(`/var/lib/margay-lab/labs/${NAME}`) || existsSync(`/var/lib/margay-lab/${NAME}.lock`),
  };
}

/** A process that runs and is not this one; what is dead and waits for its parent to look is no trace. */
function isOther(path: string): boolean {
  const pid = Number(path.split('/')[2]);
  return pid !== process.pid && startTimeOf(pid) !== undefined;
}

async function items<T>(kind: string, ...more: string[]): Promise<T[]> {
  const list = JSON.parse(await lab.kubectl(['get', kind, ...more, '-o', 'json'])) as { items: T[] };
  return list.items;
}

async function podNames(): Promise<string[]> {
  return (await items<PodView>('pods', '-l', 'app=web')).map((p) => p.metadata.name);
}

function webDaemonSet(): object {
  const labels = { app: 'web' };
  const image = `registry.k8s.io/e2e-test-images/agnhost:${VERSIONS.agnhost}`;
  const container = { name: 'web', image, args: ['netexec', '--http-port=8080'] };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 0, containers: [container] } },
    },
  };
}

function webService(): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      type: 'NodePort',
      ipFamilyPolicy: 'RequireDualStack',
      selector: { app: 'web' },
      ports: [{ port: 80, targetPort: 8080 }],
    },
  };
}

interface NodeView {
  metadata: { name: string; labels: Record<string, string> };
  spec: { podCIDRs: string[] };
  status: { conditions: { type: string; status: string }[] };
}

interface PodView {
  metadata: { name: string };
  spec: { nodeName: string };
  status: { phase: string; podIP: string; containerStatuses?: { restartCount: number }[] };
}

interface ServiceView {
  spec: { clusterIP: string; clusterIPs: string[]; ports: { nodePort: number }[] };
}
