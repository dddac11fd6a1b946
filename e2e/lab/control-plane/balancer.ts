import { API_PORT, type Address } from '../address-plan.ts';
import { shIn } from '../network.ts';

/**
 * Text for `nft -f`: connections to the balancer's address go to `target`. It stands for the load balancer that
 * a cluster with several API servers has in front of them; open connections stay where they are.
 */
export function balancerRules(address: Address, target: Address): string {
  const rule = `ip daddr ${address.v4} tcp dport ${API_PORT} dnat to ${target.v4}:${API_PORT}`;
  return [
    'table ip balancer',
    'delete table ip balancer',
    'table ip balancer {',
    `  chain in { type nat hook prerouting priority dstnat; ${rule}; }`,
    `  chain own { type nat hook output priority -100; ${rule}; }`,
    '}',
    '',
  ].join('\n');
}

/** Points the balancer in namespace `netns` at one API server. */
export async function pointBalancer(netns: string, address: Address, target: Address): Promise<void> {
  await shIn(netns, 'printf %s "$1" | nft -f -', [balancerRules(address, target)]);
}
