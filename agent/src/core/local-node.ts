/** This node as netlink shows it: addresses, the interfaces that lead out and the ways there, kept up to date. */
import type { Address, Link, Netlink, Route } from '@margay/addon/netlink-api';
import { messageOf } from '@margay/lib/errors';
import type { Logger } from '@margay/lib/log';
import type { LocalAddress } from '../calc/node-routes.ts';
import { findNics, hostAddresses } from '../dataplane/nics.ts';

/** What {@link LocalNode} needs to know of the cluster. */
export interface LocalNodeContext {
  podCidrs(): readonly string[];
  podInterfaces(): ReadonlySet<number>;
}

/** What was last seen. */
export interface LocalView {
  readonly addresses: readonly LocalAddress[];
  readonly nics: readonly number[];
}

const COALESCE_MS = 50;

function distinct(addresses: readonly Address[]): readonly LocalAddress[] {
  const byText = new Map(
    addresses.map(({ address, prefix, ifindex }) => [`${address}/${prefix}`, { address, prefix, ifindex }]),
  );
  return [...byText.values()];
}

/** Every way out by a gateway, as one text. */
function waysOf(routes: readonly Route[]): string {
  return routes
    .flatMap(({ destination, gateway, ifindex, table, metric }) =>
      gateway === undefined ? [] : [`${destination} ${gateway} ${ifindex} ${table} ${metric}`],
    )
    .sort()
    .join();
}

/** See the file comment. */
export class LocalNode {
  readonly #netlink: Netlink;
  readonly #context: LocalNodeContext;
  readonly #log: Logger;
  readonly #onChange: (view: LocalView) => void;
  readonly #onMoved: () => void;
  #ways = '';
  #view: LocalView = { addresses: [], nics: [] };
  #watch: { close(): void } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    netlink: Netlink,
    context: LocalNodeContext,
    of: { log: Logger; onChange: (view: LocalView) => void; onMoved: () => void },
  ) {
    this.#netlink = netlink;
    this.#context = context;
    this.#log = of.log;
    this.#onChange = of.onChange;
    this.#onMoved = of.onMoved;
  }

  get view(): LocalView {
    return this.#view;
  }

  async start(): Promise<void> {
    this.#watch = this.#netlink.watch(() => this.refreshSoon());
    await this.refresh();
  }

  close(): void {
    this.#watch?.close();
    clearTimeout(this.#timer);
  }

  /** After changes of the cluster that bear on what an interface is for. */
  refreshSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.refresh().catch((error: unknown) => {
        this.#log.warn('netlink could not be read, trying again', { error: messageOf(error) });
        this.refreshSoon();
      });
    }, COALESCE_MS);
  }

  async refresh(): Promise<void> {
    const [links, addresses, v4, v6] = await Promise.all([
      this.#netlink.links(),
      this.#netlink.addresses(),
      this.#netlink.routes(4),
      this.#netlink.routes(6),
    ]);
    this.#compareWays([...v4, ...v6]);
    const view = this.#viewOf(links, addresses, [...v4, ...v6]);
    if (JSON.stringify(view) === JSON.stringify(this.#view)) return;
    this.#view = view;
    this.#onChange(view);
  }

  /** Flows keep the next hop that the kernel's routes gave them: another gateway concerns them all. */
  #compareWays(routes: readonly Route[]): void {
    const before = this.#ways;
    this.#ways = waysOf(routes);
    if (before !== '' && before !== this.#ways) this.#onMoved();
  }

  #viewOf(links: readonly Link[], addresses: readonly Address[], routes: readonly Route[]): LocalView {
    const podCidrs = this.#context.podCidrs();
    const podInterfaces = this.#context.podInterfaces();
    const nics = findNics({ links, addresses, routes, podCidrs, podInterfaces });
    return { addresses: distinct(hostAddresses(addresses)), nics };
  }
}
