import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { CoreV1Api } from '@kubernetes/client-node';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { isLabError } from './errors.ts';
import { netnsPath } from './network.ts';
import { run, until } from './process.ts';

let controlPlane: ControlPlane;

before(async () => {
  controlPlane = await startControlPlane({ apiServers: 2, families: 'dual' });
});

after(() => controlPlane.stop());

async function namespaces(server: number): Promise<string[]> {
  const { items } = await controlPlane.kubeConfig(server).makeApiClient(CoreV1Api).listNamespace();
  return items.map((n) => n.metadata?.name ?? '');
}

/** HTTP status, or minus curl's exit status: -7 is refused, -28 is no answer in time. */
async function get(path: string, server: number): Promise<number> {
  const [address = ''] = (controlPlane.endpoints[server] ?? '').split(':');
  const curl = [
    '-sk',
    '-o',
    '/dev/null',
    '-w',
    '%{http_code}',
    '--max-time',
    '1',
    `https://${address}:6443${path}`,
  ];
  const result = await run('curl', curl, { allowFailure: true });
  return result.status === 0 ? Number(result.stdout) : -result.status;
}

test('both API servers show one cluster to a client-node client', async () => {
  await controlPlane.kubectl(['create', 'namespace', 'seen-by-both']);
  assert.ok((await namespaces(0)).includes('seen-by-both'));
  assert.ok((await namespaces(1)).includes('seen-by-both'));
});

test('the kubernetes Service has both API servers as endpoints', async () => {
  const both = controlPlane.endpoints.map((e) => e.split(':')[0]).sort();
  await until('both endpoints', 30_000, async () => {
    const text = await controlPlane.kubectl(['get', 'endpointslice', 'kubernetes', '-o', 'json']);
    const slice = JSON.parse(text) as { endpoints: { addresses: string[] }[] };
    const seen = slice.endpoints.flatMap((e) => e.addresses).sort();
    return JSON.stringify(seen) === JSON.stringify(both) ? true : undefined;
  });
});

test('the controller manager works, and works on when its API server is killed', async () => {
  const account = ['get', 'serviceaccount', 'default', '-o', 'name', '-n'];
  const made = (namespace: string, server: number): Promise<true> =>
    until(`a service account in ${namespace}`, 60_000, async () => {
      const address = `https://${controlPlane.endpoints[server] ?? ''}`;
      const out = await controlPlane.kubectl([`--server=${address}`, ...account, namespace]).catch(() => '');
      return out === '' ? undefined : true;
    });
  await made('default', 0);
  await controlPlane.stopServer(0, 'kill');
  assert.equal(await get('/readyz', 0), -7);
  await controlPlane.kubectl([
    `--server=https://${controlPlane.endpoints[1] ?? ''}`,
    'create',
    'ns',
    'later',
  ]);
  await made('later', 1);
  await controlPlane.startServer(0);
  assert.equal(await get('/readyz', 0), 200);
});

test('a server that is cut off neither answers nor refuses', async () => {
  await controlPlane.cutServer(1, true);
  assert.equal(await get('/readyz', 1), -28);
  await controlPlane.cutServer(1, false);
  assert.equal(await get('/readyz', 1), 200);
});

test('a certificate for a plain user may do what RBAC gives it', async () => {
  const kubeconfig = await controlPlane.kubeconfigFor({ name: 'reader', groups: ['readers'] });
  const as = ['--kubeconfig', kubeconfig, 'auth', 'can-i', 'list', 'pods'];
  const before = await controlPlane.kubectl(as).catch((error: unknown) => isLabError(error, 'CommandFailed'));
  assert.equal(before, true);
  await controlPlane.kubectl(['create', 'clusterrolebinding', 'r', '--clusterrole=view', '--group=readers']);
  assert.match(await controlPlane.kubectl(as), /yes/);
});

test('a second control plane runs beside the first and leaves nothing', async () => {
  const second = await startControlPlane();
  assert.notEqual(second.netns, controlPlane.netns);
  await second.stop();
  assert.equal(existsSync(netnsPath(second.netns)), false);
  assert.equal(existsSync(second.kubeconfig), false);
  const processes = await run('pgrep', ['-f', second.netns], { allowFailure: true });
  assert.equal(processes.stdout, '');
});
