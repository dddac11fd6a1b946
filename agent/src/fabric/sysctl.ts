/** Kernel settings that forwarding for pods and source NAT depend on: what to change, and why. Pure. */
import { SNAT_PORTS } from '../calc/snat-ports.ts';

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

/** Ports that the kernel gives to sockets which ask for none, and those of them that it leaves out. */
export const localPortsPath = 'net/ipv4/ip_local_port_range';
export const reservedPortsPath = 'net/ipv4/ip_local_reserved_ports';

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

/** `8080,9000-9010` */
function covers(ports: string, { first, last }: { readonly first: number; readonly last: number }): boolean {
  return ports.split(',').some((text) => {
    const [from = NaN, to = from] = text.split('-').map(Number);
    return from <= first && to >= last;
  });
}

/** A socket of the node's own must not be given a port that NAT gives away, or it would get another's replies. */
function reservedPorts(current: SysctlValues): Sysctl[] {
  const [, highest = NaN] = (current.get(localPortsPath) ?? '').split(/\s+/).map(Number);
  const reserved = current.get(reservedPortsPath) ?? '';
  if (!(highest >= SNAT_PORTS.first) || covers(reserved, SNAT_PORTS)) return [];
  const ours = `${SNAT_PORTS.first}-${SNAT_PORTS.last}`;
  return [
    {
      path: reservedPortsPath,
      value: reserved === '' ? ours : `${reserved},${ours}`,
      why: `${localPortsPath.replaceAll('/', '.')} reaches into the ports that source NAT uses`,
    },
  ];
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
  return [
    ...reservedPorts(current),
    ...off.flatMap((family) => [
      ...(family === 6 ? acceptRa(interfaces, current) : []),
      { path: forwardingPath[family], value: '1', why: `pods' IPv${family} packets are forwarded` },
    ]),
  ];
}

/** What is not changed, because it may be meant, but may hurt. */
export function sysctlWarnings(current: SysctlValues): readonly string[] {
  if (current.get(rpFilterPath) !== '1') return [];
  return [
    'net.ipv4.conf.all.rp_filter is 1 (strict): replies that arrive on another interface than the one that leads to their sender are dropped; set it to 2 on nodes with several interfaces',
  ];
}
