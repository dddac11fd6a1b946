import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { until } from '../lab/process.ts';
import { guarded, sharedLab } from './support/cluster.ts';
import { installed } from './support/margay.ts';
import { dataplanes, kubeProxyPods } from './support/objects.ts';
import { ask, type Client, httpGet, udpAsk } from './support/reach.ts';
import { ServiceMaker } from './support/services.ts';

// A port of the node that is one pod's. kube-proxy is parked and stays away.

const lab = await sharedLab();
const [here, elsewhere] = lab.nodes;
assert.ok(here && elsewhere);
const PORT = 8190;
const make = new ServiceMaker(lab, 'hostport');

after(() => make.removeAll());

const ports = (hostIP?: string, first = PORT): object[] => [
  { containerPort: 8080, hostPort: first, protocol: 'TCP', ...(hostIP === undefined ? {} : { hostIP }) },
  { containerPort: 8081, hostPort: first, protocol: 'UDP', ...(hostIP === undefined ? {} : { hostIP }) },
];

/** What answers at an address: over TCP and over UDP. */
async function both(from: Client, address: string, port = PORT): Promise<readonly string[]> {
  return [
    await httpGet(lab, from, `http://${address}:${port}/hostname`),
    await udpAsk(lab, from, address, port),
  ];
}

/** The same for a process of the node itself. */
async function atHome(address: string): Promise<readonly string[]> {
  const udp = `exec 3<>/dev/udp/${address}/${PORT} && echo hostname >&3 && timeout 2 dd bs=64 count=1 status=none <&3`;
  const [web, dns] = await Promise.all([
    here?.exec(['curl', '-sS', '--max-time', '3', `http://${address}:${PORT}/hostname`], {
      allowFailure: true,
    }),
    here?.exec(['bash', '-c', udp], { allowFailure: true }),
  ]);
  return [web?.stdout.trim() ?? '', dns?.stdout.trim() ?? ''];
}

test(
  'S11: a hostPort answers everybody at its node, over TCP and UDP, and kube-proxy stays parked',
  guarded(lab, async () => {
    await installed(lab);
    await make.pod('on-host', 'on-host', here.name, ports());
    await make.pod('neighbour', 'neighbour', here.name);
    await make.pod('remote', 'remote', elsewhere.name);
    const address = here.site.address.v4;
    const pod = ['on-host', 'on-host'];
    await until('the hostPort to answer', 20_000, async () =>
      (await both('outside', address)).join() === pod.join() ? true : undefined,
    );
    for (const from of [{ pod: 'neighbour' }, { pod: 'remote' }, { pod: 'on-host' }])
      assert.deepEqual(await both(from, address), pod, from.pod);
    assert.deepEqual(await atHome(address), pod, 'the host itself');
    assert.deepEqual(await atHome('127.0.0.1'), pod, 'the host at its loopback address');
    assert.notDeepEqual(
      await both('outside', elsewhere.site.address.v4),
      pod,
      'another node has no such port',
    );
    assert.deepEqual(await kubeProxyPods(lab), []);
    for (const [, { status }] of await dataplanes(lab)) assert.equal(status?.mode, 'BPF');
  }),
);

test(
  'S11: the client of a hostPort is seen as itself',
  guarded(lab, async () => {
    const { stdout } = await ask(lab, 'outside', ['hostname', '-I']);
    const seen = await httpGet(lab, 'outside', `http://${here.site.address.v4}:${PORT}/clientip`);
    assert.ok(stdout.split(' ').includes(seen.split(':')[0] ?? ''), `${seen} of ${stdout}`);
  }),
);

test(
  'S11: a hostPort with a hostIP answers there and nowhere else; one that is gone is refused',
  guarded(lab, async () => {
    await make.pod('loopback', 'loopback', here.name, ports('127.0.0.1', PORT + 1));
    const inside = { pod: 'neighbour' };
    const url = `http://127.0.0.1:${PORT + 1}/hostname`;
    await until('the host to be answered', 20_000, async () =>
      (await here.exec(['curl', '-sS', '--max-time', '3', url], { allowFailure: true })).stdout.trim() ===
      'loopback'
        ? true
        : undefined,
    );
    assert.match((await both('outside', here.site.address.v4, PORT + 1))[0] ?? '', /^curl/);
    assert.match(await httpGet(lab, inside, url), /^curl/, "a pod's loopback address is its own");
    await make.remove('on-host');
    await until("the port to be nobody's", 20_000, async () =>
      (await httpGet(lab, 'outside', `http://${here.site.address.v4}:${PORT}/hostname`)) === 'curl 7'
        ? true
        : undefined,
    );
  }),
);
