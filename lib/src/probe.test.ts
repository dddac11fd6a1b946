import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { CredentialsError, ServiceAccountCredentials } from './credentials.ts';
import { probeAll, probeEndpoint, ProbeError } from './probe.ts';
import { credentialsFor, makeCertificate, ScriptedServer, sendJson } from './testing/scripted-server.ts';

const version = { gitVersion: 'v1.36.3' };

async function server(context: TestContext, names?: string): Promise<ScriptedServer> {
  const started = await ScriptedServer.start(makeCertificate(names));
  started.script = (seen, response) => sendJson(response, seen.path === '/version' ? version : {});
  context.after(() => started.stop());
  return started;
}

async function serviceAccount(
  context: TestContext,
  ca: string,
): Promise<{ dir: string; credentials: ServiceAccountCredentials; pass: (ms: number) => void }> {
  const dir = await mkdtemp(join(tmpdir(), 'margay-sa-'));
  context.after(() => rm(dir, { recursive: true }));
  await writeFile(join(dir, 'ca.crt'), ca);
  await writeFile(join(dir, 'token'), 'first\n');
  let now = 0;
  const credentials = new ServiceAccountCredentials({ directory: dir, now: () => now });
  return { dir, credentials, pass: (ms) => void (now += ms) };
}

test('an API server of the cluster says its version', async (context) => {
  const { endpoint, certificate } = await server(context);
  assert.deepEqual(await probeEndpoint(endpoint, credentialsFor(certificate.cert)), version);
});

test('a server of another CA is not trusted, and sees no token', async (context) => {
  const other = await server(context);
  const probe = probeEndpoint(other.endpoint, credentialsFor(makeCertificate().cert));
  await assert.rejects(probe, { code: 'NotTrusted', name: 'ProbeError' });
  assert.equal(other.seen.length, 0);
});

test('something else that answers is not an API server', async (context) => {
  const other = await server(context);
  other.script = (_seen, response) => void response.end('<html>');
  await assert.rejects(probeEndpoint(other.endpoint, credentialsFor(other.certificate.cert)), {
    code: 'NotApiServer',
  });
  other.script = (_seen, response) => sendJson(response, version, 401);
  await assert.rejects(probeEndpoint(other.endpoint, credentialsFor(other.certificate.cert)), {
    code: 'NotApiServer',
  });
});

test('nobody there, and somebody who never answers', async (context) => {
  const silent = await server(context);
  silent.script = () => undefined;
  const credentials = credentialsFor(silent.certificate.cert);
  await assert.rejects(probeEndpoint(silent.endpoint, credentials, { timeoutMs: 100 }), {
    code: 'Unreachable',
  });
  await assert.rejects(probeEndpoint({ host: '127.0.0.1', port: 1 }, credentials), (error: unknown) => {
    return error instanceof ProbeError && /127\.0\.0\.1:1 does not answer/.test(error.message);
  });
});

test('of several, the good ones and what is wrong with the others', async (context) => {
  const { endpoint, certificate } = await server(context);
  const { good, problems } = await probeAll(
    [{ host: '127.0.0.1', port: 1 }, endpoint],
    credentialsFor(certificate.cert),
  );
  assert.deepEqual(good, [endpoint]);
  assert.match(problems.join(), /^127\.0\.0\.1:1 does not answer/);
});

test('a certificate for the kubernetes Service is an API server at any address; one for other names is not', async (context) => {
  const behindBalancer = await server(context, 'DNS:kubernetes.default.svc,IP:10.0.0.1');
  const { credentials } = await serviceAccount(context, behindBalancer.certificate.cert);
  assert.deepEqual(await probeEndpoint(behindBalancer.endpoint, credentials), version);
  const kubelet = await server(context, 'DNS:node-1,IP:10.0.0.1');
  const own = await serviceAccount(context, kubelet.certificate.cert);
  await assert.rejects(probeEndpoint(kubelet.endpoint, own.credentials), { code: 'NotTrusted' });
});

test('a token that the kubelet has renewed is read again after a minute', async (context) => {
  const { dir, credentials, pass } = await serviceAccount(context, 'x');
  assert.deepEqual(await credentials.headers(), { authorization: 'Bearer first' });
  await writeFile(join(dir, 'token'), 'second');
  pass(59_999);
  assert.deepEqual(await credentials.headers(), { authorization: 'Bearer first' });
  pass(1);
  assert.deepEqual(await credentials.headers(), { authorization: 'Bearer second' });
});

test('without a service account the error names the file', async () => {
  const credentials = new ServiceAccountCredentials({ directory: '/nowhere' });
  await assert.rejects(
    credentials.tls(),
    (error: unknown) => error instanceof CredentialsError && /\/nowhere\/ca\.crt/.test(error.message),
  );
});
