/** Which of a node's iptables rules are kube-proxy's, and the transaction that removes them. Pure. */
import { parseSave, type Rule, type SavedTable } from './save-format.ts';

/**
 * kube-proxy's own chains (pkg/proxy/iptables/proxier.go, cleanup.go). KUBE-FIREWALL, KUBE-KUBELET-CANARY
 * and KUBE-IPTABLES-HINT are the kubelet's and never here.
 */
const topChains: ReadonlyMap<string, readonly string[]> = new Map([
  ['nat', ['KUBE-SERVICES', 'KUBE-NODEPORTS', 'KUBE-POSTROUTING', 'KUBE-MARK-MASQ', 'KUBE-PROXY-CANARY']],
  [
    'filter',
    [
      'KUBE-SERVICES',
      'KUBE-EXTERNAL-SERVICES',
      'KUBE-NODEPORTS',
      'KUBE-FORWARD',
      'KUBE-PROXY-FIREWALL',
      'KUBE-PROXY-CANARY',
    ],
  ],
  ['mangle', ['KUBE-PROXY-CANARY']],
]);

/** Comments of the jumps from the kernel's chains to those. */
const jumpComments: ReadonlySet<string> = new Set([
  'kubernetes service portals',
  'kubernetes externally-visible service portals',
  'kubernetes health check service ports',
  'kubernetes forwarding rules',
  'kubernetes load balancer firewall',
  'kubernetes postrouting rules',
]);

/** Names that kube-proxy makes from a hash; one that is linked with a chain of its own is its own. */
const generated = /^KUBE-(?:SVC|SVL|SEP|EXT|FW)-[A-Z2-7]{16}$/;

/** What removing kube-proxy's rules from one table set takes. */
export interface Removal {
  /** For `iptables-restore --noflush`; undefined when there is nothing to remove. */
  readonly restore: string | undefined;
  readonly removedChains: number;
  /** `nat/KUBE-MARK-MASQ <- CNI-HOSTPORT-SETMARK`: chains that stay because others use them. */
  readonly kept: readonly string[];
}

interface TableRemoval {
  readonly lines: readonly string[];
  readonly chains: readonly string[];
  readonly kept: readonly string[];
}

type Grouped = ReadonlyMap<string | undefined, readonly Rule[]>;

function group(rules: readonly Rule[], key: (rule: Rule) => string | undefined): Grouped {
  const result = new Map<string | undefined, Rule[]>();
  for (const rule of rules) {
    const list = result.get(key(rule));
    if (list === undefined) result.set(key(rule), [rule]);
    else list.push(rule);
  }
  return result;
}

/** Everything that can be reached over `edges` without leaving what `belongs`, the start included. */
function reachable(
  from: Iterable<string>,
  edges: (chain: string) => readonly (string | undefined)[],
  belongs: (chain: string) => boolean,
): Set<string> {
  const found = new Set(from);
  // A Set's iteration goes on to what is added meanwhile.
  for (const chain of found) {
    for (const next of edges(chain)) if (next !== undefined && belongs(next)) found.add(next);
  }
  return found;
}

function isOwnJump(rule: Rule, table: SavedTable, top: ReadonlySet<string>): boolean {
  const fromKernelChain = !table.chains.has(rule.chain);
  const known = rule.comment !== undefined && jumpComments.has(rule.comment);
  return fromKernelChain && known && rule.target !== undefined && top.has(rule.target);
}

function removeFrom(table: SavedTable): TableRemoval {
  const top = new Set((topChains.get(table.name) ?? []).filter((chain) => table.chains.has(chain)));
  const byChain = group(table.rules, (rule) => rule.chain);
  const byTarget = group(table.rules, (rule) => rule.target);
  const down = (chain: string) => (byChain.get(chain) ?? []).map((rule) => rule.target);
  const up = (chain: string) => (byTarget.get(chain) ?? []).map((rule) => rule.chain);
  // Upwards too: chains of Services that are gone hang on to KUBE-MARK-MASQ until kube-proxy tidies up.
  const mine = reachable(
    top,
    (chain) => [...down(chain), ...up(chain)],
    (chain) => table.chains.has(chain) && generated.test(chain),
  );
  const outside = table.rules.filter((rule) => !mine.has(rule.chain));
  const jumps = outside.filter((rule) => isOwnJump(rule, table, top));
  const foreign = outside.filter((r) => !jumps.includes(r) && r.target !== undefined && mine.has(r.target));
  const used = new Set(foreign.flatMap((rule) => rule.target ?? []));
  const stays = reachable(used, down, (chain) => mine.has(chain));
  const goes = [...mine].filter((chain) => !stays.has(chain));
  return {
    lines: [
      ...goes.map((chain) => `:${chain} - [0:0]`),
      ...jumps
        .filter((rule) => rule.target !== undefined && !stays.has(rule.target))
        .map((rule) => `-D ${rule.chain} ${rule.text}`),
      ...goes.map((chain) => `-X ${chain}`),
    ],
    chains: goes,
    kept: foreign.map((rule) => `${table.name}/${rule.target ?? ''} <- ${rule.chain}`),
  };
}

/** Reads `iptables-save` output of all tables; one transaction removes what is kube-proxy's alone. */
export function planRemoval(save: string): Removal {
  const parts = parseSave(save).map((table) => ({ name: table.name, ...removeFrom(table) }));
  const busy = parts.filter((part) => part.lines.length > 0);
  const text = busy.flatMap((part) => [`*${part.name}`, ...part.lines, 'COMMIT', '']);
  return {
    restore: busy.length === 0 ? undefined : text.join('\n'),
    removedChains: parts.reduce((sum, part) => sum + part.chains.length, 0),
    kept: [...new Set(parts.flatMap((part) => part.kept))],
  };
}
