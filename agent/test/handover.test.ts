// Flows that kube-proxy's rules translate, while those rules are removed. Needs root.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadNetlink } from '@margay/addon/netlink';
import { isolated } from '../../addon/test/support/isolate.ts';
import { run } from '../src/fabric/command.ts';
import { NodeFabric } from '../src/fabric/node-fabric.ts';
import { NodeLeftovers } from '../src/kube-proxy/leftovers.ts';
import {
  addNetns,
  addVeth,
  echoServer,
  type Flow,
  flow,
  isAlive,
  privateRun,
  seenAs,
  sh,
} from './support/scratch.ts';

const recordedUrl = (name: string): URL => new URL(`../src/kube-proxy/testdata/${name}.txt`, import.meta.url);

/** The rules of a real kube-proxy; the counters that one of its rules feeds are the kernel's, not in the text. */
const install = {
  'iptables mode': async (): Promise<void> => {
    const rules = readFileSync(recordedUrl('iptables-nft-v4'), 'utf8').replaceAll(
      /-m nfacct --nfacct-name {2}\S+ /g,
      '',
    );
    await run(['iptables-nft-restore'], { input: rules });
    // The kubelet's one rule with a conntrack match would hold conntrack by itself; not every kubelet has it.
    sh('iptables-nft -F KUBE-FIREWALL');
  },
  'nftables mode': async (): Promise<void> => {
    await run(['nft', '-f', fileURLToPath(recordedUrl('nftables-ruleset-v4'))]);
  },
};

/** Of `shop/outside:http`, which has one endpoint. */
const service = { address: '10.96.0.27', endpoint: '10.244.1.16', port: 8080 };

async function define(): Promise<void> {
  privateRun();
  addNetns('pod');
  addNetns('client');
  addVeth('pod', 'veth-pod', { near: '10.244.1.1/24', far: `${service.endpoint}/24` });
  addVeth('client', 'veth-client', { near: '10.253.8.2/24', far: '10.253.8.200/24' });
  sh('sysctl -qw net.ipv4.ip_forward=1');
  const server = await echoServer('pod', service.port);
  after(() => server.stop());
  const netlink = loadNetlink();
  const leftovers = new NodeLeftovers();

  async function flowThroughRules(t: TestContext, mode: keyof typeof install): Promise<Flow> {
    sh('nft flush ruleset');
    await install[mode]();
    const open = await flow('client', service.address, 80);
    t.after(() => open.stop());
    assert.equal(await isAlive(open), true);
    return open;
  }

  for (const mode of Object.keys(install) as (keyof typeof install)[]) {
    test(`${mode}: a translated flow dies with the last rule that needs conntrack`, async (t) => {
      const open = await flowThroughRules(t, mode);
      await leftovers.remove();
      assert.equal(await isAlive(open), false);
    });

    test(`S16: ${mode}: with the handover table it lives; new ones find no rules; the table goes after it`, async (t) => {
      const fabric = new NodeFabric({ netlink });
      const open = await flowThroughRules(t, mode);
      await fabric.installHandover();
      await leftovers.remove();
      assert.equal(await isAlive(open), true);
      assert.equal(await seenAs('client', { host: service.address, port: 80 }), undefined);
      assert.equal(await fabric.natFlowsLeft(), true);
      assert.equal(await fabric.finishHandover(), false);
      assert.match(sh('nft list tables'), /table inet margay-handover/);

      open.stop();
      const entries = await netlink.conntrack({ natOnly: true });
      await netlink.deleteConntrack(entries.map((entry) => entry.original));
      assert.equal(await fabric.natFlowsLeft(), false);
      assert.equal(await fabric.finishHandover(), true);
      assert.ok(!sh('nft list tables').includes('margay-handover'));
      assert.equal(await fabric.finishHandover(), true);
    });
  }

  test('S16: an agent that starts again with the table in place still waits for the flows', async (t) => {
    const open = await flowThroughRules(t, 'nftables mode');
    await new NodeFabric({ netlink }).installHandover();
    await leftovers.remove();
    assert.equal(await new NodeFabric({ netlink }).finishHandover(), false);
    assert.equal(await isAlive(open), true);
  });
}

if (isolated(import.meta.filename)) await define();
