/** The kernel's iptables rules through the programs of the image: both families, both backends. */
import { CommandError, type Run } from '../fabric/command.ts';

/** Where rules are: the old x_tables, or nf_tables behind the same command line. */
export type Backend = 'nft' | 'legacy';

/** One of up to four sets of rules that a node may have. */
export interface RuleSet {
  readonly family: 4 | 6;
  readonly backend: Backend;
}

function program(set: RuleSet, verb?: 'save' | 'restore'): string {
  const name = `${set.family === 4 ? 'iptables' : 'ip6tables'}-${set.backend}`;
  return verb === undefined ? name : `${name}-${verb}`;
}

/**
 * The sets that exist. The legacy programs make the tables that they look for, so that they are not
 * called before /proc shows that somebody else did.
 */
export async function ruleSets(run: Run): Promise<RuleSet[]> {
  const sets: RuleSet[] = [];
  for (const family of [4, 6] as const) {
    sets.push({ family, backend: 'nft' });
    const file = family === 4 ? '/proc/net/ip_tables_names' : '/proc/net/ip6_tables_names';
    const names = await run(['sh', '-c', `cat ${file} 2>/dev/null || true`]);
    if (names.trim() !== '') sets.push({ family, backend: 'legacy' });
  }
  return sets;
}

/** All tables as text. */
export function save(run: Run, set: RuleSet): Promise<string> {
  return run([program(set, 'save')]);
}

/** Chains of one table. */
export interface ChainNames {
  readonly table: string;
  readonly chains: readonly string[];
}

/**
 * The rules of some chains, in the form of {@link save}; chains that are not there are left out. In the
 * nft backend a chain is read by itself, which for large rule sets costs a fifteenth of reading all of
 * them; the legacy one always hands out whole tables.
 */
export async function readChains(run: Run, set: RuleSet, wanted: readonly ChainNames[]): Promise<string> {
  if (set.backend === 'nft') return readOneByOne(run, set, wanted);
  const chains = new Set(wanted.flatMap((names) => names.chains));
  const keep = (line: string): boolean => {
    const chain = line.startsWith('-A ') ? line.slice(3, line.indexOf(' ', 3)) : undefined;
    return line.startsWith('*') || (chain !== undefined && chains.has(chain));
  };
  return run([program(set, 'save')], { keep });
}

async function readOneByOne(run: Run, set: RuleSet, wanted: readonly ChainNames[]): Promise<string> {
  let text = '';
  for (const { table, chains } of wanted) {
    text += `*${table}\n`;
    for (const chain of chains) text += (await readChain(run, set, [table, chain])) ?? '';
  }
  return text;
}

async function readChain(
  run: Run,
  set: RuleSet,
  [table, chain]: [string, string],
): Promise<string | undefined> {
  try {
    return await run([program(set), '-t', table, '-S', chain]);
  } catch (error) {
    if (isMissingChain(error)) return undefined;
    throw error;
  }
}

/**
 * iptables has one exit status for everything; LC_ALL=C fixes its words. Releases up to 1.8.9 call a
 * chain "incompatible" that is not there.
 */
function isMissingChain(error: unknown): boolean {
  if (!(error instanceof CommandError)) return false;
  return /No chain\/target\/match by that name|is incompatible, use 'nft' tool/.test(error.stderr);
}

/** One transaction; what it does not name stays. */
export async function restore(run: Run, set: RuleSet, text: string): Promise<void> {
  await run([program(set, 'restore'), '--noflush', '--wait', '10'], { input: text });
}
