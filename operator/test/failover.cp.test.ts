/** Two operators: one leads; when it dies the other goes on where it was. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { OperatorProcess } from './support/rig.ts';
import { Rig } from './support/rig.ts';

const QUICK = ['--lease-duration', '3s', '--renew-deadline', '2s'];

let rig: Rig;
let a: OperatorProcess;
let b: OperatorProcess;

const leads = (operator: OperatorProcess): boolean => operator.log().includes('"message":"leading"');

const holder = (): Promise<string> =>
  rig.cp
    .kubectl([
      '-n',
      'margay-operator',
      'get',
      'lease',
      'margay-operator',
      '-o',
      'jsonpath={.spec.holderIdentity}',
    ])
    .catch(() => '');

before(async () => {
  rig = await Rig.start({ nodes: ['n1', 'n2'] });
});

after(() => rig.stop());

test('O10: one of two replicas leads', async () => {
  a = await rig.operator('operator-a', QUICK);
  b = await rig.operator('operator-b', QUICK);
  const held = await rig.until('a leader', async () => ((await holder()) === '' ? undefined : holder()));
  assert.match(held, /^operator-[ab]_/);
  await rig.install({});
  await rig.condition('Ready', 'True');
  assert.notEqual(leads(a), leads(b));
});

test('O10: the other one takes over from a leader that is killed in the middle of a change', async () => {
  const [leader, other] = leads(a) ? [a, b] : [b, a];
  const from = rig.history.now;
  await rig.install({ bpfEnabled: false });
  await rig.until('the first node begun', async () =>
    Promise.resolve(
      rig.history.all.some((e) => e.version > from && e.what === 'label none') ? true : undefined,
    ),
  );
  await leader.end('SIGKILL');
  await rig.until('the other leads', async () => Promise.resolve(leads(other) ? true : undefined));
  await rig.condition('Ready', 'True');
  assert.deepEqual(await rig.parked(), []);
  for (const name of ['n1', 'n2']) {
    const story = rig.history.of(name, from);
    assert.ok(
      story.indexOf('evidence KubeProxyProgrammed=True') < story.indexOf('order Standard'),
      story.join(),
    );
    assert.equal(story.filter((what) => what === 'label parked').length, 0, 'parked again by mistake');
  }
});

test('O10: a replica that ends in good order gives its lease back', async () => {
  const other = leads(a) && a.child.exitCode === null && a.child.signalCode === null ? a : b;
  await other.end('SIGTERM');
  assert.equal(other.child.exitCode, 0);
  assert.equal(await holder(), '');
});

test('O3: a node that joins while no operator runs has kube-proxy', async () => {
  await rig.install({});
  const third = await rig.operator('operator-c', QUICK);
  await rig.condition('Ready', 'True');
  await third.end();
  await rig.standIns.addNode('n3');
  await rig.until('kube-proxy on n3', async () =>
    Promise.resolve(rig.history.of('n3').includes('kube-proxy pod ready') ? true : undefined),
  );
  assert.deepEqual(await rig.parked(), ['n1', 'n2']);
});
