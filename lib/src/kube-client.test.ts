import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { apply } from './apply.ts';
import {
  isConflict,
  isForbidden,
  isNotFound,
  isRetryable,
  isThrottled,
  isUnreachable,
  KubeError,
} from './errors.ts';
import type { KubeClient } from './kube-client.ts';
import { configMaps, nodes } from './resources.ts';
import {
  clientOf,
  credentialsFor,
  makeCertificate,
  ScriptedServer,
  sendJson,
  sendStatus,
} from './testing/scripted-server.ts';

const certificate = makeCertificate();

describe('one server', () => {
  let server: ScriptedServer;
  let client: KubeClient;
  before(async () => {
    server = await ScriptedServer.start(certificate);
    client = clientOf([server]);
  });
  after(async () => {
    client.close();
    await server.stop();
  });
  beforeEach(() => void server.seen.splice(0));

  test('sends who it is and what it wants, over one connection', async () => {
    server.script = (_seen, response) => sendJson(response, { metadata: { name: 'n1' } });
    await client.get(nodes, { name: 'n1' });
    await client.list(configMaps, { namespace: 'a b' }, { labelSelector: 'x=y', limit: undefined });
    const [first, second] = server.seen;
    assert.equal(first?.path, '/api/v1/nodes/n1');
    assert.equal(first.headers.authorization, 'Bearer secret');
    assert.equal(first.headers['user-agent'], 'lib-test/1');
    assert.equal(second?.path, '/api/v1/namespaces/a%20b/configmaps');
    assert.equal(second.query.toString(), 'labelSelector=x%3Dy');
    assert.equal(client.connection?.direct, true);
  });

  test('sends a body with its length in bytes', async () => {
    server.script = (_seen, response) => sendJson(response, {});
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'ns', name: 'ä' } };
    await client.create(configMaps, object);
    assert.deepEqual(JSON.parse(server.seen[0]?.body ?? ''), object);
    assert.equal(server.seen[0]?.headers['content-type'], 'application/json');
  });

  for (const [code, reason, predicate] of [
    [404, 'NotFound', isNotFound],
    [409, 'Conflict', isConflict],
    [403, 'Forbidden', isForbidden],
  ] as const) {
    test(`${code} is ${reason}, with the server's own words`, async () => {
      server.script = (_seen, response) => sendStatus(response, code, reason);
      await assert.rejects(client.get(nodes, { name: 'n1' }), (error: unknown) => {
        assert.ok(predicate(error) && error instanceof KubeError);
        assert.equal(error.code, reason);
        assert.match(error.message, /^GET \/api\/v1\/nodes\/n1: no: /);
        return true;
      });
      assert.equal(server.seen.length, 1);
    });
  }

  test('an error without a Status keeps its text', async () => {
    server.script = (_seen, response) => void response.writeHead(400).end('bad thing');
    await assert.rejects(client.get(nodes, { name: 'n1' }), /bad thing/);
  });

  test('waits as long as a busy server asks, and then gives up', async () => {
    let times = 0;
    server.script = (_seen, response) => {
      times++;
      if (times < 3) sendStatus(response, 429, 'TooManyRequests');
      else sendJson(response, { ok: true });
    };
    assert.deepEqual(await client.get(nodes, { name: 'n1' }), { ok: true });
    server.script = (_seen, response) =>
      sendStatus(response, 429, 'TooManyRequests', { details: { retryAfterSeconds: 60 } });
    await assert.rejects(client.get(nodes, { name: 'n1' }), (error: unknown) => {
      assert.ok(isThrottled(error) && error instanceof KubeError);
      return error.retryAfterMs === 60_000;
    });
  });

  test('an answer that is no JSON, and one that breaks off', async () => {
    server.script = (_seen, response) => void response.end('<html>');
    await assert.rejects(client.get(nodes, { name: 'n1' }), /the answer is not JSON/);
    server.script = (_seen, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"a":');
      setTimeout(() => response.destroy(), 20);
    };
    await assert.rejects(
      client.get(nodes, { name: 'n1' }),
      (error: unknown) => isUnreachable(error) && isRetryable(error),
    );
  });

  test('a server that does not answer: Timeout, after the time of the request', async () => {
    server.script = () => undefined;
    const request = { method: 'POST', path: '/api/v1/nodes', body: {}, timeoutMs: 100 } as const;
    await assert.rejects(client.request(request), { code: 'Timeout' });
    assert.equal(server.seen.length, 1, 'what was sent and may have worked is not sent again');
  });

  test('a server that sends the headers and then nothing: the request ends all the same', async () => {
    server.script = (_seen, response) => void response.writeHead(200).write('{"a":');
    const request = { method: 'GET', path: '/api/v1/nodes', timeoutMs: 100 } as const;
    await assert.rejects(
      client.request(request),
      (error: unknown) => isUnreachable(error) && isRetryable(error),
    );
  });

  test('an abort is an AbortError', async () => {
    server.script = () => undefined;
    const signal = AbortSignal.timeout(50);
    const request = { method: 'GET', path: '/api/v1/nodes', signal } as const;
    await assert.rejects(client.request(request), { name: 'AbortError' });
  });

  test('nothing is written without the right to write', async () => {
    const follower = clientOf([server], { mayWrite: () => false });
    server.script = (_seen, response) => sendJson(response, {});
    await follower.get(nodes, { name: 'n1' });
    await assert.rejects(follower.delete(nodes, { name: 'n1' }), { code: 'NotLeading' });
    assert.equal(server.seen.length, 1);
    follower.close();
  });

  test('who loses the lease while a write is prepared does not send it', async () => {
    let leading = true;
    const own = credentialsFor(certificate.cert);
    const credentials = {
      tls: () => own.tls(),
      headers: () => {
        leading = false;
        return own.headers();
      },
    };
    const deposed = clientOf([server], { mayWrite: () => leading, credentials });
    await assert.rejects(deposed.delete(nodes, { name: 'n1' }), { code: 'NotLeading' });
    assert.equal(server.seen.length, 0);
    deposed.close();
  });

  test('who loses the lease while a write is under way does not repeat it', async () => {
    let leading = true;
    server.script = (_seen, response) => {
      leading = false;
      sendStatus(response, 503, 'ServiceUnavailable');
    };
    const deposed = clientOf([server], { mayWrite: () => leading });
    const object = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } };
    await assert.rejects(apply(deposed, nodes, object, { fieldManager: 'test' }), { code: 'NotLeading' });
    assert.equal(server.seen.length, 1);
    deposed.close();
  });
});

test('a server with a certificate that we do not trust gets no token', async () => {
  const server = await ScriptedServer.start();
  const client = clientOf([server], {
    credentials: { tls: () => Promise.resolve({ ca: certificate.cert }), headers: () => Promise.resolve({}) },
  });
  await assert.rejects(client.get(nodes, { name: 'n1' }), isUnreachable);
  assert.equal(server.seen.length, 0);
  client.close();
  await server.stop();
});

describe('two servers', () => {
  let servers: ScriptedServer[];
  let client: KubeClient;
  beforeEach(async () => {
    servers = [await ScriptedServer.start(certificate), await ScriptedServer.start(certificate)];
    client = clientOf(servers);
  });
  afterEach(async () => {
    client.close();
    await Promise.all(servers.map((server) => server.stop().catch(() => undefined)));
  });

  const answer = (name: string) => (_: unknown, response: Parameters<ScriptedServer['script']>[1]) =>
    sendJson(response, { name });

  test('reads and writes go to the other one when one refuses connections', async () => {
    const [first, second] = servers as [ScriptedServer, ScriptedServer];
    first.script = answer('first');
    second.script = answer('second');
    assert.deepEqual(await client.get(nodes, { name: 'x' }), { name: 'first' });
    await first.stop();
    // Until the closed connection is seen to be closed: a write that is sent just then is not repeated.
    await wait(50);
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } };
    assert.deepEqual(await client.create(configMaps, object), { name: 'second' });
    assert.deepEqual(client.connection?.endpoint, second.endpoint);
  });

  test("503 moves a read on, but a write is the caller's to repeat", async () => {
    const [first, second] = servers as [ScriptedServer, ScriptedServer];
    first.script = (_seen, response) => sendStatus(response, 503, 'ServiceUnavailable');
    second.script = answer('second');
    assert.deepEqual(await client.get(nodes, { name: 'x' }), { name: 'second' });
    client.endpoints.failed(second.endpoint);
    await assert.rejects(client.delete(nodes, { name: 'x' }), { status: 503, retryable: true });
  });

  test('both away: one error that says so, and not for ever', async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await assert.rejects(client.get(nodes, { name: 'x' }), /GET \/api\/v1\/nodes\/x: no API server answered/);
  });
});
