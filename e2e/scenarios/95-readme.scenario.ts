import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { gatherEvidence, isParked } from '../demo/evidence.ts';
import type { LabNode } from '../lab/node/lab-node.ts';
import { run } from '../lab/process.ts';
import { guarded, RESULTS, sharedLab } from './support/cluster.ts';
import { ROOT } from './support/margay.ts';
import { startRegistry } from './support/registry.ts';

// "On your own kubeadm cluster", word for word, with a registry that the nodes pull from.

const lab = await sharedLab();
const BLOCK = /<!-- kubeadm: begin[^>]*-->\n```\n([^`]*)```\n<!-- kubeadm: end -->/;

test(
  "O1: README's commands for a kubeadm cluster install Margay, images pulled from a registry",
  guarded(lab, async () => {
    const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
    const commands = BLOCK.exec(readme)?.[1];
    assert.ok(
      commands !== undefined && commands.trim().split('\n').length <= 6,
      'README.md has no block of six commands',
    );
    await lab
      .kubectl(['delete', 'installation', 'default', '--ignore-not-found', '--timeout=120s'])
      .catch(() => '');
    // The cluster of the other scenarios becomes a fresh one: without the operator that they deployed.
    await lab.kubectl(['delete', '-k', join(ROOT, 'deploy'), '--ignore-not-found', '--timeout=120s']);
    const registry = await startRegistry(join(lab.paths.root, 'registry'), lab.plan.host.v4);
    try {
      for (const node of lab.nodes) await trustRegistry(node, registry.address);
      await runInCopy(commands, registry.address);
      const images = await lab.kubectl([
        'get',
        'pods',
        '-A',
        '-l',
        'app.kubernetes.io/part-of=margay',
        '-o',
        'jsonpath={.items[*].spec.containers[*].image}',
      ]);
      assert.ok(
        images.split(' ').every((image) => image.startsWith(`${registry.address}/margay/`)),
        images,
      );
      for (const evidence of await gatherEvidence(lab)) {
        assert.ok(isParked(evidence) && evidence.complete, JSON.stringify(evidence));
      }
    } finally {
      registry.close();
    }
  }),
);

/** One of the commands edits a file of the checkout: they see it through a layer that is thrown away. */
async function runInCopy(commands: string, registry: string): Promise<void> {
  const layer = join(lab.paths.root, 'readme');
  await rm(layer, { recursive: true, force: true });
  for (const name of ['upper', 'work']) await mkdir(join(layer, name), { recursive: true });
  const mount = `mount -t overlay -o lowerdir=${ROOT},upperdir=${layer}/upper,workdir=${layer}/work overlay ${ROOT}`;
  const script = `set -eu; ${mount}; cd ${ROOT}; exec bash -eux -c "$1"`;
  const env = {
    ...process.env,
    REGISTRY: registry,
    MARGAY_REGISTRY_TLS: 'false',
    KUBECONFIG: lab.kubeconfig,
    PATH: `${lab.state.binaries}:${process.env['PATH'] ?? ''}`,
  };
  const unshare = ['--mount', '--propagation', 'private', 'sh', '-c', script, 'readme', commands];
  const { stdout, stderr } = await run('unshare', unshare, { env, timeout: 300_000 });
  await writeFile(join(RESULTS, 'readme.txt'), `${stderr}\n${stdout}`);
}

/** What a person with a registry without TLS writes on every node. */
async function trustRegistry(node: LabNode, registry: string): Promise<void> {
  const dir = `/etc/containerd/certs.d/${registry}`;
  const hosts = `server = "http://${registry}"\n[host."http://${registry}"]\ncapabilities = ["pull", "resolve"]\n`;
  const script = 'mkdir -p "$1" && printf %s "$2" >"$1/hosts.toml"';
  await node.exec(['sh', '-c', script, 'trust', dir, hosts]);
}
