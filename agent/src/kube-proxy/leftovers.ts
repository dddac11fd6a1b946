/** Removes what kube-proxy leaves in the kernel when its pod goes. */
import { CommandError, type Run, run as runCommand } from '../fabric/command.ts';
import { Nft } from '../fabric/nft.ts';
import type { LeftoverReport, Leftovers } from '../ports.ts';
import { restore, type RuleSet, ruleSets, save } from './iptables.ts';
import { planRemoval, type Removal } from './removal.ts';

/** Tables of kube-proxy's nftables mode. */
const nftTables = [
  { family: 'ip', name: 'kube-proxy' },
  { family: 'ip6', name: 'kube-proxy' },
] as const;

/** Somebody else changes rules between our look and our write: so often is it tried again. */
const attempts = 3;

/** What {@link NodeLeftovers} needs. */
export interface NodeLeftoversOptions {
  readonly run?: Run;
}

/** Implements {@link Leftovers}. Conntrack entries are never touched: flows go on. */
export class NodeLeftovers implements Leftovers {
  readonly #run: Run;
  readonly #nft: Nft;

  constructor(options: NodeLeftoversOptions = {}) {
    this.#run = options.run ?? runCommand;
    this.#nft = new Nft(this.#run);
  }

  async remove(): Promise<LeftoverReport> {
    let removedChains = 0;
    const kept: string[] = [];
    for (const set of await ruleSets(this.#run)) {
      const removal = await this.#removeFrom(set);
      removedChains += removal.removedChains;
      const where = `${set.family === 4 ? 'iptables' : 'ip6tables'}-${set.backend}`;
      kept.push(...removal.kept.map((chain) => `${where} ${chain}`));
    }
    const removedTables: string[] = [];
    for (const table of nftTables) {
      if (await this.#nft.delete(table)) removedTables.push(`${table.family} ${table.name}`);
    }
    return { removedChains, removedTables, kept };
  }

  async #removeFrom(set: RuleSet, attempt = 1): Promise<Removal> {
    const removal = planRemoval(await save(this.#run, set));
    if (removal.restore === undefined) return removal;
    try {
      await restore(this.#run, set, removal.restore);
      return removal;
    } catch (error) {
      const again = error instanceof CommandError && error.code === 'Failed' && attempt < attempts;
      if (!again) throw error;
      return this.#removeFrom(set, attempt + 1);
    }
  }
}
