import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Link, NetlinkChange, Route } from '@margay/addon/netlink-api';
import type { LocalEndpoint } from '../ports.ts';
import { NodeEndpoints } from './node-endpoints.ts';

/** A node whose links and routes the test sets. */
class Tables {
  links: Link[] = [];
  routes: Route[] = [];
  #listeners = new Set<(change: NetlinkChange) => void>();

  readonly netlink = {
    links: () => Promise.resolve([...this.links]),
    addresses: () => Promise.resolve([]),
    routes: (family: 4 | 6) => Promise.resolve(this.routes.filter((r) => r.family === family)),
    watch: (listener: (change: NetlinkChange) => void) => {
      this.#listeners.add(listener);
      return { close: () => void this.#listeners.delete(listener) };
    },
  };

  get watched(): boolean {
    return this.#listeners.size > 0;
  }

  veth(index: number): void {
    const rest = { kind: 'veth', mtu: 1500, mac: '', up: true, master: 0, parent: 2, peerElsewhere: true };
    this.links.push({ index, name: `veth${index}`, ...rest });
  }

  pod(index: number, ip: string): void {
    this.veth(index);
    const rest = { table: 254, protocol: 3, scope: 253, metric: 0 };
    this.routes.push({ family: 4, destination: `${ip}/32`, ifindex: index, ...rest });
  }

  drop(index: number): void {
    this.links = this.links.filter((l) => l.index !== index);
    this.routes = this.routes.filter((r) => r.ifindex !== index);
  }

  tell(change: NetlinkChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

function make() {
  const tables = new Tables();
  const told: string[] = [];
  const errors: unknown[] = [];
  const refusing = new Set<string>();
  const tell = (verb: string) => (e: LocalEndpoint) => {
    if (refusing.has(e.ip)) return Promise.reject(new Error(`map is full: ${e.ip}`));
    told.push(`${verb} ${e.ip} ${e.hostIfname}`);
    return Promise.resolve();
  };
  const endpoints = new NodeEndpoints({
    netlink: tables.netlink,
    onError: (error) => errors.push(error),
    coalesceMs: 1,
    retryMs: 5,
  });
  return { tables, told, errors, refusing, endpoints, sink: { put: tell('put'), remove: tell('remove') } };
}

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
};
const podA = { containerId: 'a', ifname: 'eth0', hostIfname: 'veth7', ips: ['10.244.1.5'] };

test('start hands over what is there; later changes follow; close stops', async () => {
  const { tables, told, endpoints, sink } = make();
  tables.pod(7, '10.244.1.5');
  await endpoints.start(sink);
  assert.deepEqual(told, ['put 10.244.1.5 veth7']);
  tables.pod(8, '10.244.1.6');
  tables.drop(7);
  tables.tell('route');
  await until(() => told.length === 3);
  assert.deepEqual(told.slice(1), ['remove 10.244.1.5 veth7', 'put 10.244.1.6 veth8']);
  assert.deepEqual(
    endpoints.current().map((e) => e.ip),
    ['10.244.1.6'],
  );
  await endpoints.close();
  assert.equal(tables.watched, false);
});

test('ADD resolves after the sink has it, before any route is seen', async () => {
  const { tables, told, endpoints, sink } = make();
  await endpoints.start(sink);
  tables.veth(7);
  await endpoints.attach(podA);
  assert.deepEqual(told, ['put 10.244.1.5 veth7']);
  await endpoints.check(podA);
  await assert.rejects(endpoints.check({ ...podA, hostIfname: 'veth9' }), { code: 'NotProgrammed' });
  await endpoints.close();
});

test('ADD is refused before start (try again) and without its interface (final)', async () => {
  const { endpoints, sink } = make();
  await assert.rejects(endpoints.attach(podA), { code: 'NotStarted', retryable: true });
  await endpoints.start(sink);
  await assert.rejects(endpoints.attach(podA), { code: 'NoInterface', retryable: false });
  await endpoints.close();
});

test('after DEL the address stays away although its device and route are still there', async () => {
  const { tables, told, endpoints, sink } = make();
  await endpoints.start(sink);
  tables.pod(7, '10.244.1.5');
  await endpoints.attach(podA);
  await endpoints.detach('a', 'eth0');
  tables.pod(8, '10.244.1.6');
  tables.tell('link');
  await until(() => told.includes('put 10.244.1.6 veth8'));
  assert.deepEqual(told, ['put 10.244.1.5 veth7', 'remove 10.244.1.5 veth7', 'put 10.244.1.6 veth8']);
  await endpoints.close();
});

test("a refused endpoint fails its own ADD, not another pod's, and is offered again", async () => {
  const { tables, told, errors, refusing, endpoints, sink } = make();
  await endpoints.start(sink);
  refusing.add('10.244.1.5');
  tables.veth(7);
  await assert.rejects(endpoints.attach(podA), /map is full: 10\.244\.1\.5/);
  tables.veth(8);
  await endpoints.attach({ ...podA, containerId: 'b', hostIfname: 'veth8', ips: ['10.244.1.6'] });
  assert.deepEqual(told, ['put 10.244.1.6 veth8']);
  assert.equal(errors.length, 1);
  refusing.clear();
  await until(() => told.includes('put 10.244.1.5 veth7'));
  await endpoints.close();
});

test('GC forgets attachments that nobody names', async () => {
  const { tables, told, endpoints, sink } = make();
  await endpoints.start(sink);
  tables.veth(7);
  await endpoints.attach(podA);
  await endpoints.retain([{ containerId: 'a', ifname: 'eth0' }]);
  assert.equal(told.length, 1);
  await endpoints.retain([]);
  assert.deepEqual(told[1], 'remove 10.244.1.5 veth7');
  await endpoints.close();
});
