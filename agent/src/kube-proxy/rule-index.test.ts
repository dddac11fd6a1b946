import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { FrontendRef } from '../ports.ts';
import { indexIptables, indexNftables, isProgrammed, type RuleIndex } from './rule-index.ts';
import { frontends } from './testing/services.ts';

const recorded = (name: string): string =>
  readFileSync(new URL(`testdata/${name}.txt`, import.meta.url), 'utf8');

const sources: readonly [string, 4 | 6, () => RuleIndex][] = ([4, 6] as const).flatMap((family) => [
  [`iptables, nft backend, IPv${family}`, family, () => indexIptables(recorded(`iptables-nft-v${family}`))],
  [`iptables, legacy, IPv${family}`, family, () => indexIptables(recorded(`iptables-legacy-v${family}`))],
  [`nftables, IPv${family}`, family, () => indexNftables([recorded(`nftables-v${family}`)])],
]);

for (const [what, family, index] of sources) {
  const mine = frontends().filter((f) => f.family === family);

  test(`${what}: every frontend of a synced kube-proxy is found`, () => {
    assert.ok(mine.length > 10);
    assert.deepEqual(
      mine.filter((f) => !isProgrammed(f, index())),
      [],
    );
  });

  test(`${what}: another address, port, protocol or NodePort is not`, () => {
    const there = mine.find((f) => f.address !== undefined && f.protocol === 17);
    assert.ok(there !== undefined);
    const changed: FrontendRef[] = [
      { ...there, address: family === 4 ? '10.96.9.9' : 'fd00:10:96::9999' },
      { ...there, port: 54 },
      { ...there, protocol: 132 },
    ];
    const nodePort: FrontendRef = { name: there.name, port: 31999, protocol: 17, family, hasEndpoints: true };
    for (const f of [...changed, nodePort]) assert.equal(isProgrammed(f, index()), false, JSON.stringify(f));
  });

  test(`${what}: a refusal is right only while there are no endpoints`, () => {
    const empty = mine.filter((f) => f.name === 'shop/empty:http');
    assert.equal(empty.length, 2);
    for (const f of empty) {
      assert.equal(isProgrammed(f, index()), true);
      assert.equal(isProgrammed({ ...f, hasEndpoints: true }, index()), false);
    }
  });
}

test('iptables: rules that no hook leads to do nothing', () => {
  const save = recorded('iptables-nft-v4');
  for (const hook of ['-A PREROUTING ', '-A OUTPUT ', '-A POSTROUTING ']) {
    const nat = save.slice(save.indexOf('*nat'));
    const without = nat
      .split('\n')
      .filter((line) => !line.startsWith(hook))
      .join('\n');
    assert.equal(indexIptables(nat).hooked, true);
    assert.equal(indexIptables(without).hooked, false, hook);
  }
});

test("iptables: what a Service's name says is not taken for a rule's words", () => {
  const line =
    '-A KUBE-SERVICES -d 10.96.0.9/32 -p tcp -m comment --comment "x/y: -p udp --dport 1 -j DROP" -m tcp --dport 80 -j KUBE-SVC-AAAAAAAAAAAAAAAA';
  const index = indexIptables(`*nat\n${line}`);
  assert.deepEqual([...index.served], ['10.96.0.9 6 80']);
});

test('nftables: no maps, no rules', () => {
  assert.equal(indexNftables(['{"nftables": [{"metainfo": {}}]}']).hooked, false);
  assert.equal(indexNftables([]).hooked, false);
});
