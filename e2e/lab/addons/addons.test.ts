import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { clusterInfoManifests } from './cluster-info.ts';
import { corednsManifests } from './coredns.ts';
import { kubeProxyManifests } from './kube-proxy.ts';
import type { Manifest } from './manifest.ts';

const SERVER = 'https://10.240.0.2:6443';

function find(manifests: readonly Manifest[], kind: string): Record<string, unknown> {
  const found = manifests.find((m) => m.kind === kind);
  assert.ok(found, kind);
  return found;
}

test("kube-proxy's ConfigMap holds a configuration and a kubeconfig, each valid YAML", () => {
  const manifests = kubeProxyManifests({
    mode: 'nftables',
    server: SERVER,
    podCidrs: ['10.244.0.0/16', 'fd00::/56'],
  });
  const { data } = find(manifests, 'ConfigMap') as { data: Record<string, string> };
  const config = parse(data['config.conf'] ?? '') as Record<string, unknown>;
  assert.equal(config['mode'], 'nftables');
  assert.equal(config['clusterCIDR'], '10.244.0.0/16,fd00::/56');
  const kubeconfig = parse(data['kubeconfig.conf'] ?? '') as { clusters: { cluster: { server: string } }[] };
  assert.equal(kubeconfig.clusters[0]?.cluster.server, SERVER);
});

test("kube-proxy never touches the machine's conntrack limits", () => {
  const manifests = kubeProxyManifests({ mode: 'iptables', server: SERVER, podCidrs: [] });
  const { data } = find(manifests, 'ConfigMap') as { data: Record<string, string> };
  const { conntrack } = parse(data['config.conf'] ?? '') as { conntrack: Record<string, unknown> };
  assert.deepEqual(conntrack, {
    maxPerCore: 0,
    min: 0,
    tcpEstablishedTimeout: '0s',
    tcpCloseWaitTimeout: '0s',
  });
});

test('cluster-info can be read by anybody and names server and authority, but no user', () => {
  const manifests = clusterInfoManifests(SERVER, 'PEM');
  const { data } = find(manifests, 'ConfigMap') as { data: { kubeconfig: string } };
  const kubeconfig = parse(data.kubeconfig) as {
    users: unknown;
    clusters: { cluster: Record<string, string> }[];
  };
  assert.equal(kubeconfig.users, null);
  assert.deepEqual(kubeconfig.clusters[0]?.cluster, { server: SERVER, 'certificate-authority-data': 'UEVN' });
  const { subjects } = find(manifests, 'RoleBinding') as { subjects: { name: string }[] };
  assert.equal(subjects[0]?.name, 'system:anonymous');
});

test('kube-dns has the address that kubelets give to pods', () => {
  const { spec } = find(corednsManifests('10.96.0.10', 'dual'), 'Service') as {
    spec: Record<string, unknown>;
  };
  assert.deepEqual([spec['clusterIP'], spec['ipFamilyPolicy']], ['10.96.0.10', 'PreferDualStack']);
});
