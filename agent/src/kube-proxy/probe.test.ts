import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { CommandError, type Run } from '../fabric/command.ts';
import { readChains, ruleSets } from './iptables.ts';
import { fetchLocal } from './local-http.ts';
import { NodeKubeProxyProbe } from './probe.ts';
import { frontendRules, indexIptables } from './rule-index.ts';
import { frontends } from './testing/services.ts';

const recorded = (name: string): string =>
  readFileSync(new URL(`testdata/${name}.txt`, import.meta.url), 'utf8');

function missing(command: readonly string[], stderr: string): never {
  throw new CommandError(command, { status: 1, stderr });
}

/** One chain, as `iptables -S` prints it. */
function oneChain(command: readonly string[], save: string): string {
  const [, , table = '', , chain = ''] = command;
  const part = save.slice(save.indexOf(`*${table}\n`)).split('COMMIT')[0] ?? '';
  if (!part.includes(`:${chain} `)) missing(command, 'iptables: No chain/target/match by that name.');
  const rules = part.split('\n').filter((rule) => rule.startsWith(`-A ${chain} `));
  return `-N ${chain}\n${rules.join('\n')}\n`;
}

/** A node with the recorded rules of kube-proxy's iptables mode, and a count of what was read. */
function recordedNode(backend: 'nft' | 'legacy') {
  const state = { reads: 0, chains: new Set<string>() };
  const answer = (command: readonly string[]): string => {
    const [program = ''] = command;
    if (program === 'sh') return backend === 'legacy' ? 'nat\n' : '';
    if (program === 'nft') return missing(command, 'Error: No such file or directory');
    state.reads++;
    const save = recorded(`iptables-${backend}-${program.startsWith('ip6') ? 'v6' : 'v4'}`);
    const mine = program.includes(backend);
    if (program.endsWith('-save')) return mine ? save : '';
    if (!mine) return missing(command, "chain `X' in table `nat' is incompatible, use 'nft' tool.");
    state.chains.add(`${command[2]}/${command[4]}`);
    return oneChain(command, save);
  };
  const run: Run = (command, options) =>
    new Promise((resolve) => {
      const lines = answer(command).split('\n');
      resolve(lines.filter((line) => options?.keep?.(line) ?? true).join('\n'));
    });
  return { state, run };
}

test('both ways of reading see what the whole text says', async () => {
  for (const backend of ['nft', 'legacy'] as const) {
    const { run, state } = recordedNode(backend);
    const text = await readChains(run, { family: 4, backend }, frontendRules);
    assert.deepEqual(indexIptables(text), indexIptables(recorded(`iptables-${backend}-v4`)));
    if (backend === 'nft') assert.ok(!state.chains.has('nat/KUBE-MARK-MASQ'));
    assert.ok(!text.includes('-A KUBE-SVC-'));
  }
});

test('the legacy programs are only called where legacy tables are', async () => {
  const sets = await ruleSets(([, , script]) =>
    Promise.resolve(script?.includes('ip6_') === true ? 'nat\n' : ''),
  );
  assert.deepEqual(
    sets.map((s) => `${s.family} ${s.backend}`),
    ['4 nft', '6 nft', '6 legacy'],
  );
});

const page = (time: number): string =>
  ([4, 6] as const)
    .map((f) => `kubeproxy_sync_proxy_rules_last_timestamp_seconds{ip_family="IPv${f}"} ${time}\n`)
    .join('');

test('the kernel is read again when kube-proxy has written, or after a while; not for every call', async () => {
  const { run, state } = recordedNode('nft');
  let clock = 0;
  let sync = 1000;
  const fetch = (port: number): Promise<string | undefined> =>
    Promise.resolve(port === 10249 ? page(sync) : undefined);
  const probe = new NodeKubeProxyProbe({ run, fetch, now: () => clock, rereadMs: 10_000 });
  const look = async (): Promise<number> => {
    const before = state.reads;
    assert.equal((await probe.programmed(frontends(), 999)).ok, true);
    return state.reads - before;
  };
  assert.ok((await look()) > 0);
  assert.equal(await look(), 0);
  sync = 1001;
  assert.ok((await look()) > 0);
  clock = 10_000;
  assert.ok((await look()) > 0);
});

test('complete rules of an earlier kube-proxy are not those of one that starts', async () => {
  const { run } = recordedNode('nft');
  const states: [string | undefined, string | undefined, boolean][] = [
    [page(1000), undefined, true],
    [page(998), undefined, false],
    [page(999), undefined, false],
    [page(0), undefined, false],
    [undefined, recorded('livez'), true],
    [undefined, '{"status":{}}', false],
    [undefined, undefined, false],
  ];
  for (const [metrics, livez, ok] of states) {
    const fetch = (port: number): Promise<string | undefined> =>
      Promise.resolve(port === 10249 ? metrics : livez);
    const state = await new NodeKubeProxyProbe({ run, fetch }).programmed(frontends(), 999);
    assert.deepEqual([state.ok, state.mode, state.missingCount], [ok, 'iptables', 0]);
  }
});

test('at most ten names, and how many there are', async () => {
  const { run } = recordedNode('nft');
  const fetch = (): Promise<string> => Promise.resolve(page(1000));
  const missing = Array.from({ length: 12 }, (_, i) => ({
    name: `x/y${i}:http`,
    address: `10.96.200.${i}`,
    port: 80,
    protocol: 6,
    family: 4 as const,
    hasEndpoints: true,
  }));
  const state = await new NodeKubeProxyProbe({ run, fetch }).programmed([...frontends(), ...missing], 1);
  assert.deepEqual([state.ok, state.missing.length, state.missingCount], [false, 10, 12]);
});

test('pages of this node: 200 and 503 have bodies, 404 and a closed port have none', async (t) => {
  const server = createServer((request, response) => {
    response.statusCode = Number(request.url?.slice(1));
    response.end('body');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  t.after(() => void server.close());
  assert.equal(await fetchLocal(port, '/200'), 'body');
  assert.equal(await fetchLocal(port, '/503'), 'body');
  assert.equal(await fetchLocal(port, '/404'), undefined);
  server.close();
  await new Promise((resolve) => server.once('close', resolve));
  assert.equal(await fetchLocal(port, '/200'), undefined);
});
