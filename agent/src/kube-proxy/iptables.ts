/** The kernel's iptables rules through the programs of the image: both families, both backends. */
import type { Run, RunOptions } from '../fabric/command.ts';

/** Where rules are: the old x_tables, or nf_tables behind the same command line. */
export type Backend = 'nft' | 'legacy';

/** One of up to four sets of rules that a node may have. */
export interface RuleSet {
  readonly family: 4 | 6;
  readonly backend: Backend;
}

function program(set: RuleSet, verb: 'save' | 'restore'): string {
  return `${set.family === 4 ? 'iptables' : 'ip6tables'}-${set.backend}-${verb}`;
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

/** All tables as text, or only the lines that are wanted. */
export function save(run: Run, set: RuleSet, keep?: RunOptions['keep']): Promise<string> {
  return run([program(set, 'save')], keep === undefined ? {} : { keep });
}

/** One transaction; what it does not name stays. */
export async function restore(run: Run, set: RuleSet, text: string): Promise<void> {
  await run([program(set, 'restore'), '--noflush', '--wait', '10'], { input: text });
}
