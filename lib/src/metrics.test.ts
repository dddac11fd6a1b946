import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter } from 'prom-client';
import { createRegistry, serveHealth } from './metrics.ts';

test('health, readiness and metrics as they are at the moment of asking', async () => {
  const registry = createRegistry({ node: 'n1' });
  const counter = new Counter({ name: 'margay_test_total', help: 'h', registers: [registry] });
  let notReady: string | undefined = 'lists are not complete';
  const live = (): undefined => undefined;
  const server = await serveHealth({ port: 0, host: '127.0.0.1', registry, live, ready: () => notReady });
  const get = async (path: string): Promise<[number, string]> => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
    return [response.status, await response.text()];
  };
  try {
    assert.deepEqual(await get('/healthz'), [200, 'ok\n']);
    assert.deepEqual(await get('/readyz'), [503, 'lists are not complete\n']);
    notReady = undefined;
    counter.inc(3);
    assert.deepEqual(await get('/readyz?verbose'), [200, 'ok\n']);
    assert.match((await get('/metrics'))[1], /margay_test_total\{node="n1"\} 3/);
    assert.equal((await get('/other'))[0], 404);
    const taken = serveHealth({ port: server.port, host: '127.0.0.1', registry, live, ready: live });
    await assert.rejects(taken, new RegExp(`cannot listen on port ${server.port}`));
  } finally {
    await server.close();
  }
});
