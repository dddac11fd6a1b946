/** Which frontends kube-proxy's rules in the kernel serve, refuse or drop. Pure; both of its modes. */
import type { FrontendRef } from '../ports.ts';
import type { ChainNames } from './iptables.ts';

/** Frontends of one family by {@link frontendKey}. */
export interface RuleIndex {
  readonly served: Set<string>;
  /** Answered by a refusal: no endpoints at all. */
  readonly refused: Set<string>;
  /** Dropped: endpoints, but none that a policy Local allows. */
  readonly dropped: Set<string>;
  /** The kernel's hooks lead to the rules; without that they do nothing. */
  hooked: boolean;
}

/** An index without anything in it. */
export function emptyIndex(): RuleIndex {
  return { served: new Set(), refused: new Set(), dropped: new Set(), hooked: false };
}

const protocolNumbers: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132 };

/** One frontend; a NodePort has no address. */
export function frontendKey(address: string | undefined, protocol: number, port: number): string {
  return `${address ?? ''} ${protocol} ${port}`;
}

/** What {@link indexIptables} looks at; without the first of them there is nothing to find. */
export const frontendRules: readonly ChainNames[] = [
  { table: 'nat', chains: ['KUBE-SERVICES', 'KUBE-NODEPORTS', 'PREROUTING', 'OUTPUT', 'POSTROUTING'] },
  { table: 'filter', chains: ['KUBE-SERVICES', 'KUBE-EXTERNAL-SERVICES'] },
];

function keyOfRule(line: string): string | undefined {
  const protocol = protocolNumbers[/ -p (\S+)/.exec(line)?.[1] ?? ''];
  const port = / --dport ([0-9]+)/.exec(line)?.[1];
  if (protocol === undefined || port === undefined) return undefined;
  const address = / -d ([0-9a-f.:]+)\/([0-9]+)/.exec(line);
  // NodePorts on 127.0.0.0/8 have a rule of their own beside the one for all addresses.
  if (address !== null && address[2] !== '32' && address[2] !== '128') return undefined;
  return frontendKey(address?.[1], protocol, Number(port));
}

function setOf(index: RuleIndex, line: string): Set<string> {
  if (line.includes(' -j REJECT')) return index.refused;
  return line.includes(' -j DROP') ? index.dropped : index.served;
}

const frontendChains: Readonly<Record<string, RegExp>> = {
  nat: /^-A (?:KUBE-SERVICES|KUBE-NODEPORTS) /,
  filter: /^-A (?:KUBE-SERVICES|KUBE-EXTERNAL-SERVICES) /,
};
const hook = /^-A (PREROUTING|OUTPUT|POSTROUTING) .*-j (?:KUBE-SERVICES|KUBE-POSTROUTING)$/;

/** From `iptables-save` of one family, whole or only {@link frontendRules}. */
export function indexIptables(save: string): RuleIndex {
  const index = emptyIndex();
  const hooked = new Set<string>();
  let table = '';
  for (const line of save.split('\n')) {
    if (line.startsWith('*')) table = line.slice(1);
    const from = table === 'nat' ? hook.exec(line)?.[1] : undefined;
    if (from !== undefined) hooked.add(from);
    if (frontendChains[table]?.test(line) !== true) continue;
    const bare = line.replace(/--comment (?:"(?:[^"\\]|\\.)*"|\S+)/, '');
    const key = keyOfRule(bare);
    if (key !== undefined) setOf(index, bare).add(key);
  }
  index.hooked = hooked.size === 3;
  return index;
}

/** Maps of table `kube-proxy` (pkg/proxy/nftables/proxier.go) that name frontends. */
export const nftMaps = [
  'service-ips',
  'service-nodeports',
  'no-endpoint-services',
  'no-endpoint-nodeports',
] as const;

type Json = Readonly<Record<string, unknown>>;

/** `{"concat": ["10.96.0.1", "tcp", 443]}`, or that within `{"elem": {"val": ...}}` where there is a comment. */
function keyOfElement(element: unknown): string | undefined {
  const plain = (element as { elem?: { val?: unknown } }).elem?.val ?? element;
  const parts = (plain as { concat?: unknown[] }).concat ?? [];
  const [port, name, address] = [...parts].reverse();
  const protocol = typeof name === 'number' ? name : protocolNumbers[String(name)];
  if (protocol === undefined || typeof port !== 'number') return undefined;
  return frontendKey(typeof address === 'string' ? address : undefined, protocol, port);
}

function addMap(index: RuleIndex, map: { readonly name?: unknown; readonly elem?: unknown }): void {
  const elements = Array.isArray(map.elem) ? (map.elem as unknown[]) : [];
  for (const entry of elements) {
    const [element, verdict] = entry as [unknown, Json];
    const key = keyOfElement(element);
    if (key === undefined) continue;
    if (String(map.name).startsWith('service-')) index.served.add(key);
    else if ('drop' in verdict) index.dropped.add(key);
    else index.refused.add(key);
  }
}

/**
 * From `nft -j list map` outputs. kube-proxy makes chains, hooks and elements in one transaction, so that
 * an element shows that all of it is there.
 */
export function indexNftables(outputs: readonly string[]): RuleIndex {
  const index = emptyIndex();
  for (const output of outputs) {
    const { nftables = [] } = JSON.parse(output) as { nftables?: readonly { readonly map?: Json }[] };
    for (const { map } of nftables) if (map !== undefined) addMap(index, map);
  }
  index.hooked = index.served.size + index.refused.size + index.dropped.size > 0;
  return index;
}

/** True where the kernel does with the frontend what kube-proxy does with it. */
export function isProgrammed(frontend: FrontendRef, index: RuleIndex): boolean {
  if (!index.hooked) return false;
  const key = frontendKey(frontend.address, frontend.protocol, frontend.port);
  if (index.served.has(key) || index.dropped.has(key)) return true;
  return !frontend.hasEndpoints && index.refused.has(key);
}
