/** Another eBPF dataplane on this node, told by what it keeps in the kernel. Pure. */

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

/** Who is there and how to mend it, in a sentence; undefined when nobody is. */
export function foreignDataplane({ interfaces, pins }: Signs): string | undefined {
  for (const known of KNOWN) {
    const device = interfaces.find((name) => known.interfaces.test(name));
    const pin = pins.find((name) => known.pins.test(name));
    if (device === undefined && pin === undefined) continue;
    const sign = device === undefined ? `pin ${pin} on the bpffs` : `interface ${device}`;
    return `${known.name} is on this node (${sign}), and two dataplanes cannot share its hooks: remove the other one and delete this node's agent pod, or leave the node to it by spec.bpfNodeSelector`;
  }
  return undefined;
}
