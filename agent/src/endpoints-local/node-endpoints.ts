/** The pods' interfaces of this node, kept by what the CNI plugin says and by what netlink shows. */
import type { Link, Netlink } from '@margay/addon/netlink-api';
import { MargayError } from '@margay/lib/errors';
import type { EndpointSink, LocalEndpoint, LocalEndpoints } from '../ports.ts';
import { type Attachment, difference, wanted } from './discover.ts';

/** An attachment as the plugin names it, before its interface is looked up. */
export type AttachmentRequest = Omit<Attachment, 'ifindex'>;

/** The sink refused some endpoints; each is offered again with the next refresh. */
export class HandOverError extends MargayError {
  override readonly name = 'HandOverError';
  /** Why, by address. */
  readonly failures: ReadonlyMap<string, unknown>;

  constructor(failures: ReadonlyMap<string, unknown>) {
    const [first] = failures;
    const message = `${failures.size} local endpoints were not handed over, ${first?.[0] ?? 'none'} first`;
    super(message, { code: 'HandOver', cause: first?.[1], retryable: true });
    this.failures = failures;
  }
}

/** What {@link NodeEndpoints} needs. */
export interface NodeEndpointsOptions {
  readonly netlink: Pick<Netlink, 'links' | 'addresses' | 'routes' | 'watch'>;
  /** A refresh after a netlink change, or the hand-over of one endpoint, failed; the next one tries again. */
  readonly onError: (error: unknown) => void;
  /** Netlink changes within this many milliseconds are one refresh. */
  readonly coalesceMs?: number;
  /** After a failed refresh, the next try is this many milliseconds away. */
  readonly retryMs?: number;
}

/** Implements {@link LocalEndpoints}. Every change goes through one queue, so that calls never overlap. */
export class NodeEndpoints implements LocalEndpoints {
  readonly #options: NodeEndpointsOptions;
  #sink: EndpointSink | undefined;
  #watch: { close(): void } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #queue: Promise<void> = Promise.resolve();
  #current = new Map<string, LocalEndpoint>();
  #attachments: Attachment[] = [];
  #released = new Set<number>();

  constructor(options: NodeEndpointsOptions) {
    this.#options = options;
  }

  async start(sink: EndpointSink): Promise<void> {
    this.#sink = sink;
    this.#watch = this.#options.netlink.watch(() => {
      this.#schedule(this.#options.coalesceMs ?? 20);
    });
    await this.#exclusive(() => this.#refresh());
  }

  current(): readonly LocalEndpoint[] {
    return [...this.#current.values()];
  }

  async close(): Promise<void> {
    this.#watch?.close();
    clearTimeout(this.#timer);
    this.#sink = undefined;
    await this.#queue;
  }

  /** CNI ADD: resolves when the sink has every address. Rejects with what the sink says, or `NotStarted` (retryable), `NoInterface`. */
  attach(request: AttachmentRequest): Promise<void> {
    return this.#exclusive(async () => {
      if (this.#sink === undefined) {
        throw new MargayError('the agent has not listed this node yet', {
          code: 'NotStarted',
          retryable: true,
        });
      }
      const links = await this.#options.netlink.links();
      const link = links.find((l) => l.name === request.hostIfname);
      if (link === undefined) {
        const message = `interface ${request.hostIfname} of container ${request.containerId} is not there`;
        throw new MargayError(message, { code: 'NoInterface' });
      }
      this.#released.delete(link.index);
      this.#forget(request.containerId, request.ifname);
      this.#attachments.push({ ...request, ifindex: link.index });
      await this.#refresh(links).catch((error: unknown) => this.#onlyFor(request.ips, error));
    });
  }

  /** CNI DEL: the addresses are taken away at once; unknown attachments are none. */
  detach(containerId: string, ifname: string): Promise<void> {
    return this.#exclusive(async () => {
      const gone = this.#forget(containerId, ifname);
      for (const attachment of gone) this.#released.add(attachment.ifindex);
      if (gone.length > 0) await this.#refresh();
    });
  }

  /** CNI CHECK: rejects with `NotProgrammed`, naming the first address that is not programmed for that interface. */
  check(request: AttachmentRequest): Promise<void> {
    return this.#exclusive(() => {
      for (const ip of request.ips) {
        if (this.#current.get(ip)?.hostIfname === request.hostIfname) continue;
        const message = `${ip} is not programmed for interface ${request.hostIfname}`;
        throw new MargayError(message, { code: 'NotProgrammed' });
      }
      return Promise.resolve();
    });
  }

  /** CNI GC: forgets every attachment that is not named. */
  retain(valid: readonly { readonly containerId: string; readonly ifname: string }[]): Promise<void> {
    const keep = new Set(valid.map((v) => `${v.containerId}/${v.ifname}`));
    return this.#exclusive(async () => {
      this.#attachments = this.#attachments.filter((a) => keep.has(`${a.containerId}/${a.ifname}`));
      await this.#refresh();
    });
  }

  /** One pod's trouble is not another's: rethrows what concerns these addresses, the rest is tried again. */
  #onlyFor(ips: readonly string[], error: unknown): void {
    if (!(error instanceof HandOverError)) throw error;
    const own = ips.find((ip) => error.failures.has(ip));
    if (own !== undefined) throw error.failures.get(own);
    this.#failed(error);
  }

  #failed(error: unknown): void {
    this.#options.onError(error);
    if (this.#sink !== undefined) this.#schedule(this.#options.retryMs ?? 1000);
  }

  #forget(containerId: string, ifname: string): Attachment[] {
    const gone = this.#attachments.filter((a) => a.containerId === containerId && a.ifname === ifname);
    this.#attachments = this.#attachments.filter((a) => !gone.includes(a));
    return gone;
  }

  #exclusive(task: () => Promise<void>): Promise<void> {
    const result = this.#queue.then(task);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  #schedule(delay: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#exclusive(() => this.#refresh()).catch((error: unknown) => this.#failed(error));
    }, delay);
  }

  async #refresh(known?: readonly Link[]): Promise<void> {
    const { netlink } = this.#options;
    const [links, addresses, v4, v6] = await Promise.all([
      known ?? netlink.links(),
      netlink.addresses(),
      netlink.routes(4),
      netlink.routes(6),
    ]);
    const there = new Set(links.map((link) => link.index));
    this.#attachments = this.#attachments.filter((a) => there.has(a.ifindex));
    this.#released = new Set([...this.#released].filter((index) => there.has(index)));
    const tables = { links, addresses, routes: [...v4, ...v6] };
    await this.#move(wanted({ ...tables, attachments: this.#attachments, released: this.#released }));
  }

  /** What the sink refuses is not remembered as handed over, so that the next refresh offers it again. */
  async #move(next: ReadonlyMap<string, LocalEndpoint>): Promise<void> {
    const sink = this.#sink;
    if (sink === undefined) return;
    const change = difference(this.#current, next);
    const failures = new Map<string, unknown>();
    for (const endpoint of change.remove) {
      await sink.remove(endpoint).then(
        () => this.#current.delete(endpoint.ip),
        (error: unknown) => failures.set(endpoint.ip, error),
      );
    }
    for (const endpoint of change.put) {
      await sink.put(endpoint).then(
        () => this.#current.set(endpoint.ip, endpoint),
        (error: unknown) => failures.set(endpoint.ip, error),
      );
    }
    if (failures.size > 0) throw new HandOverError(failures);
  }
}
