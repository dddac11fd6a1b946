/**
 * Changes of mode under traffic. Netfilter does in the namespaces of the nodes what kube-proxy would:
 * it translates the Service and drops what conntrack calls invalid. No flow may notice a switch.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Proto } from './packet.ts';
import { addressOf, inNetns, Rig, type Family, type NodeName, type PeerName } from './rig.ts';

const port = 80;
const nodePort = 30080;
const nodeNames = ['n1', 'n2'] as const;

const service = (family: Family): string => (family === 4 ? '10.97.0.1' : 'fd97::1');

/** One backend: a2. What kube-proxy's rules amount to, with its drop of invalid packets. */
function addRules(node: NodeName, family: Family): void {
  const ip = family === 4 ? 'ip' : 'ip6';
  const backend = addressOf('a2', family);
  const target = family === 4 ? `${backend}:8080` : `[${backend}]:8080`;
  const dnat = ['tcp', 'udp']
    .flatMap((proto) => [
      `${ip} daddr ${service(family)} ${proto} dport ${port} dnat to ${target}`,
      `${ip} daddr ${addressOf(node, family)} ${proto} dport ${nodePort} meta mark set 0x4000 dnat to ${target}`,
    ])
    .join('; ');
  const hairpin = `${ip} saddr ${backend} ${ip} daddr ${backend} masquerade;`;
  inNetns(
    node,
    `nft -f - <<'END'
table inet proxy {
  chain prerouting { type nat hook prerouting priority dstnat; ${dnat}; }
  chain output { type nat hook output priority -100; ${dnat}; }
  chain postrouting { type nat hook postrouting priority srcnat; meta mark 0x4000 masquerade; ${hairpin} }
  chain forward { type filter hook forward priority 0; ct state invalid drop; }
}
END`,
  );
}

for (const family of [4, 6] as const) {
  describe(`switches, IPv${family}`, () => {
    let rig: Rig;
    const at = { address: service(family), port };
    const peerOf = (name: PeerName) => ({ address: addressOf(name, family), port: 8080 });
    const outside = { address: addressOf('n1', family), port: nodePort };

    before(async () => {
      rig = new Rig();
      await rig.listen();
      for (const node of nodeNames) {
        addRules(node, family);
        await rig.install(node, family);
        for (const proto of [Proto.tcp, Proto.udp]) {
          const backends = [{ address: addressOf('a2', family), port: 8080 }];
          await rig.plane(node).ask('putService', { address: service(family), port, proto, backends });
          await rig.plane(node).ask('putService', { port: nodePort, proto, backends });
        }
      }
    });
    after(() => rig.close());

    const setMode = async (mode: 'Pass' | 'Active' | 'Draining', stackFlows: number): Promise<void> => {
      for (const node of nodeNames) await rig.plane(node).ask('setState', { mode, stackFlows });
    };

    /** Old connections and datagram flows of every kind; each is asked again after each switch. */
    const flows: (() => Promise<string>)[] = [];
    const begin = async (
      from: PeerName,
      to: { address: string; port: number },
      localPort: number,
    ): Promise<void> => {
      const peer = rig.peer(from);
      const connection = await peer.ask('keep', { ...to, localPort });
      const name = `${from}:${localPort} to ${to.address}`;
      flows.push(async () => `tcp ${name}: ${(await peer.ask('again', connection)).by}`);
      flows.push(async () => `udp ${name}: ${(await peer.ask('udp', { ...to, localPort })).by}`);
    };
    const beginAll = async (localPort: number): Promise<void> => {
      for (const from of ['a1', 'n1', 'a2'] as const) await begin(from, at, localPort);
      await begin('ext', outside, localPort);
      await begin('a1', { address: addressOf('a2', family), port: 8080 }, localPort + 10);
    };
    const askAll = async (): Promise<void> => {
      for (const flow of flows) assert.match(await flow(), /: a2$/);
    };

    test("idle: everything is the stack's", async () => {
      await setMode('Pass', 1);
      await beginAll(5001);
      await askAll();
      assert.equal(await rig.plane('n1').ask('flowCount', undefined), 0);
    });

    test('S16: active: what was there stays with netfilter, what comes is ours', async () => {
      await setMode('Active', 1);
      await askAll();
      const before = await rig.plane('n1').ask('counters', undefined);
      assert.equal(before['FwdNeigh'] ?? 0, 0, 'no old flow took the fast path');
      await beginAll(5002);
      await askAll();
      const now = await rig.plane('n1').ask('counters', undefined);
      assert.ok((now['FwdNeigh'] ?? 0) > 0, 'new flows did');
    });

    test("active: a new flow keeps off the tuples that netfilter's flows have on the wire", async () => {
      // Netfilter made a1:5001>Service into a1:5001>a2; the Service's new meaning is that very tuple.
      const seen = await rig.peer('a1').ask('tcp', { ...peerOf('a2'), localPort: 5001 });
      assert.equal(seen.by, 'a2');
      await askAll();
    });

    test("S16: draining: what is ours stays ours, what comes is netfilter's", async () => {
      await setMode('Draining', 1);
      const before = await rig.plane('n1').ask('flowCount', undefined);
      await askAll();
      await beginAll(5003);
      await askAll();
      assert.equal(await rig.plane('n1').ask('flowCount', undefined), before);
    });

    /**
     * Each with local ports of its own. A client outside keeps its port behind the node's address, so that one of the
     * node's with the same number would want the same tuple of replies; when both begin at once, netfilter drops one
     * of the packets (conntrack -S: insert_failed), with and without us.
     */
    const portsOf = { a1: [10_000, 16_999], n1: [17_000, 23_999], ext: [24_000, 29_999] } as const;
    const clients = ['a1', 'n1', 'ext'] as const;
    const kinds = ['tcp', 'udp'] as const;
    const finished = async (): Promise<number[]> =>
      (await Promise.all(clients.map((from) => rig.peer(from).ask('progress', undefined)))).flatMap(
        ({ tcp, udp }) => [tcp, udp],
      );
    /** Two more requests of each client: what was under way at the call is over. */
    const turnover = async (): Promise<void> => {
      const before = await finished();
      const over = async (): Promise<boolean> =>
        (await finished()).every((n, i) => n >= (before[i] ?? 0) + 2);
      const giveUp = Date.now() + 10_000;
      while (!(await over())) {
        assert.ok(Date.now() < giveUp, 'every client gets its answers');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };

    test('O4, S16: many switches under new connections and queries: no request fails', async () => {
      const requests = clients.flatMap((from) =>
        kinds.map((kind) =>
          rig
            .peer(from)
            .ask('storm', { ...(from === 'ext' ? outside : at), kind, ms: 15_000, ports: portsOf[from] }),
        ),
      );
      const end = Date.now() + 5000;
      let rounds = 0;
      for (; Date.now() < end; rounds++)
        for (const mode of ['Active', 'Draining', 'Pass'] as const) {
          await setMode(mode, 1);
          await turnover();
        }
      await setMode('Active', 1);
      const results = await Promise.all(requests);
      const counters = JSON.stringify(await rig.plane('n1').ask('counters', undefined));
      assert.deepEqual(
        results.flatMap((result) => result.failed),
        [],
        counters,
      );
      assert.ok(rounds > 0);
    });

    test("S16: active again, and netfilter's flows of the time between go on", async () => {
      await setMode('Active', 1);
      await askAll();
    });
  });
}
