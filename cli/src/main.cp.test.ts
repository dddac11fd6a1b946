import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type ControlPlane, startControlPlane } from '@margay/e2e/lab/control-plane';
import { apply } from '@margay/lib/apply';
import { clientFromKubeConfig } from '@margay/lib/kube-config';
import { apiVersion, installations, nodeDataplanes } from '@margay/crds/resources';

let controlPlane: ControlPlane;

before(async () => (controlPlane = await startControlPlane({ controllerManager: false })));
after(() => controlPlane.stop());

function margay(...args: string[]): { code: number | null; out: string; error: string } {
  const script = [
    '--import',
    'tsx',
    join(import.meta.dirname, 'main.ts'),
    '--kubeconfig',
    controlPlane.kubeconfig,
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...script, ...args], { encoding: 'utf8' });
  return { code: status, out: stdout, error: stderr };
}

test('a cluster without Margay: says so, and what to do', () => {
  assert.deepEqual(margay('status'), {
    code: 1,
    out: '',
    error:
      'Margay is not installed on this cluster: there is no Installation named default. Apply deploy/ and an Installation first.\n',
  });
});

test('a context that is not there: names those that are', () => {
  const { code, error } = margay('--context', 'other', 'status');
  assert.equal(code, 1);
  assert.match(error, /^the kubeconfig has no context 'other'; it has \S+/);
});

test('V1: status of what is on the cluster', async () => {
  const schemas = join(import.meta.dirname, '../../crds/schemas');
  await controlPlane.kubectl([
    'apply',
    '-f',
    `${schemas}/installation.yaml`,
    '-f',
    `${schemas}/nodedataplane.yaml`,
  ]);
  await controlPlane.kubectl(['wait', '--for=condition=Established', '--timeout=30s', 'crd', '--all']);
  const client = clientFromKubeConfig('cli-test', controlPlane.kubeconfig);
  const options = { fieldManager: 'test' };
  await apply(
    client,
    installations,
    { apiVersion, kind: 'Installation', metadata: { name: 'default' } },
    options,
  );
  const order = { mode: 'BPF', configRef: { name: 'margay-config-1' } };
  const node = { apiVersion, kind: 'NodeDataplane', metadata: { name: 'n1' }, spec: order };
  await apply(client, nodeDataplanes, node, options);
  client.close();
  const { code, out } = margay('status');
  assert.equal(code, 0);
  assert.match(out, /^CONDITION +STATUS +REASON +MESSAGE\nReady +Unknown +NotObserved/);
  assert.match(out, /\nn1 +BPF +- +Unknown/);
});
