import type { Lab } from '../lab/lab.ts';
import type { LabNode } from '../lab/node/lab-node.ts';

/** What one node's kernel and pods show; no status of ours is asked. */
export interface NodeEvidence {
  readonly node: string;
  /** A kube-proxy pod is on the node. */
  readonly kubeProxyPod: boolean;
  /** Rules of kube-proxy's in iptables (both backends) and nftables, of both families. */
  readonly kubeProxyRules: number;
  /** Interfaces with one of our programs attached. */
  readonly attached: number;
  /** Our programs on the NIC, on every pod's interface, and on connect(). */
  readonly complete: boolean;
}

/** Asks every node. */
export async function gatherEvidence(lab: Lab): Promise<NodeEvidence[]> {
  const pods = JSON.parse(
    await lab.kubectl(['get', 'pods', '-n', 'kube-system', '-l', 'k8s-app=kube-proxy', '-o', 'json']),
  ) as { items: { spec: { nodeName?: string } }[] };
  const withPod = new Set(pods.items.map((pod) => pod.spec.nodeName));
  return Promise.all(lab.nodes.map((node) => nodeEvidence(node, withPod.has(node.name))));
}

async function nodeEvidence(node: LabNode, kubeProxyPod: boolean): Promise<NodeEvidence> {
  const [rules, attached, pods, connect] = await Promise.all([
    count(
      node,
      '{ for x in iptables ip6tables; do $x-nft-save -t nat; $x-legacy-save -t nat; done; } 2>/dev/null | grep -cE "^-A KUBE-(SVC|SEP|SERVICES|NODEPORTS)|^-A [A-Z]+ .*-j KUBE-(SERVICES|NODEPORTS|POSTROUTING)"; { nft list table ip kube-proxy; nft list table ip6 kube-proxy; } 2>/dev/null | grep -cE "goto|jump|vmap"',
    ),
    count(node, `bpftool net show | grep -cE '^\\S+\\([0-9]+\\) (tcx|clsact)/ingress (from_pod|from_net) '`),
    count(node, `ip -o link show type veth | grep -c 'link-netns\\|link-netnsid'`),
    count(
      node,
      `bpftool cgroup show /sys/fs/cgroup/unified 2>/dev/null | grep -cE 'cgroup_inet4_connect.* connect'`,
    ),
  ]);
  // eth0 of a lab's node is itself a veth whose other end is elsewhere, so it counts among them.
  return {
    node: node.name,
    kubeProxyPod,
    kubeProxyRules: rules,
    attached,
    complete: attached > 0 && attached >= pods && connect > 0,
  };
}

/** Sum of the numbers that a pipeline on the node prints. */
async function count(node: LabNode, script: string): Promise<number> {
  const { stdout } = await node.exec(['sh', '-c', `${script}; true`]);
  return stdout.split('\n').reduce((sum, line) => sum + (/^\d+$/.test(line) ? Number(line) : 0), 0);
}

/** kube-proxy is gone for good: neither its pod nor a rule of it is left. */
export function isParked(evidence: NodeEvidence): boolean {
  return !evidence.kubeProxyPod && evidence.kubeProxyRules === 0;
}

/** Two lines for a person. */
export function describeEvidence(evidence: readonly NodeEvidence[]): string {
  const total = evidence.length;
  const of = (holds: (e: NodeEvidence) => boolean): string =>
    `${evidence.filter(holds).length} of ${total} nodes`;
  const each = evidence
    .map(
      (e) =>
        `${e.node}: ${e.kubeProxyPod ? 'kube-proxy pod' : 'no kube-proxy pod'}, ${e.kubeProxyRules} rules, ${e.attached} interfaces`,
    )
    .join('; ');
  return `kube-proxy's rules on ${of((e) => e.kubeProxyRules > 0)}, our programs on ${of((e) => e.complete)}\n  (${each})`;
}
