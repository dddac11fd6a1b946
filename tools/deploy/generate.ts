/**
 * Writes what is generated from the operator's and the CRDs' sources: the CRDs in deploy/, deploy/install.yaml and the
 * rollout's reference page. With `--verify` it writes nothing and fails when something is not up to date.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { rolloutPage } from '../../operator/src/rollout/table-doc.ts';

const ROOT = join(import.meta.dirname, '../..');
const DEPLOY = join(ROOT, 'deploy');
const CRDS = ['installation.yaml', 'nodedataplane.yaml'];
const COPY_NOTE = '# Generated from crds/schemas: edit that, then run `make deploy-yaml`.\n';
const INSTALL_NOTE =
  '# Generated from deploy/kustomization.yaml: edit its files, then run `make deploy-yaml`.\n';

async function crd(name: string): Promise<string> {
  const text = await readFile(join(ROOT, 'crds/schemas', name), 'utf8');
  return COPY_NOTE + text.replace(/^(#.*\n)+/, '');
}

async function installYaml(crds: ReadonlyMap<string, string>): Promise<string> {
  const { resources } = parse(await readFile(join(DEPLOY, 'kustomization.yaml'), 'utf8')) as {
    resources: string[];
  };
  const parts = resources.map(async (file) => crds.get(file) ?? (await readFile(join(DEPLOY, file), 'utf8')));
  return INSTALL_NOTE + (await Promise.all(parts)).map((part) => `---\n${part.trimEnd()}\n`).join('');
}

async function outputs(): Promise<ReadonlyMap<string, string>> {
  const crds = new Map<string, string>();
  for (const name of CRDS) crds.set(`crds/${name}`, await crd(name));
  const files = new Map([...crds].map(([name, text]) => [join(DEPLOY, name), text]));
  files.set(join(DEPLOY, 'install.yaml'), await installYaml(crds));
  files.set(join(ROOT, 'docs/reference/rollout.md'), rolloutPage());
  return files;
}

const verify = process.argv.includes('--verify');
for (const [path, text] of await outputs()) {
  const present = await readFile(path, 'utf8').catch(() => '');
  if (present === text) continue;
  if (verify) {
    process.stderr.write(`${path} is not up to date: run make deploy-yaml\n`);
    process.exitCode = 1;
    continue;
  }
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
