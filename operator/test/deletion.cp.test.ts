/** Deletion while a node does not answer: bounded, and the node is named. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Rig } from './support/rig.ts';

let rig: Rig;

before(async () => {
  rig = await Rig.start({ nodes: ['n1', 'n2'] });
  await rig.operator();
  await rig.install({ onDelete: { timeout: '30s' } });
  await rig.condition('Ready', 'True');
});

after(() => rig.stop());

test('O9: an unreachable node is passed over, named in the conditions, and given up on by name', async () => {
  const n1 = rig.standIns.nodes.get('n1');
  assert.ok(n1);
  Object.assign(n1, { kubelet: false, answers: false });
  await rig.standIns.report('n1', 'Unknown', 'Kubelet stopped posting node status.');
  const started = Date.now();
  await rig.cp.kubectl(['delete', 'installation', 'default', '--wait=false']);
  // The node that answers does not wait for the one that does not.
  await rig.until(
    'n2 back',
    async () => ((await rig.orders())['n2'] === 'Standard' ? true : undefined),
    25_000,
  );
  assert.equal((await rig.orders())['n1'], 'BPF');
  const message = await rig.condition('Ready', 'False', 'Deleting');
  assert.match(message, /n1: /);
  await rig.until('Installation gone', async () =>
    (await rig.installation()) === undefined ? true : undefined,
  );
  assert.ok(Date.now() - started >= 25_000, 'not before its time');
  assert.ok((await rig.events('n1: given up on')).includes('NodeGivenUp'));
  assert.deepEqual(await rig.events('n2: given up on'), []);
  assert.deepEqual(await rig.parked(), []);
  assert.deepEqual(await rig.orders(), {});
});

test('O9: an Installation that never came to anything goes at once', async () => {
  await rig.install({ kubeProxy: { name: 'no-such-thing' } });
  await rig.until('a status', async () => ((await rig.status()).current ? true : undefined));
  await rig.cp.kubectl(['delete', 'installation', 'default', '--wait=false']);
  await rig.until('Installation gone', async () =>
    (await rig.installation()) === undefined ? true : undefined,
  );
});
