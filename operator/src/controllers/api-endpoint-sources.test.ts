import assert from 'node:assert/strict';
import { test } from 'node:test';
import { list, serversInMap } from './api-endpoint-sources.ts';

const kubeconfig = (...servers: string[]): string =>
  JSON.stringify({
    kind: 'Config',
    clusters: servers.map((server) => ({ name: server, cluster: { server } })),
  });

const CASES: readonly [string, Record<string, string>, string][] = [
  ['a kubeconfig', { 'kubeconfig.conf': kubeconfig('https://10.0.0.1:6443') }, '10.0.0.1:6443'],
  [
    'beside other files',
    { 'config.conf': 'kind: KubeProxyConfiguration', kubeconfig: kubeconfig('https://[fd00::1]:6443') },
    '[fd00::1]:6443',
  ],
  ['the default port', { k: kubeconfig('https://api.example.com') }, 'api.example.com:443'],
  [
    'each once',
    {
      a: kubeconfig('https://10.0.0.1:6443'),
      b: kubeconfig('https://10.0.0.1:6443', 'https://10.0.0.2:6443'),
    },
    '10.0.0.1:6443, 10.0.0.2:6443',
  ],
  ['nothing of what is no YAML', { a: '{', b: '', c: kubeconfig('http://10.0.0.1') }, ''],
];

for (const [what, data, expected] of CASES) {
  test(`servers in a ConfigMap: ${what}`, () => assert.equal(list(serversInMap(data)), expected));
}
