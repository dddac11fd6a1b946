import assert from 'node:assert/strict';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { gatherEvidence, isParked } from '../demo/evidence.ts';
import { SAMPLE } from '../demo/sample.ts';
import { run } from '../lab/process.ts';
import { freshLab, guarded, RESULTS } from './support/cluster.ts';
import { ready, ROOT, sample } from './support/margay.ts';
import { get, kubeProxyPods, list, type ObjectView, type ServiceView } from './support/objects.ts';
import { ASKERS, httpGet, webPods } from './support/reach.ts';
import { startRegistry, trustRegistry } from './support/registry.ts';

// "On your own kubeadm cluster" of README.md, word for word, with a registry that the nodes pull from.

const lab = await freshLab({ nodes: 2 });
const BLOCK = /<!-- kubeadm: begin -->\n```\n([^`]*)```\n<!-- kubeadm: end -->/;
const OPERATOR_YAML = join(ROOT, 'deploy/operator.yaml');

test(
  "O1: README's commands for a kubeadm cluster install Margay, its images pulled from a registry",
  guarded(lab, async () => {
    const commands = BLOCK.exec(await readFile(join(ROOT, 'README.md'), 'utf8'))?.[1] ?? '';
    assert.equal(commands.trim().split('\n').length, 6, `README.md has this block of commands:\n${commands}`);
    const before = await readFile(OPERATOR_YAML, 'utf8');
    const registry = await startRegistry(lab.plan.host.v4);
    const place = `${registry.address}/team/margay`;
    try {
      for (const node of lab.nodes) await trustRegistry(node, registry);
      await runInCopy(commands, place);
      assert.equal(await readFile(OPERATOR_YAML, 'utf8'), before);
      await pulledEverywhere(place);
      // On a cluster that enforces Pod Security by default, pods on the host network need this.
      const allowed = ['namespaces', '-l', 'pod-security.kubernetes.io/enforce=privileged'];
      const namespaces = (await list<ObjectView>(lab, allowed)).map((namespace) => namespace.metadata.name);
      assert.deepEqual(namespaces, ['margay-operator', 'margay-system']);
    } finally {
      registry.close();
    }
  }),
);

test(
  "O1: after README's commands kube-proxy is parked on every node, and Services answer",
  guarded(lab, async () => {
    await ready(lab);
    assert.deepEqual(await kubeProxyPods(lab), []);
    await sample(lab);
    for (const evidence of await gatherEvidence(lab)) {
      assert.ok(isParked(evidence) && evidence.complete, JSON.stringify(evidence));
    }
    const names = (await webPods(lab)).map((pod) => pod.metadata.name);
    const { spec } = await get<ServiceView>(lab, ['service', '-n', SAMPLE.namespace, 'web']);
    for (const from of ASKERS) {
      // The world outside has no route to a ClusterIP.
      if (from !== 'outside') await answers(from, `http://${spec.clusterIP}/hostname`);
      for (const { site } of lab.nodes) {
        await answers(from, `http://${site.address.v4}:${SAMPLE.tcpNodePort}/hostname`);
      }
    }

    async function answers(from: (typeof ASKERS)[number], url: string): Promise<void> {
      const answer = await httpGet(lab, from, url);
      assert.ok(names.includes(answer), `${from} to ${url}: ${answer}`);
    }
  }),
);

/** One of the commands edits a file of the checkout: they see it through a layer that is thrown away. */
async function runInCopy(commands: string, registry: string): Promise<void> {
  const layer = join(lab.paths.root, 'readme');
  await rm(layer, { recursive: true, force: true });
  for (const name of ['upper', 'work']) await mkdir(join(layer, name), { recursive: true });
  const script = `exec >"$4" 2>&1
set -eu
mount -t overlay -o "lowerdir=$2,upperdir=$3/upper,workdir=$3/work" overlay "$2"
cd "$2"
exec bash -eux -c "$1"`;
  const env = {
    ...process.env,
    REGISTRY: registry,
    MARGAY_REGISTRY_TLS: 'false',
    KUBECONFIG: lab.kubeconfig,
    PATH: `${lab.state.binaries}:${process.env['PATH'] ?? ''}`,
  };
  // Mounts of its own, and processes that end with the first of them.
  const unshare = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const output = join(RESULTS, 'readme.txt');
  try {
    await run('unshare', [...unshare, 'sh', '-c', script, 'readme', commands, ROOT, layer, output], {
      env,
      timeout: 240_000,
      label: "README's commands",
    });
  } catch (cause) {
    const pods = await lab.kubectl(['get', 'pods', '-A', '-o', 'wide']);
    const said = (await readFile(output, 'utf8')).slice(-2000);
    throw new Error(`README's commands failed; they said:\n${said}\n${pods}`, { cause });
  }
}

interface EventView extends ObjectView {
  readonly involvedObject: { readonly kind: string; readonly name: string };
  readonly message: string;
}

/** Every pod of ours runs an image of that place, and each node's kubelet says that it pulled it. */
async function pulledEverywhere(place: string): Promise<void> {
  const pods = await list<PodImages>(lab, ['pods', '-A', '-l', 'app.kubernetes.io/part-of=margay']);
  const [, tag] = /image: margay\/operator:(\S+)/.exec(await readFile(OPERATOR_YAML, 'utf8')) ?? [];
  const wanted = [`${place}/operator:${tag}`, `${place}/agent:${tag}`];
  const running = pods.map((pod) => `${pod.spec.nodeName} ${pod.spec.containers.map((c) => c.image).join()}`);
  const expected = lab.nodes.flatMap(({ name }) => wanted.map((image) => `${name} ${image}`));
  assert.deepEqual(running.sort(), expected.sort());
  const events = await list<EventView>(lab, ['events', '-A', '--field-selector', 'reason=Pulled']);
  for (const pod of pods) {
    const own = events.filter((event) => event.involvedObject.name === pod.metadata.name);
    const pulled = own.filter((event) => event.message.startsWith('Successfully pulled image'));
    assert.equal(pulled.length, 1, `${pod.metadata.name}: ${own.map((event) => event.message).join('; ')}`);
  }
}

interface PodImages extends ObjectView {
  readonly spec: { readonly nodeName: string; readonly containers: readonly { readonly image: string }[] };
}
