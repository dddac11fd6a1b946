import type { Address } from './address-plan.ts';

/** The CNI configuration of a node with the reference plugins: a routed veth a pod, addresses from its own ranges. */
export function ptpConfig(podCidrs: readonly string[], mtu: number): string {
  const ipam = {
    type: 'host-local',
    ranges: podCidrs.map((subnet) => [{ subnet }]),
    routes: defaultRoutes(podCidrs),
  };
  const plugins = [
    { type: 'ptp', ipMasq: false, mtu, ipam },
    { type: 'portmap', capabilities: { portMappings: true }, snat: true },
  ];
  return JSON.stringify({ cniVersion: '1.0.0', name: 'lab', plugins }, null, 2);
}

/** Pod ranges of node number `index` (from 1): a /24 and a /64 of the cluster's. */
export function nodePodCidrs(clusterCidrs: readonly string[], index: number): string[] {
  return clusterCidrs.map((cidr) => {
    if (!cidr.includes(':')) return cidr.replace(/\.0\.0\/16$/, `.${index}.0/24`);
    return cidr.replace(/::\/56$/, `:${index.toString(16)}::/64`);
  });
}

/** Script lines that lead to another node's pods by way of that node. */
export function routesTo(podCidrs: readonly string[], via: Address): string {
  return podCidrs
    .map((cidr) => `ip route replace ${cidr} via ${cidr.includes(':') ? (via.v6 ?? '') : via.v4}`)
    .join('\n');
}

/** Text for `nft -f`: what pods send out of the cluster takes the node's address, for no router outside knows theirs. */
export function masqueradeRules(clusterCidrs: readonly string[]): string {
  const rules = clusterCidrs.map((cidr) => {
    const family = cidr.includes(':') ? 'ip6' : 'ip';
    return `${family} saddr ${cidr} ${family} daddr != ${cidr} masquerade`;
  });
  const chain = ['chain out {', 'type nat hook postrouting priority srcnat', ...rules, '}'];
  return ['table inet lab', 'delete table inet lab', 'table inet lab {', ...chain, '}', ''].join('\n');
}

function defaultRoutes(podCidrs: readonly string[]): { dst: string }[] {
  return podCidrs.map((cidr) => ({ dst: cidr.includes(':') ? '::/0' : '0.0.0.0/0' }));
}
