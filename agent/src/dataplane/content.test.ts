import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Logger } from '@margay/lib/log';
import { abi4 } from '../abi/v4.gen.ts';
import { parseAddress } from '../calc/ip.ts';
import type { ServiceRecord, SliceRecord } from '../calc/records.ts';
import { ENDPOINT } from '../calc/records.ts';
import type { ServicesDelta } from '../calc/services.ts';
import { Content } from './content.ts';
import type { FamilyDataplane } from './family.ts';

function service(name: string, ip: string): ServiceRecord {
  const ports = [{ name: '', protocol: 17, port: 53, nodePort: 0 }];
  const lists = { clusterIPs: [ip], externalIPs: [], loadBalancerIPs: [], problems: [] };
  return { key: `d/${name}`, created: 1, ports, traits: {}, ...lists };
}

function slice(name: string, ip: string): SliceRecord {
  return {
    name,
    service: `d/${name}`,
    family: 4,
    ports: [{ name: '', protocol: 17, port: 53 }],
    addresses: parseAddress(ip) ?? new Uint8Array(),
    flags: Uint8Array.of(ENDPOINT.READY | ENDPOINT.SERVING),
    problems: [],
  };
}

const none = { upserts: [], removes: [], ranges: [], sources: { upserts: [], removes: [] } };

test('R4: a range that the kernel may still name after a failed write is not given away before all was read back', async () => {
  let fails = false;
  let now = 0;
  const applied: ServicesDelta[] = [];
  const family = {
    abi: abi4,
    services: {
      limits: { frontends: 64, backends: 64 },
      apply: (delta: ServicesDelta) => {
        if (fails) return Promise.reject(new Error('the kernel says no'));
        applied.push(delta);
        return Promise.resolve();
      },
      compare: () => Promise.resolve(none),
    },
    routes: { compare: () => Promise.resolve(none), apply: () => Promise.resolve() },
    endpoints: { compare: () => Promise.resolve(none), apply: () => Promise.resolve() },
    state: { moved: () => undefined },
  } as unknown as FamilyDataplane;
  const log = { warn: () => undefined } as unknown as Logger;
  const content = new Content(family, { nodeName: 'n1', log, now: () => now });
  const firstOf = (ip: string): number | undefined =>
    applied.flatMap(({ upserts }) => upserts).findLast(({ target }) => target.address === ip)?.value.first;
  content.services.setService('d/a', service('a', '10.96.0.1'));
  content.services.setSlice('a', slice('a', '10.244.0.1'));
  await content.flush();
  const named = firstOf('10.96.0.1');
  content.takeUdpChange();

  fails = true;
  content.services.setSlice('a', slice('a', '10.244.0.2'));
  await assert.rejects(content.flush());
  assert.equal(content.udpChanged, true, 'flows to what is gone are looked for all the same');
  fails = false;
  const later = async (name: string, ip: string): Promise<number | undefined> => {
    now += 5000;
    content.services.setService(`d/${name}`, service(name, ip));
    content.services.setSlice(name, slice(name, '10.244.0.9'));
    await content.flush();
    return firstOf(ip);
  };
  assert.notEqual(await later('b', '10.96.0.2'), named);
  assert.notEqual(await later('c', '10.96.0.3'), named);
  await content.reconcile([]);
  assert.equal(await later('d', '10.96.0.4'), named, 'read back: it is free');
});
