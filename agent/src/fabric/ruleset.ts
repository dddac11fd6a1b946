/** The nftables tables of Margay, as text for `nft -f -`. Pure; one text is one transaction. */
import { formatCidr, parseCidr } from '../calc/ip.ts';
import type { FabricSettings } from '../ports.ts';

/** Masquerades pods' egress, in both modes. */
export const fabricTable = 'margay';

/** Keeps conntrack and NAT working for flows that netfilter translates, while kube-proxy's rules go. */
export const handoverTable = 'margay-handover';

/** Never for the outside: multicast, broadcast, link-local. */
const unroutable = { 4: ['224.0.0.0/4', '255.255.255.255/32'], 6: ['ff00::/8', 'fe80::/10'] } as const;

function cidrs(texts: readonly string[], family: 4 | 6): string[] {
  const parsed = texts.map(parseCidr).filter((cidr) => cidr?.family === family);
  return [...new Set(parsed.flatMap((cidr) => (cidr === undefined ? [] : [formatCidr(cidr)])))].sort();
}

function intervalSet(name: string, family: 4 | 6, elements: readonly string[]): string {
  const type = family === 4 ? 'ipv4_addr' : 'ipv6_addr';
  const list = elements.length === 0 ? '' : ` elements = { ${elements.join(', ')} };`;
  return `  set ${name}${family} { type ${type}; flags interval; auto-merge;${list} }`;
}

function egressRule(family: 4 | 6): string {
  const header = family === 4 ? 'ip' : 'ip6';
  return `    ${header} saddr @pods${family} ${header} daddr != @inside${family} goto egress`;
}

/** Deletes a table whether or not it is there. */
export function withoutTable(table: string): string {
  return `add table inet ${table}\ndelete table inet ${table}\n`;
}

/**
 * Table `inet margay`. The source ports stay below those that eBPF takes for its own translations
 * (61000-65535) and above the NodePorts, so that no reply can be taken for a NodePort's packet.
 */
export function fabricRuleset(settings: FabricSettings): string {
  const families = [4, 6] as const;
  const pods = settings.natOutgoing ? settings.localPodCidrs : [];
  const inside = [...settings.clusterCidrs, ...settings.nodeAddresses, ...settings.excludeFromNat];
  const mark = `0x${(2 ** settings.markBit).toString(16)}`;
  return [
    `${withoutTable(fabricTable)}table inet ${fabricTable} {`,
    ...families.map((f) => intervalSet('pods', f, cidrs(pods, f))),
    ...families.map((f) => intervalSet('inside', f, cidrs([...inside, ...unroutable[f]], f))),
    '  chain postrouting {',
    '    type nat hook postrouting priority srcnat - 10; policy accept;',
    `    meta mark & ${mark} != 0 return`,
    ...families.map(egressRule),
    '  }',
    '  chain egress {',
    '    meta l4proto { tcp, udp } masquerade to :32768-60999',
    '    masquerade',
    '  }',
    '}',
    '',
  ].join('\n');
}

/**
 * Table `inet margay-handover`. Its nat chains keep the kernel's translation of known flows registered,
 * its `ct state` rule keeps conntrack itself; either alone lets such flows die (measured).
 */
export function handoverRuleset(): string {
  const hooks = [
    ['prerouting', -100],
    ['input', 100],
    ['output', -100],
    ['postrouting', 100],
  ] as const;
  return [
    `${withoutTable(handoverTable)}table inet ${handoverTable} {`,
    ...hooks.map(
      ([hook, priority]) =>
        `  chain nat-${hook} { type nat hook ${hook} priority ${priority}; policy accept; }`,
    ),
    '  chain track {',
    '    type filter hook prerouting priority filter; policy accept;',
    '    ct state established,related accept',
    '  }',
    '}',
    '',
  ].join('\n');
}
