import { API_PORT, type Address, type AddressPlan } from '../address-plan.ts';
import type { KeyPair, Pki } from './pki.ts';

/** Files and addresses the control plane's processes are told. */
export interface ControlPlaneFiles {
  plan: AddressPlan;
  pki: Pki;
  etcdDir: string;
  /** The API server's identity towards kubelets. */
  kubeletClient: KeyPair;
  frontProxyClient: KeyPair;
  kubeconfigs: { controllerManager: string; scheduler: string };
}

const ETCD = 'http://127.0.0.1:2379';
const PEER = 'http://127.0.0.1:2380';

/** etcd, one member, on the control plane's loopback; nothing it holds has to survive a power cut. */
export function etcdArguments(files: ControlPlaneFiles): string[] {
  return flags({
    name: 'lab',
    'data-dir': files.etcdDir,
    'listen-client-urls': ETCD,
    'advertise-client-urls': ETCD,
    'listen-peer-urls': PEER,
    'initial-advertise-peer-urls': PEER,
    'initial-cluster': `lab=${PEER}`,
    'unsafe-no-fsync': 'true',
    'quota-backend-bytes': String(4 << 30),
    'auto-compaction-mode': 'revision',
    'auto-compaction-retention': '10000',
    'log-level': 'warn',
  });
}

/** One API server, listening on its own address only, so that two share a network namespace. */
export function apiServerArguments(files: ControlPlaneFiles, address: Address, serving: KeyPair): string[] {
  const { pki, plan } = files;
  return flags({
    'advertise-address': address.v4,
    'bind-address': address.v4,
    'secure-port': String(API_PORT),
    'etcd-servers': ETCD,
    'allow-privileged': 'true',
    'authorization-mode': 'Node,RBAC',
    'enable-admission-plugins': 'NodeRestriction',
    'client-ca-file': pki.ca.cert,
    'tls-cert-file': serving.cert,
    'tls-private-key-file': serving.key,
    'kubelet-certificate-authority': pki.ca.cert,
    'kubelet-client-certificate': files.kubeletClient.cert,
    'kubelet-client-key': files.kubeletClient.key,
    'kubelet-preferred-address-types': 'InternalIP',
    'requestheader-client-ca-file': pki.frontProxyCa.cert,
    'requestheader-allowed-names': 'front-proxy-client',
    'requestheader-username-headers': 'X-Remote-User',
    'requestheader-group-headers': 'X-Remote-Group',
    'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
    'proxy-client-cert-file': files.frontProxyClient.cert,
    'proxy-client-key-file': files.frontProxyClient.key,
    'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
    'service-account-key-file': pki.serviceAccount.publicKey,
    'service-account-signing-key-file': pki.serviceAccount.privateKey,
    'service-cluster-ip-range': plan.serviceCidrs.join(','),
    'shutdown-delay-duration': '0s',
  });
}

/** kube-controller-manager; it allocates the nodes' pod CIDRs, /24 and /64. */
export function controllerManagerArguments(files: ControlPlaneFiles): string[] {
  const { pki, plan } = files;
  const kubeconfig = files.kubeconfigs.controllerManager;
  return flags({
    kubeconfig,
    'authentication-kubeconfig': kubeconfig,
    'authorization-kubeconfig': kubeconfig,
    'bind-address': '127.0.0.1',
    'leader-elect': 'false',
    'use-service-account-credentials': 'true',
    'service-account-private-key-file': pki.serviceAccount.privateKey,
    'root-ca-file': pki.ca.cert,
    'client-ca-file': pki.ca.cert,
    'requestheader-client-ca-file': pki.frontProxyCa.cert,
    'cluster-signing-cert-file': pki.ca.cert,
    'cluster-signing-key-file': pki.ca.key,
    'allocate-node-cidrs': 'true',
    'configure-cloud-routes': 'false',
    'cluster-cidr': plan.podCidrs.join(','),
    'service-cluster-ip-range': plan.serviceCidrs.join(','),
  });
}

/** kube-scheduler. */
export function schedulerArguments(files: ControlPlaneFiles): string[] {
  const kubeconfig = files.kubeconfigs.scheduler;
  return flags({
    kubeconfig,
    'authentication-kubeconfig': kubeconfig,
    'authorization-kubeconfig': kubeconfig,
    'bind-address': '127.0.0.1',
    'leader-elect': 'false',
  });
}

function flags(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}
