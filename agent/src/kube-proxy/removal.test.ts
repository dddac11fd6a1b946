import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { planRemoval } from './removal.ts';
import { commentOf, parseSave, targetOf } from './save-format.ts';

const recorded = (name: string): string =>
  readFileSync(new URL(`testdata/${name}.txt`, import.meta.url), 'utf8');
const save = recorded('iptables-nft-v4');
const kubelets = ['KUBE-FIREWALL', 'KUBE-KUBELET-CANARY', 'KUBE-IPTABLES-HINT'];

/** What a transaction does to chains, by table: the names in `-X`. */
function removed(restore: string): string[] {
  let table = '';
  return restore.split('\n').flatMap((line) => {
    if (line.startsWith('*')) table = line.slice(1);
    return line.startsWith('-X ') ? [`${table}/${line.slice(3)}`] : [];
  });
}

/** The save text with lines added to one table. */
function withLines(table: string, ...lines: string[]): string {
  return save.replace(`*${table}\n`, `*${table}\n${lines.join('\n')}\n`);
}

for (const name of ['iptables-nft-v4', 'iptables-nft-v6', 'iptables-legacy-v4', 'iptables-legacy-v6']) {
  test(`O3: ${name}: every chain of a real kube-proxy goes, none of the kubelet's`, () => {
    const plan = planRemoval(recorded(name));
    const gone = new Set(removed(plan.restore ?? ''));
    const left = parseSave(recorded(name)).flatMap((t) =>
      [...t.chains].filter((chain) => !gone.has(`${t.name}/${chain}`)).map((chain) => `${t.name}/${chain}`),
    );
    assert.deepEqual(left.sort(), [
      'filter/KUBE-FIREWALL',
      'filter/KUBE-KUBELET-CANARY',
      'mangle/KUBE-IPTABLES-HINT',
      'mangle/KUBE-KUBELET-CANARY',
      'nat/KUBE-KUBELET-CANARY',
    ]);
    assert.equal(plan.removedChains, gone.size);
    assert.deepEqual(plan.kept, []);
    for (const chain of kubelets) assert.ok(!(plan.restore ?? '').includes(chain));
  });
}

test("the kernel's chains lose exactly kube-proxy's jumps", () => {
  const jumps = (planRemoval(save).restore ?? '').split('\n').filter((line) => line.startsWith('-D '));
  const expected = save
    .split('\n')
    .filter((line) => /^-A (?:INPUT|FORWARD|OUTPUT|PREROUTING|POSTROUTING) .*kubernetes/.test(line))
    .map((line) => line.replace(/^-A/, '-D'));
  assert.equal(jumps.length, 12);
  assert.deepEqual(jumps.sort(), expected.sort());
});

test('nothing there, nothing done', () => {
  assert.deepEqual(planRemoval(''), { restore: undefined, removedChains: 0, kept: [] });
  const kubelet =
    '*filter\n:OUTPUT ACCEPT [0:0]\n:KUBE-FIREWALL - [0:0]\n-A OUTPUT -j KUBE-FIREWALL\nCOMMIT\n';
  assert.equal(planRemoval(kubelet).restore, undefined);
});

test('O3: a chain that others use stays, with what it leads to, and is named', () => {
  const plan = planRemoval(
    withLines('nat', ':CNI-HOSTPORT-SETMARK - [0:0]', '-A CNI-HOSTPORT-SETMARK -j KUBE-MARK-MASQ'),
  );
  assert.deepEqual(plan.kept, ['nat/KUBE-MARK-MASQ <- CNI-HOSTPORT-SETMARK']);
  assert.ok(!removed(plan.restore ?? '').includes('nat/KUBE-MARK-MASQ'));
  assert.ok(!(plan.restore ?? '').includes(':KUBE-MARK-MASQ '));
  assert.ok(removed(plan.restore ?? '').includes('nat/KUBE-SERVICES'));

  const service = planRemoval(withLines('nat', '-A PREROUTING -p tcp -j KUBE-SVC-BJJCFACIJ6KVYVMN'));
  const gone = removed(service.restore ?? '');
  assert.deepEqual(service.kept, ['nat/KUBE-SVC-BJJCFACIJ6KVYVMN <- PREROUTING']);
  assert.ok(!gone.includes('nat/KUBE-SEP-IBROQVXHC7UKPWAW'), 'its endpoint stays with it');
  assert.ok(!gone.includes('nat/KUBE-MARK-MASQ'), 'its endpoint marks packets');
  assert.ok(gone.includes('nat/KUBE-SVC-ZICU24FIXM7FRPOJ'));
});

test("a chain of others that kube-proxy's lead to, or that only looks alike, is not touched", () => {
  const plan = planRemoval(
    withLines(
      'nat',
      ':MY-CHAIN - [0:0]',
      ':KUBE-SVC-AAAAAAAAAAAAAAAA - [0:0]',
      ':KUBE-SVC-mine - [0:0]',
      '-A KUBE-SERVICES -j MY-CHAIN',
      '-A KUBE-SERVICES -j KUBE-SVC-mine',
      '-A MY-CHAIN -j KUBE-SVC-AAAAAAAAAAAAAAAA',
    ),
  );
  const gone = removed(plan.restore ?? '');
  for (const chain of ['MY-CHAIN', 'KUBE-SVC-AAAAAAAAAAAAAAAA', 'KUBE-SVC-mine']) {
    assert.ok(!gone.includes(`nat/${chain}`), chain);
  }
  assert.ok(gone.includes('nat/KUBE-SERVICES'));
});

test('chains of a Service whose jump is gone already go too', () => {
  const orphaned = save
    .split('\n')
    .filter((line) => !line.endsWith('-j KUBE-SVC-BJJCFACIJ6KVYVMN'))
    .join('\n');
  assert.notEqual(orphaned, save);
  const [before, after] = [save, orphaned].map((text) => removed(planRemoval(text).restore ?? '').sort());
  assert.deepEqual(after, before);
});

test("a jump with a comment that is not kube-proxy's is another's", () => {
  const plan = planRemoval(
    withLines('filter', '-A FORWARD -m comment --comment "our portal" -j KUBE-FORWARD'),
  );
  assert.deepEqual(plan.kept, ['filter/KUBE-FORWARD <- FORWARD']);
  assert.ok(!(plan.restore ?? '').includes('-D FORWARD -m comment --comment "kubernetes forwarding rules"'));
});

test('targets and comments of rules, whatever the comment holds', () => {
  assert.equal(targetOf('-m comment --comment "a -j DROP \\" b" -g KUBE-X'), 'KUBE-X');
  assert.equal(targetOf('-m comment --comment -j'), undefined);
  assert.equal(commentOf('-m comment --comment shop/web -j X'), 'shop/web');
  assert.equal(commentOf('-m comment --comment "say \\"hi\\"" -j X'), 'say \\"hi\\"');
  assert.equal(targetOf('-p tcp -m tcp --dport 80'), undefined);
});
