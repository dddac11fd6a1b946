import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { LeaderElection } from './lease.ts';
import { MemoryLog } from './testing/memory-log.ts';
import { clientOf, ScriptedServer, type Script } from './testing/scripted-server.ts';
import { until } from './testing/until.ts';

const SLOW_MS = 60;
let server: ScriptedServer;
let lease: { metadata: { resourceVersion: string }; spec: { holderIdentity: string } } | undefined;
let version = 0;
let writes = 0;

function answer(response: ServerResponse, status: number, object: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(object));
}

/** One Lease behind optimistic concurrency; a write is carried out some time after it came. */
const slowLease: Script = ({ method, body }, response) => {
  if (method === 'GET') {
    answer(response, lease === undefined ? 404 : 200, lease ?? { code: 404, reason: 'NotFound' });
    return;
  }
  writes++;
  const wanted = JSON.parse(body) as NonNullable<typeof lease>;
  setTimeout(() => {
    const stale = lease !== undefined && wanted.metadata.resourceVersion !== lease.metadata.resourceVersion;
    if (!stale) lease = { ...wanted, metadata: { ...wanted.metadata, resourceVersion: String(++version) } };
    answer(response, stale ? 409 : 200, stale ? { code: 409, reason: 'Conflict' } : (lease ?? {}));
  }, SLOW_MS);
};

before(async () => {
  server = await ScriptedServer.start();
  server.script = slowLease;
});
after(() => server.stop());

test('O10: a lease is given back also when a renewal is under way at that moment', async () => {
  const election = new LeaderElection({
    client: clientOf([server]),
    namespace: 'default',
    name: 'election',
    identity: 'a',
    log: new MemoryLog(),
    durationMs: 3000,
    retryMs: 100,
  });
  const stop = new AbortController();
  const running = election.run(
    stop.signal,
    (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
  );
  await until(() => writes === 2, 5000);
  await wait(SLOW_MS / 4);
  assert.equal(version, 1, 'the renewal is under way');
  stop.abort();
  await running;
  assert.equal(lease?.spec.holderIdentity, '');
});
