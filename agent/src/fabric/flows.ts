/** Which of the kernel's translated flows are older than the switch. Pure. */
import type { ConntrackEntry } from '@margay/addon/netlink-api';

/** IPS_DST_NAT of linux/netfilter/nf_conntrack_common.h */
const destinationNat = 1 << 5;

/** What tells one flow from another: its original tuple. */
export function flowKey(entry: ConntrackEntry): string {
  const { protocol, source, sourcePort, destination, destinationPort } = entry.original;
  return `${protocol} ${source} ${sourcePort} ${destination} ${destinationPort}`;
}

/** True where netfilter changes the destination: a Service's flow, or a hostPort's. */
export function isDestinationNat(entry: ConntrackEntry): boolean {
  return (entry.status & destinationNat) !== 0;
}

/** Those of `old` that are still there. A tuple that was used again counts as the old flow: the safe side. */
export function stillThere(old: ReadonlySet<string>, now: readonly ConntrackEntry[]): Set<string> {
  return new Set(now.map(flowKey).filter((key) => old.has(key)));
}
