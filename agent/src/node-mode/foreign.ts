/** What else is on this node and cannot be beside us, told by what it keeps in the kernel. Pure. */
import type { Foreign } from './facts.ts';

/** What was found: names of network interfaces, and of what is pinned on the bpffs. */
export interface Signs {
  readonly interfaces: readonly string[];
  readonly pins: readonly string[];
}

interface Known {
  readonly name: string;
  readonly interfaces: RegExp;
  readonly pins: RegExp;
}

/** Calico with iptables or nftables has interfaces `cali*` too, but none of these, and no pins. */
const KNOWN: readonly Known[] = [
  { name: 'Cilium', interfaces: /^cilium_(host|net|vxlan|geneve)$/, pins: /^cilium(_|$)/ },
  { name: "Calico's eBPF dataplane", interfaces: /^bpf(in|out)\.cali$/, pins: /^(cali_|calico$)/ },
];

/** The dummy interface that holds the Services' addresses (pkg/proxy/ipvs); it stays when kube-proxy's mode is changed. */
const IPVS_INTERFACE = 'kube-ipvs0';
const ipvs = `kube-proxy runs here in mode ipvs, or did (interface ${IPVS_INTERFACE}): this version neither reads nor removes its tables, so that it could not hand over. Set mode to iptables or nftables in kube-proxy's configuration, run \`kube-proxy --cleanup\` on the node, start kube-proxy's pod and then this node's agent pod anew; or leave the node to it by spec.bpfNodeSelector`;

/** Who is there and how to mend it, in a sentence; undefined when nobody is. */
export function foreignOn({ interfaces, pins }: Signs): Foreign | undefined {
  for (const known of KNOWN) {
    const device = interfaces.find((name) => known.interfaces.test(name));
    const pin = pins.find((name) => known.pins.test(name));
    if (device === undefined && pin === undefined) continue;
    const sign = device === undefined ? `pin ${pin} on the bpffs` : `interface ${device}`;
    const message = `${known.name} is on this node (${sign}), and two dataplanes cannot share its hooks: remove the other one and delete this node's agent pod, or leave the node to it by spec.bpfNodeSelector`;
    return { reason: 'ForeignDataplane', message };
  }
  return interfaces.includes(IPVS_INTERFACE) ? { reason: 'KubeProxyIPVS', message: ipvs } : undefined;
}
