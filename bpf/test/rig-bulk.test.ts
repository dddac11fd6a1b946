/**
 * Large transfers through every translation, with checksum and segmentation offloads on and off. A
 * wrong checksum is invisible while every device passes it on unfinished: some profiles make the
 * node's NIC finish it and the receiver check it.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Proto } from './packet.ts';
import { addressOf, inNetns, Rig, type Family, type PeerName } from './rig.ts';

const size = 3_000_000;
const nodePort = 30080;
const everything = ['n1', 'n2', 'ext', 'a1', 'b1', 'a2'] as const;

interface Profile {
  readonly name: string;
  /** Features of the sockets' own devices (pods and the client outside). */
  readonly ends: string;
  /** Features of the nodes' NICs. */
  readonly nics: string;
}
const profiles: readonly Profile[] = [
  { name: 'offloads on', ends: 'tx on rx on tso on gso on', nics: 'tx on rx on tso on gso on' },
  {
    name: 'no offloads',
    ends: 'tx off rx off tso off gso off gro off',
    nics: 'tx off rx off tso off gso off gro off',
  },
  {
    name: 'partial at the pod, finished by the NIC, checked at the end',
    ends: 'tx on rx off tso on gso on',
    nics: 'tx off rx off',
  },
  {
    name: 'complete at the pod, merged by the NIC, finished again',
    ends: 'tx off rx off tso off gso off',
    nics: 'tx off rx on gro on',
  },
];

function setOffloads(profile: Profile): void {
  for (const name of everything)
    inNetns(name, `ethtool -K eth0 ${name.startsWith('n') ? profile.nics : profile.ends} > /dev/null 2>&1`);
}

const serviceOf = (family: Family, backend: PeerName): string => {
  const number = everything.indexOf(backend) + 1;
  return family === 4 ? `10.97.0.${number}` : `fd97::${number}`;
};

/** Who asks whom; every pair is translated on the way, packet by packet. */
const transfers: readonly {
  readonly what: string;
  readonly from: PeerName;
  readonly to: (family: Family) => { address: string; port: number };
}[] = [
  {
    what: 'pod, Service, pod of this node',
    from: 'a1',
    to: (family) => ({ address: serviceOf(family, 'b1'), port: 80 }),
  },
  {
    what: 'pod, Service, pod of the other node',
    from: 'a1',
    to: (family) => ({ address: serviceOf(family, 'a2'), port: 80 }),
  },
  {
    what: 'pod, Service, itself',
    from: 'a1',
    to: (family) => ({ address: serviceOf(family, 'a1'), port: 80 }),
  },
  {
    what: 'pod, Service, outside',
    from: 'a1',
    to: (family) => ({ address: serviceOf(family, 'ext'), port: 80 }),
  },
  { what: 'pod, outside', from: 'a1', to: (family) => ({ address: addressOf('ext', family), port: 8080 }) },
  {
    what: 'host, Service, pod of this node',
    from: 'n1',
    to: (family) => ({ address: serviceOf(family, 'b1'), port: 80 }),
  },
  {
    what: 'host, Service, pod of the other node',
    from: 'n1',
    to: (family) => ({ address: serviceOf(family, 'a2'), port: 80 }),
  },
  {
    what: 'outside, NodePort, pod of that node',
    from: 'ext',
    to: (family) => ({ address: addressOf('n1', family), port: nodePort }),
  },
  {
    what: 'outside, NodePort, pod of the other node',
    from: 'ext',
    to: (family) => ({ address: addressOf('n2', family), port: nodePort }),
  },
];

for (const family of [4, 6] as const) {
  describe(`large transfers, IPv${family}`, () => {
    let rig: Rig;
    before(async () => {
      rig = new Rig();
      await rig.listen();
      for (const node of ['n1', 'n2'] as const) {
        await rig.install(node, family, { connectTcp: 0 });
        const plane = rig.plane(node);
        for (const backend of everything) {
          const backends = [{ address: addressOf(backend, family), port: 8080 }];
          await plane.ask('putService', {
            address: serviceOf(family, backend),
            port: 80,
            proto: Proto.tcp,
            backends,
          });
        }
        const backends = [{ address: addressOf('b1', family), port: 8080 }];
        await plane.ask('putService', { port: nodePort, proto: Proto.tcp, backends });
        await plane.ask('setState', { mode: 'Active' });
      }
    });
    after(() => rig.close());

    for (const profile of profiles)
      test(profile.name, async () => {
        setOffloads(profile);
        for (const { what, from, to } of transfers)
          for (const way of ['get', 'put'] as const)
            assert.ok(await rig.peer(from).ask('bulk', { ...to(family), size, way }), `${way}: ${what}`);
      });
  });
}
