import { stringify } from 'yaml';
import { VERSIONS } from '../binaries/recipe.ts';
import type { AddressPlan } from '../address-plan.ts';

/** Directory, inside a node, of the lab's own binaries. */
export const NODE_BIN = '/opt/lab/bin';

/** Name of the pause image that every sandbox uses. */
export const PAUSE_IMAGE = `registry.k8s.io/pause:${VERSIONS.pause}`;

/** Folder, inside a node, of what containerd is told about registries: `<host:port>/hosts.toml`. */
export const REGISTRIES = '/etc/containerd/certs.d';

/** containerd's configuration. Sockets and directories have their usual places inside the node. */
export function containerdConfig(): string {
  const cri = `plugins.'io.containerd.cri.v1`;
  return [
    'version = 3',
    "root = '/var/lib/containerd'",
    "state = '/run/containerd'",
    `[${cri}.runtime']`,
    // Without CAP_SYS_RESOURCE a sandbox whose OOM score is lowered dies before it starts.
    'restrict_oom_score_adj = true',
    'disable_apparmor = true',
    `[${cri}.runtime'.containerd.runtimes.runc]`,
    "runtime_type = 'io.containerd.runc.v2'",
    `[${cri}.runtime'.containerd.runtimes.runc.options]`,
    'SystemdCgroup = false',
    `[${cri}.runtime'.cni]`,
    "bin_dirs = ['/opt/cni/bin']",
    "conf_dir = '/etc/cni/net.d'",
    `[${cri}.images'.pinned_images]`,
    `sandbox = '${PAUSE_IMAGE}'`,
    // containerd's own default is two folders joined by a colon, which its pull (2.4.2) takes as the name of one.
    `[${cri}.images'.registry]`,
    `config_path = '${REGISTRIES}'`,
    '',
  ].join('\n');
}

/** The kubelet's configuration file. */
export function kubeletConfig(plan: AddressPlan): string {
  return stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: '/etc/kubernetes/pki/ca.crt' },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: '/etc/kubernetes/pki/kubelet.crt',
    tlsPrivateKeyFile: '/etc/kubernetes/pki/kubelet.key',
    clusterDomain: 'cluster.local',
    clusterDNS: [plan.dns],
    containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
    cgroupDriver: 'cgroupfs',
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: ['pods'],
    // What the lab's machine does not let a process raise.
    oomScoreAdj: 0,
    maxOpenFiles: 20_000,
    // Images come from files and cannot be pulled again: they are never collected.
    imageGCHighThresholdPercent: 100,
    imageMinimumGCAge: '24h',
    evictionHard: {
      'memory.available': '100Mi',
      'nodefs.available': '0%',
      'nodefs.inodesFree': '0%',
      'imagefs.available': '0%',
    },
    nodeStatusUpdateFrequency: '5s',
    resolvConf: '/etc/resolv.conf',
  });
}

/** Arguments of the kubelet. */
export function kubeletArguments(name: string, nodeIp: string): string[] {
  return [
    '--config=/etc/kubernetes/kubelet.yaml',
    '--kubeconfig=/etc/kubernetes/kubelet.conf',
    `--hostname-override=${name}`,
    `--node-ip=${nodeIp}`,
  ];
}
