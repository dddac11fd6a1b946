import { stringify } from 'yaml';
import type { Manifest } from './manifest.ts';

/**
 * ConfigMap kube-public/cluster-info as kubeadm leaves it: a kubeconfig without a user, which anybody may read and
 * which tells where the control plane is and who signs for it.
 */
export function clusterInfoManifests(server: string, caPem: string): Manifest[] {
  const metadata = { name: 'cluster-info', namespace: 'kube-public' };
  const rbac = 'rbac.authorization.k8s.io';
  const role = { name: 'kubeadm:bootstrap-signer-clusterinfo', namespace: 'kube-public' };
  const kubeconfig = stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: '', cluster: { server, 'certificate-authority-data': Buffer.from(caPem).toString('base64') } },
    ],
    contexts: null,
    'current-context': '',
    users: null,
  });
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { kubeconfig } },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'Role',
      metadata: role,
      rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: [metadata.name], verbs: ['get'] }],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: role,
      roleRef: { apiGroup: rbac, kind: 'Role', name: role.name },
      subjects: [{ apiGroup: rbac, kind: 'User', name: 'system:anonymous' }],
    },
  ];
}
