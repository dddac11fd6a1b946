import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@margay/lib/log';
import { HealthPorts } from './health-ports.ts';

const node = { endpoints: 1, healthy: true, eligible: true };
const warnings: object[] = [];
const log = { warn: (_: string, fields: object) => void warnings.push(fields) } as unknown as Logger;

/** A port that nobody has at the moment, and its holder. */
async function port(): Promise<{ number: number; release: () => Promise<void> }> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, resolve));
  const release = (): Promise<void> => new Promise((resolve) => void server.close(() => resolve()));
  return { number: (server.address() as AddressInfo).port, release };
}

async function freePort(): Promise<number> {
  const { number, release } = await port();
  await release();
  return number;
}

async function ask(number: number, path = '/'): Promise<{ status: number; body: unknown; weight: unknown }> {
  for (let i = 0; ; i++) {
    try {
      const response = await fetch(`http://127.0.0.1:${number}${path}`);
      const text = await response.text();
      const weight = response.headers.get('x-load-balancing-endpoint-weight');
      return { status: response.status, body: text === '' ? '' : JSON.parse(text), weight };
    } catch (error) {
      if (i > 200) throw error;
      await sleep(10);
    }
  }
}

function ports(healthzPort: number): HealthPorts {
  return new HealthPorts({
    log,
    localEndpoints: (key) => (key === 'a/web' ? node.endpoints : 0),
    healthy: () => node.healthy,
    eligible: () => node.eligible,
    healthzPort,
  });
}

test("S6: a Service's port says how many endpoints are here, and 503 when there is none", async (t) => {
  const [healthz, own, other] = [await freePort(), await freePort(), await freePort()];
  const all = ports(healthz);
  t.after(() => all.close());
  all.setService('a/web', own);
  all.setService('a/none', other);
  all.serve(true);
  const body = {
    service: { namespace: 'a', name: 'web' },
    localEndpoints: 1,
    serviceProxyHealthy: true,
  };
  assert.deepEqual(await ask(own), { status: 200, body, weight: '1' });
  assert.equal((await ask(other)).status, 503);
  node.healthy = false;
  assert.equal((await ask(own)).status, 503);
  node.healthy = true;
  all.setService('a/web', undefined);
  await assert.rejects(fetch(`http://127.0.0.1:${own}/`));
  assert.equal((await ask(other)).status, 503);
});

test('S6: /healthz is 503 on a node that is about to go, /livez is not', async (t) => {
  const healthz = await freePort();
  const all = ports(healthz);
  t.after(() => all.close());
  all.serve(true);
  assert.equal((await ask(healthz, '/healthz')).status, 200);
  node.eligible = false;
  assert.equal((await ask(healthz, '/healthz')).status, 503);
  assert.equal((await ask(healthz, '/livez')).status, 200);
  assert.equal((await ask(healthz, '/other')).status, 404);
  node.eligible = true;
});

test('S6: a port that kube-proxy still has is taken over when it is free, and given back', async (t) => {
  const { number, release } = await port();
  const all = ports(number);
  t.after(() => all.close());
  all.serve(true);
  for (let i = 0; warnings.length === 0 && i < 200; i++) await sleep(10);
  assert.equal((warnings[0] as { port?: number }).port, number);
  await release();
  assert.equal((await ask(number, '/healthz')).status, 200);
  all.serve(false);
  await assert.rejects(fetch(`http://127.0.0.1:${number}/healthz`));
});

test('S6: a port that another Service has by now outlives the one that had it', async (t) => {
  const [healthz, number] = [await freePort(), await freePort()];
  const all = ports(healthz);
  t.after(() => all.close());
  all.serve(true);
  all.setService('a/gone', number);
  all.setService('a/web', number);
  all.setService('a/gone', undefined);
  node.endpoints = 1;
  const { status, body } = await ask(number);
  assert.equal(status, 200);
  assert.deepEqual((body as { service: object }).service, { namespace: 'a', name: 'web' });
});
