/** The text that `iptables-save` prints, taken apart. Pure. */

/** One rule, as it can be given back to `iptables-restore`. */
export interface Rule {
  readonly chain: string;
  /** What follows `-A <chain> `. */
  readonly text: string;
  /** Where `-j` or `-g` leads: a chain or a target. */
  readonly target: string | undefined;
  readonly comment: string | undefined;
}

/** One table of the text. */
export interface SavedTable {
  readonly name: string;
  /** Chains that users made; the kernel's own (PREROUTING...) are not among them. */
  readonly chains: ReadonlySet<string>;
  readonly rules: readonly Rule[];
}

const option = (text: string, pattern: RegExp): string | undefined => {
  const match = pattern.exec(text);
  return match?.[1] ?? match?.[2];
};

/** The comment of a rule, without its quotes. */
export function commentOf(text: string): string | undefined {
  return option(text, /--comment (?:"((?:[^"\\]|\\.)*)"|(\S+))/);
}

/** Where a rule leads. A comment is taken out first: it may hold anything. */
export function targetOf(text: string): string | undefined {
  return option(text.replace(/--comment (?:"(?:[^"\\]|\\.)*"|\S+)/, ''), /(?:^|\s)-[jg] (\S+)/);
}

function parseRule(line: string): Rule | undefined {
  const match = /^-A (\S+) ?(.*)$/.exec(line);
  if (match === null) return undefined;
  const [, chain = '', text = ''] = match;
  return { chain, text, target: targetOf(text), comment: commentOf(text) };
}

function parseChain(line: string): string | undefined {
  // A user's chain has "-" where the kernel's own has a policy.
  return /^:(\S+) - /.exec(line)?.[1];
}

/** Reads everything between `*table` and `COMMIT`. */
export function parseSave(text: string): SavedTable[] {
  const tables: { name: string; chains: Set<string>; rules: Rule[] }[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) tables.push({ name: line.slice(1), chains: new Set(), rules: [] });
    const table = tables.at(-1);
    if (table === undefined) continue;
    const chain = parseChain(line);
    if (chain !== undefined) table.chains.add(chain);
    const rule = parseRule(line);
    if (rule !== undefined) table.rules.push(rule);
  }
  return tables;
}
