import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KubeConfig } from '@kubernetes/client-node';
import { endpointOfKubeConfig, KubeConfigCredentials } from './kube-config.ts';

function kubeConfig(cluster: object = {}, user: object = {}): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: 'https://10.0.0.10:6443', ...cluster } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  );
  return config;
}

const data = (text: string): string => Buffer.from(text).toString('base64');

test("certificates of cluster and user, and any address that has the API server's certificate", async () => {
  const cluster = { 'certificate-authority-data': data('ca') };
  const user = { 'client-certificate-data': data('cert'), 'client-key-data': data('key') };
  const { checkServerIdentity, ...tls } = await new KubeConfigCredentials(kubeConfig(cluster, user)).tls();
  assert.deepEqual(tls, { ca: Buffer.from('ca'), cert: Buffer.from('cert'), key: Buffer.from('key') });
  assert.equal(typeof checkServerIdentity, 'function');
});

test('a server name that the user wrote is the only one that counts', async () => {
  const tls = await new KubeConfigCredentials(kubeConfig({ 'tls-server-name': 'api.example.com' })).tls();
  assert.deepEqual(tls, { servername: 'api.example.com' });
});

test('a token, and a name with a password', async () => {
  const token = new KubeConfigCredentials(kubeConfig({}, { token: 't' }));
  assert.deepEqual(await token.headers(), { authorization: 'Bearer t' });
  const basic = new KubeConfigCredentials(kubeConfig({}, { username: 'me', password: 'secret' }));
  assert.deepEqual(await basic.headers(), { authorization: `Basic ${data('me:secret')}` });
});

test('the server, or what is wrong with it', () => {
  assert.deepEqual(endpointOfKubeConfig(kubeConfig()), { host: '10.0.0.10', port: 6443 });
  assert.throws(() => endpointOfKubeConfig(kubeConfig({ server: 'http://a' })), /not an https URL/);
  assert.throws(() => endpointOfKubeConfig(kubeConfig({ 'proxy-url': 'http://p' })), {
    code: 'ProxyNotSupported',
  });
  assert.throws(() => endpointOfKubeConfig(new KubeConfig()), { code: 'BadKubeConfig' });
});
