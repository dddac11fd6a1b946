/** Tables in the kernel through `nft`: one call, one transaction. */
import { CommandError, type Run, run } from './command.ts';

/** Family and name of a table. */
export interface TableName {
  readonly family: 'ip' | 'ip6' | 'inet';
  readonly name: string;
}

/** Runs `nft` for the network namespace of this process. */
export class Nft {
  readonly #run: Run;

  constructor(runner: Run = run) {
    this.#run = runner;
  }

  /** Applies a text as one transaction. Rejects with a {@link CommandError} that quotes nft's own words. */
  async apply(ruleset: string): Promise<void> {
    await this.#run(['nft', '-f', '-'], { input: ruleset });
  }

  /** The table as nft prints it, without counters' values; undefined when there is none. */
  async list(table: TableName): Promise<string | undefined> {
    try {
      return await this.#run(['nft', '--stateless', 'list', 'table', table.family, table.name]);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** One map of a table, as JSON; undefined when there is none. */
  async listMap(table: TableName, map: string): Promise<string | undefined> {
    try {
      return await this.#run(['nft', '-j', 'list', 'map', table.family, table.name, map]);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Without its contents, which may be large. */
  async exists(table: TableName): Promise<boolean> {
    const names = await this.#run(['nft', 'list', 'tables', table.family]);
    return names.split('\n').includes(`table ${table.family} ${table.name}`);
  }

  /** False when there was none. */
  async delete(table: TableName): Promise<boolean> {
    try {
      await this.#run(['nft', 'delete', 'table', table.family, table.name]);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }
}

/** nft has one exit status for everything; ENOENT is told by its standard text, which LC_ALL=C fixes. */
function isMissing(error: unknown): boolean {
  return error instanceof CommandError && error.stderr.includes('No such file or directory');
}
