import { createRegistry } from '@margay/lib/metrics';
import type { Registry } from 'prom-client';
import { Counter, Gauge } from 'prom-client';

/** The operator's own metrics. */
export class OperatorMetrics {
  readonly registry: Registry = createRegistry();
  /** Passes over the cluster, by work and result. */
  readonly passes: Counter<'work' | 'result'>;
  readonly #nodes: Gauge<'state'>;

  /** @param leading asked at each scrape */
  constructor(leading: () => boolean) {
    const registers = [this.registry];
    this.passes = new Counter({
      name: 'margay_operator_passes_total',
      help: 'Passes over the cluster, by what was done and how it ended.',
      labelNames: ['work', 'result'],
      registers,
    });
    this.#nodes = new Gauge({
      name: 'margay_operator_nodes',
      help: 'Nodes by state, as in the status of the Installation.',
      labelNames: ['state'],
      registers,
    });
    new Gauge({
      name: 'margay_operator_leading',
      help: '1 on the replica that leads.',
      registers,
      collect(): void {
        this.set(leading() ? 1 : 0);
      },
    });
  }

  /** Shows the counts of `status.nodes`. */
  showNodes(counts: Readonly<Record<string, number | undefined>>): void {
    for (const [state, count] of Object.entries(counts)) this.#nodes.set({ state }, count ?? 0);
  }
}
