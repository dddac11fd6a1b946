import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chained, effectiveFile, foreignFile, ownList, type OwnListInput, parseList } from './conflist.ts';

const input: OwnListInput = {
  podCidrs: ['10.244.1.0/24', 'fd00:10:244:1::/64'],
  mtu: 1450,
  socketPath: '/run/margay/agent.sock',
  versions: ['1.0.0', '1.1.0'],
  portmap: false,
  withAgent: true,
};

test('own list: one range and one default route a family, margay-cni last', () => {
  assert.deepEqual(ownList(input), {
    cniVersion: '1.0.0',
    cniVersions: ['1.0.0', '1.1.0'],
    name: 'margay',
    plugins: [
      {
        type: 'ptp',
        ipMasq: false,
        mtu: 1450,
        ipam: {
          type: 'host-local',
          ranges: [[{ subnet: '10.244.1.0/24' }], [{ subnet: 'fd00:10:244:1::/64' }]],
          routes: [{ dst: '0.0.0.0/0' }, { dst: '::/0' }],
        },
      },
      { type: 'margay-cni', socket: '/run/margay/agent.sock' },
    ],
  });
});

test('own list: portmap before margay-cni; IPv4 only has no IPv6 route; without agent no margay-cni', () => {
  const list = ownList({ ...input, podCidrs: ['10.244.1.0/24'], portmap: true });
  assert.deepEqual(
    list.plugins.map((p) => p['type']),
    ['ptp', 'portmap', 'margay-cni'],
  );
  assert.deepEqual((list.plugins[0]?.['ipam'] as { routes: unknown }).routes, [{ dst: '0.0.0.0/0' }]);
  assert.deepEqual(
    ownList({ ...input, withAgent: false }).plugins.map((p) => p['type']),
    ['ptp'],
  );
});

test('own list: plugins that lack 1.0.0 are asked in the highest version they share', () => {
  assert.equal(ownList({ ...input, versions: ['0.4.0', '0.3.1'] }).cniVersion, '0.4.0');
  assert.throws(() => ownList({ ...input, versions: [] }), { code: 'NoCommonCniVersion' });
});

test('chained: appended once, everything else untouched', () => {
  const original = {
    cniVersion: '0.3.1',
    name: 'aws-cni',
    disableCheck: true,
    plugins: [{ type: 'aws-cni' }],
  };
  const list = parseList('10-aws.conflist', JSON.stringify(original));
  assert.deepEqual(list, original);
  const once = chained(list, '/s');
  assert.deepEqual(once, {
    ...original,
    plugins: [{ type: 'aws-cni' }, { type: 'margay-cni', socket: '/s' }],
  });
  assert.deepEqual(chained(once, '/s'), once);
});

test('a single plugin becomes a list of one', () => {
  const conf = '{"cniVersion":"0.3.1","name":"n","type":"bridge","bridge":"cni0"}';
  assert.deepEqual(parseList('10-n.conf', conf), {
    cniVersion: '0.3.1',
    name: 'n',
    plugins: [{ type: 'bridge', bridge: 'cni0' }],
  });
});

for (const [contents, says] of [
  ['{', /10-x.conf is not JSON/],
  ['null', /not a JSON object/],
  ['{"plugins":[]}', /has no name/],
  ['{"name":"n"}', /neither plugins nor a type/],
  ['{"name":"n","cniVersion":1}', /not a string/],
] as const) {
  test(`refused: ${contents}`, () => assert.throws(() => parseList('10-x.conf', contents), says));
}

test('the runtime uses the first file by name, of the kinds that it reads', () => {
  assert.equal(effectiveFile(['README', '20-b.conf', '10-a.conflist', '05-z.conflist.bak']), '10-a.conflist');
  assert.equal(foreignFile(['00-00-margay.conflist', '10-margay.conflist', '20-b.conf']), '20-b.conf');
  assert.equal(foreignFile(['10-margay.conflist']), undefined);
});
