/** The last order and its configuration on disk: what an agent works by while no API server answers. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentConfig } from '@margay/crds/agent-config.gen';
import { parseAgentConfig } from '@margay/crds/agent-config';
import type { Order } from '../node-mode/facts.ts';

/** What was last acted upon. */
export interface StoredOrder {
  readonly order: Order;
  /** Absent when none has been read for that order. */
  readonly config?: AgentConfig;
}

function isOrder(value: unknown): value is Order {
  const { generation, mode, configName } = (value ?? {}) as Partial<Record<keyof Order, unknown>>;
  return (
    typeof generation === 'number' &&
    (mode === 'BPF' || mode === 'Standard') &&
    typeof configName === 'string'
  );
}

/** One file, replaced as a whole. */
export class OrderStore {
  readonly #directory: string;
  readonly #path: string;

  constructor(directory: string) {
    this.#directory = directory;
    this.#path = join(directory, 'order.json');
  }

  async save(stored: StoredOrder): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    await writeFile(`${this.#path}.new`, `${JSON.stringify(stored)}\n`, { mode: 0o600 });
    await rename(`${this.#path}.new`, this.#path);
  }

  /** Undefined when there is none, or none that can be read. */
  async load(): Promise<StoredOrder | undefined> {
    try {
      const { order, config } = JSON.parse(await readFile(this.#path, 'utf8')) as {
        order?: unknown;
        config?: unknown;
      };
      if (!isOrder(order)) return undefined;
      return config === undefined ? { order } : { order, config: parseAgentConfig(JSON.stringify(config)) };
    } catch {
      return undefined;
    }
  }
}
