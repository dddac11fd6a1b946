import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { followConditions } from '../../demo/installation.ts';
import { SAMPLE, sampleManifests } from '../../demo/sample.ts';
import type { Lab } from '../../lab/lab.ts';
import { progress, RESULTS } from './cluster.ts';

// Margay on a lab, installed as a user does it, and the application that is served.

const PRODUCT = /^margay\/(operator|agent):/;

/** Top of the checkout. */
export const ROOT = new URL('../../../', import.meta.url).pathname;

/** The product's images as archives: those that `make images` made last. */
export async function productImages(): Promise<string[]> {
  const text = await readFile(join(ROOT, 'build/images.json'), 'utf8').catch(() => '{}');
  const archives = Object.entries(JSON.parse(text) as Record<string, string>);
  const product = archives.flatMap(([ref, archive]) => (PRODUCT.test(ref) ? [archive] : []));
  assert.ok(product.length === 2, 'build/images.json names no images of Margay: run "make images" first');
  return product;
}

/** Applies `deploy/` and waits for the CRDs; no Installation yet. */
export async function deploy(lab: Lab): Promise<void> {
  await lab.loadImages(await productImages());
  await lab.kubectl(['apply', '--server-side', '-k', join(ROOT, 'deploy')]);
  const crds = ['crd/installations.margay.io', 'crd/nodedataplanes.margay.io'];
  await lab.kubectl(['wait', '--for=condition=Established', ...crds, '--timeout=30s']);
}

/** Applies the sample Installation. */
export async function createInstallation(lab: Lab): Promise<void> {
  await lab.kubectl(['apply', '-f', join(ROOT, 'deploy/sample/installation.yaml')]);
}

/** Waits until the Installation says of its present generation that it is Ready and Available. */
export async function ready(lab: Lab, timeout = 120_000): Promise<void> {
  await followConditions(lab, ['Ready', 'Available'], { timeout, progress });
}

/** Installed, Ready, and the sample application served: where a scenario that is run alone begins. */
export async function installed(lab: Lab): Promise<void> {
  const there = await lab.kubectl(['get', 'installation', 'default', '--ignore-not-found']).catch(() => '');
  if (there === '') {
    await deploy(lab);
    await createInstallation(lab);
  }
  await ready(lab);
  await sample(lab);
}

/** The sample application; its pods need a network, so Margay or a CNI comes first. */
export async function sample(lab: Lab): Promise<void> {
  await lab.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: sampleManifests() }));
  await lab.kubectl(['rollout', 'status', '-n', SAMPLE.namespace, 'deployment/web', '--timeout=90s']);
}

/** Keeps what a person sees at this moment in `build/scenarios/<name>.txt`, and returns it. */
export async function saveView(lab: Lab, name: string): Promise<string> {
  const commands = [
    ['get', 'installation,nodedataplane'],
    ['describe', 'installation', 'default'],
  ];
  let text = '';
  for (const args of commands) text += `$ kubectl ${args.join(' ')}\n${await lab.kubectl(args)}\n`;
  await writeFile(join(RESULTS, `${name}.txt`), text);
  return text;
}
