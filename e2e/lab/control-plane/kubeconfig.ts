import { readFile, writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { KeyPair, Pki } from './pki.ts';

/** Text of a kubeconfig with everything inline, so that it can be copied anywhere. */
export async function renderKubeconfig(
  pki: Pki,
  server: string,
  user: { name: string; pair: KeyPair },
): Promise<string> {
  const [ca, cert, key] = await Promise.all([pki.ca.cert, user.pair.cert, user.pair.key].map(base64));
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'lab', cluster: { server, 'certificate-authority-data': ca } }],
    users: [{ name: user.name, user: { 'client-certificate-data': cert, 'client-key-data': key } }],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: user.name } }],
    'current-context': 'lab',
  });
}

/** Writes a kubeconfig readable by its owner only and returns its path. */
export async function writeKubeconfig(path: string, text: string): Promise<string> {
  await writeFile(path, text, { mode: 0o600 });
  return path;
}

async function base64(file: string): Promise<string> {
  return (await readFile(file)).toString('base64');
}
