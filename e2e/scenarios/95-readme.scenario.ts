import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { gatherEvidence, isParked } from '../demo/evidence.ts';
import { run } from '../lab/process.ts';
import { freshLab, guarded, RESULTS } from './support/cluster.ts';
import { ready, ROOT, sample } from './support/margay.ts';
import { startRegistry, trustRegistry } from './support/registry.ts';

// "On your own kubeadm cluster" of README.md, word for word, with a registry that the nodes pull from.

const lab = await freshLab(2);
const BLOCK = /<!-- kubeadm: begin -->\n```\n([^`]*)```\n<!-- kubeadm: end -->/;
const PODS = ['get', 'pods', '-A', '-l', 'app.kubernetes.io/part-of=margay'];

test(
  "O1: README's commands for a kubeadm cluster install Margay, its images pulled from a registry",
  guarded(lab, async () => {
    const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
    const commands = BLOCK.exec(readme)?.[1] ?? '';
    const lines = commands.trim().split('\n').length;
    assert.ok(commands !== '' && lines <= 6, `README.md has a block of ${lines} commands`);
    const registry = await startRegistry(lab.plan.host.v4);
    try {
      for (const node of lab.nodes) await trustRegistry(node, registry);
      await runInCopy(commands, registry.address);
      const images = await lab.kubectl([...PODS, '-o', 'jsonpath={.items[*].spec.containers[*].image}']);
      assert.deepEqual(
        images.split(' ').filter((image) => !image.startsWith(`${registry.address}/margay/`)),
        [],
      );
      assert.equal(images.split(' ').length, 2 + lab.nodes.length, images);
    } finally {
      registry.close();
    }
    await sample(lab);
    await ready(lab);
    for (const evidence of await gatherEvidence(lab)) {
      assert.ok(isParked(evidence) && evidence.complete, JSON.stringify(evidence));
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
