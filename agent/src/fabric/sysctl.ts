/** Kernel settings that forwarding for pods depends on: what to change, and why. Pure. */

/** A setting by its path below /proc/sys. */
export interface Sysctl {
  readonly path: string;
  readonly value: string;
  readonly why: string;
}

/** Current values by path below /proc/sys; absent where the kernel has no such file. */
export type SysctlValues = ReadonlyMap<string, string>;

/** Forwarding of a whole family. */
export const forwardingPath = { 4: 'net/ipv4/ip_forward', 6: 'net/ipv6/conf/all/forwarding' } as const;

/** Whether an interface believes router advertisements: 1 only while it does not forward itself. */
export function acceptRaPath(ifname: string): string {
  return `net/ipv6/conf/${ifname}/accept_ra`;
}

/** Strict reverse-path filter (1) of all interfaces. */
export const rpFilterPath = 'net/ipv4/conf/all/rp_filter';

function acceptRa(interfaces: readonly string[], current: SysctlValues): Sysctl[] {
  return interfaces
    .map(acceptRaPath)
    .filter((path) => current.get(path) === '1')
    .map((path) => ({
      path,
      value: '2',
      why: 'a node that forwards would lose its advertised default route',
    }));
}

/**
 * What must be set for the families of the node's pods, in the order in which it must happen: an
 * interface that takes its default route from advertisements is told to go on doing so first.
 */
export function planSysctls(
  families: ReadonlySet<4 | 6>,
  interfaces: readonly string[],
  current: SysctlValues,
): readonly Sysctl[] {
  const off = ([4, 6] as const).filter((f) => families.has(f) && current.get(forwardingPath[f]) === '0');
  return off.flatMap((family) => [
    ...(family === 6 ? acceptRa(interfaces, current) : []),
    { path: forwardingPath[family], value: '1', why: `pods' IPv${family} packets are forwarded` },
  ]);
}

/** What is not changed, because it may be meant, but may hurt. */
export function sysctlWarnings(current: SysctlValues): readonly string[] {
  if (current.get(rpFilterPath) !== '1') return [];
  return [
    'net.ipv4.conf.all.rp_filter is 1 (strict): replies that arrive on another interface than the one that leads to their sender are dropped; set it to 2 on nodes with several interfaces',
  ];
}
