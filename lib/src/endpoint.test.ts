import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  endpointOfUrl,
  formatEndpoint,
  formatServicesEndpoint,
  parseEndpoint,
  parseServicesEndpoint,
} from './endpoint.ts';

for (const [text, host, port] of [
  ['10.0.0.10:6443', '10.0.0.10', 6443],
  ['[fd00::1]:443', 'fd00::1', 443],
  ['API.example.com:6443', 'api.example.com', 6443],
] as const) {
  test(`${text} reads, and is written back`, () => {
    assert.deepEqual(parseEndpoint(text), { host, port });
    assert.equal(formatEndpoint(parseEndpoint(text)), text.toLowerCase());
  });
}

for (const [text, message] of [
  ['10.0.0.10', /write host:port or \[v6\]:port, such as 10\.0\.0\.10:6443/],
  ['fd00::1:6443', /write host:port or \[v6\]:port/],
  ['[10.0.0.1]:6443', /in brackets is not an IPv6 address/],
  ['10.0.0.300:6443', /neither an IP address nor a host name/],
  ['https://a:1', /write host:port/],
  ['a:0', /'0' is not a port/],
  ['a:65536', /not a port/],
  ['a:', /'' is not a port/],
  ['-a:1', /neither an IP address nor a host name/],
] as const) {
  test(`'${text}' is refused`, () => assert.throws(() => parseEndpoint(text), message));
}

const single = { KUBERNETES_SERVICE_HOST: '10.0.0.10', KUBERNETES_SERVICE_PORT: '6443' };

test('a ConfigMap with one address, with a list, with both, with nothing', () => {
  const first = { host: '10.0.0.10', port: 6443 };
  const second = { host: 'fd00::2', port: 6443 };
  assert.deepEqual(parseServicesEndpoint(single), [first]);
  const list = ' 10.0.0.10:6443, [fd00::2]:6443 ,';
  assert.deepEqual(parseServicesEndpoint({ KUBERNETES_SERVICE_ENDPOINTS: list }), [first, second]);
  assert.deepEqual(parseServicesEndpoint({ ...single, KUBERNETES_SERVICE_ENDPOINTS: '[fd00::2]:6443' }), [
    first,
    second,
  ]);
  assert.deepEqual(parseServicesEndpoint({}), []);
  assert.deepEqual(parseServicesEndpoint(undefined), []);
});

for (const [data, message] of [
  [{ KUBERNETES_SERVICE_HOST: '10.0.0.10' }, /KUBERNETES_SERVICE_PORT is missing/],
  [{ KUBERNETES_SERVICE_PORT: '6443' }, /KUBERNETES_SERVICE_HOST is missing/],
  [
    { ...single, KUBERNETES_SERVICE_HOST: '10.0.0.1,10.0.0.2' },
    /write several into KUBERNETES_SERVICE_ENDPOINTS/,
  ],
  [{ ...single, KUBERNETES_SERVICE_HOST: '10.0.0' }, /KUBERNETES_SERVICE_HOST: '10\.0\.0' is neither/],
  [{ ...single, KUBERNETES_SERVICE_PORT: 'https' }, /KUBERNETES_SERVICE_PORT: 'https' is not a port/],
  [
    { ...single, KUBERNETES_SERVICE_ENDPOINTS: '10.0.0.11' },
    /KUBERNETES_SERVICE_ENDPOINTS: '10\.0\.0\.11' is not an endpoint/,
  ],
] as const) {
  test(`a ConfigMap is refused: ${message.source}`, () =>
    assert.throws(() => parseServicesEndpoint(data), message));
}

test('what is written into a ConfigMap reads back', () => {
  const endpoints = [
    { host: 'fd00::1', port: 6443 },
    { host: '10.0.0.11', port: 443 },
  ];
  const data = formatServicesEndpoint(endpoints);
  assert.equal(data['KUBERNETES_SERVICE_HOST'], 'fd00::1');
  assert.deepEqual(parseServicesEndpoint(data), endpoints);
  assert.throws(() => formatServicesEndpoint([]), /no endpoint to write/);
});

test('the server of a kubeconfig', () => {
  assert.deepEqual(endpointOfUrl('https://10.0.0.10:6443'), { host: '10.0.0.10', port: 6443 });
  assert.deepEqual(endpointOfUrl('https://[fd00::1]'), { host: 'fd00::1', port: 443 });
  assert.throws(() => endpointOfUrl('http://10.0.0.10'), /not an https URL/);
});
