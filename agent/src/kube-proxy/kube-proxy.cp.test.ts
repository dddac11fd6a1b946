// A real kube-proxy in each of its modes: its rules are found, and removed when it is gone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ControlPlane, startControlPlane } from '@margay/e2e/lab/control-plane';
import { until } from '@margay/e2e/lab/process';
import { NodeLeftovers } from './leftovers.ts';
import { NodeKubeProxyProbe } from './probe.ts';
import { type ProxyMode, ProxyNode } from './testing/real-kube-proxy.ts';
import { frontends, nodeName, objects, statuses } from './testing/services.ts';

let cluster: ControlPlane;

before(async () => {
  cluster = await startControlPlane({ families: 'dual' });
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: nodeName },
    spec: { podCIDRs: ['10.244.1.0/24', 'fd00:10:244:1::/64'] },
  };
  const addresses = ['10.253.8.2', 'fd00:10:3::2'].map((address) => ({ type: 'InternalIP', address }));
  const status = JSON.stringify({ status: { addresses } });
  await cluster.kubectl(['apply', '-f', '-'], JSON.stringify(node));
  await cluster.kubectl(['patch', 'node', nodeName, '--subresource=status', '--type=merge', '-p', status]);
  await cluster.kubectl(['apply', '-f', '-'], objects());
  for (const { name, patch } of statuses()) {
    const what = ['patch', 'service', name, '--namespace=shop'];
    await cluster.kubectl([...what, '--subresource=status', '--type=merge', '-p', patch]);
  }
});
after(() => cluster.stop());

/** One rule of a Service taken away behind kube-proxy's back, by mode. */
const sabotage: Readonly<Record<ProxyMode, string>> = {
  'iptables-nft':
    'iptables-nft -t nat -S KUBE-SERVICES | grep 10.96.0.21 | sed s/-A/-D/ | xargs -L1 iptables-nft -t nat',
  'iptables-legacy':
    'iptables-legacy -t nat -S KUBE-SERVICES | grep 10.96.0.21 | sed s/-A/-D/ | xargs -L1 iptables-legacy -t nat',
  nftables: 'nft delete element ip kube-proxy service-ips { 10.96.0.21 . tcp . 80 }',
};

/** Everything that kube-proxy could have left, in either mode and backend. */
const traces =
  '(iptables-nft-save; ip6tables-nft-save; iptables-legacy-save; ip6tables-legacy-save) 2>/dev/null | grep KUBE | grep -vE "KUBE-(FIREWALL|KUBELET-CANARY|IPTABLES-HINT)" || true; nft list tables | grep kube-proxy || true';

for (const mode of ['iptables-nft', 'iptables-legacy', 'nftables'] as const) {
  test(`O3: ${mode}: programmed when every frontend has its rule; leftovers go, the kubelet's rules stay`, async (t) => {
    const node = await ProxyNode.create(cluster, 'mgkp', '10.253.8');
    t.after(() => node.remove());
    const fetch = (port: number, path: string): Promise<string | undefined> =>
      node.run(['curl', '-sf', `http://127.0.0.1:${port}${path}`]).catch(() => undefined);
    let clock = 0;
    const probe = new NodeKubeProxyProbe({ run: node.run, fetch, now: () => clock });
    const leftovers = new NodeLeftovers({ run: node.run });

    assert.deepEqual((await probe.programmed(frontends(), 0)).mode, 'none');
    const started = Date.now() / 1000;
    await node.start(mode);
    const done = await until('kube-proxy to be programmed', 30_000, async () => {
      const state = await probe.programmed(frontends(), started);
      return state.ok ? state : undefined;
    });
    assert.equal(done.mode, mode === 'nftables' ? 'nftables' : 'iptables');
    assert.ok((done.lastSync ?? 0) > started);
    assert.equal((await probe.programmed(frontends(), Date.now() / 1000 + 60)).ok, false, 'a later start');

    const unknown = {
      name: 'shop/new:http',
      address: '10.96.77.77',
      port: 80,
      protocol: 6,
      family: 4,
      hasEndpoints: true,
    } as const;
    const partly = await probe.programmed([...frontends(), unknown], started);
    assert.deepEqual([partly.ok, partly.missing, partly.missingCount], [false, ['shop/new:http'], 1]);

    await node.stop();
    await node.shell(sabotage[mode]);
    clock += 60_000;
    const lacking = await probe.programmed(frontends(), started);
    assert.deepEqual([lacking.ok, lacking.missing], [false, ['shop/plain:http']]);

    assert.notEqual(await node.shell(traces), '');
    const report = await leftovers.remove();
    assert.equal(await node.shell(traces), '');
    assert.deepEqual(report.kept, []);
    if (mode === 'nftables') assert.deepEqual(report.removedTables, ['ip kube-proxy', 'ip6 kube-proxy']);
    else assert.ok(report.removedChains > 50, String(report.removedChains));
    const afterwards = mode === 'iptables-legacy' ? 'iptables-legacy-save' : 'iptables-nft-save';
    const left = await node.shell(afterwards);
    for (const chain of ['KUBE-FIREWALL', 'KUBE-KUBELET-CANARY', 'KUBE-IPTABLES-HINT']) {
      assert.ok(left.includes(`:${chain} `), `${chain} is the kubelet's`);
    }
    assert.match(left, /-A OUTPUT -j KUBE-FIREWALL/);
    assert.match(left, /-A KUBE-FIREWALL ! -s 127\.0\.0\.0\/8 -d 127\.0\.0\.0\/8/);

    assert.deepEqual(await leftovers.remove(), { removedChains: 0, removedTables: [], kept: [] });
  });
}
