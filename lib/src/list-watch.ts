/**
 * Keeps decoded records of a resource equal to the API server's, for as long as it runs: a first list, then
 * a watch that resumes where it broke off. Streams are read line by line (KEP-3157 where the server has it, else
 * pages), so that never more than one object, or one page, is in memory beside the records.
 */
import type { IncomingMessage } from 'node:http';
import { Backoff } from './backoff.ts';
import { type Deferred, deferred } from './deferred.ts';
import { isGone, isInvalid, isThrottled, KubeError, messageOf } from './errors.ts';
import type { KubeClient, Query } from './kube-client.ts';
import { LineSplitter } from './lines.ts';
import type { Logger } from './log.ts';
import type { KubeList, KubeObject } from './objects.ts';
import { resourcePath, type ResourceType } from './resources.ts';
import { sleepOrAbort } from './sleep.ts';
import { type Status, statusError } from './status.ts';
import { type WatchHandler, WatchStore } from './watch-store.ts';

/** What to watch, and what to make of it. */
export interface ListWatchOptions<T> {
  readonly client: KubeClient;
  readonly resource: ResourceType;
  /** Only in this namespace; absent: in all. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** The small record to keep of an object, or undefined when the object does not matter. */
  readonly decode: (object: KubeObject) => T | undefined;
  readonly handler: WatchHandler<T>;
  readonly log: Logger;
  readonly tuning?: Partial<ListWatchTuning>;
}

/** Times and sizes; the defaults are for production. */
export interface ListWatchTuning {
  /** Ask for a streamed list first; pages are used where the server refuses. */
  readonly streamedLists: boolean;
  /** Objects a page, where pages are used. */
  readonly pageSize: number;
  /** The server ends a watch after this time, plus up to as much again. */
  readonly watchSeconds: number;
  /** A stream without a line (the server sends a bookmark each minute) for so long is dead. */
  readonly idleMs: number;
  /** After a stream that lived so long, waiting times begin anew. */
  readonly healthyMs: number;
  readonly backoffFirstMs: number;
  readonly backoffLongestMs: number;
  readonly random: () => number;
}

/** Counted since the start; for metrics. */
export interface ListWatchStats {
  /** Complete lists. */
  lists: number;
  /** Streams opened. */
  watches: number;
  /** Objects received. */
  events: number;
  /** Bytes of watch streams received; pages of lists are not counted. */
  bytes: number;
  /** Streams and lists that failed. */
  failures: number;
}

interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubeObject & Status;
}

const defaults: ListWatchTuning = {
  streamedLists: true,
  pageSize: 250,
  watchSeconds: 300,
  idleMs: 150_000,
  healthyMs: 5000,
  backoffFirstMs: 200,
  backoffLongestMs: 30_000,
  random: Math.random,
};

const initialEventsEnd = 'k8s.io/initial-events-end';

/** One watched resource. */
export class ListWatch<T> {
  /** Counters; read only. */
  readonly stats: ListWatchStats = { lists: 0, watches: 0, events: 0, bytes: 0, failures: 0 };
  readonly #options: ListWatchOptions<T>;
  readonly #tuning: ListWatchTuning;
  readonly #store: WatchStore<T>;
  readonly #backoff: Backoff;
  readonly #synced: Deferred<void> = deferred();
  readonly #path: string;
  #version: string | undefined;
  #streamedLists: boolean;

  constructor(options: ListWatchOptions<T>) {
    this.#options = options;
    this.#tuning = { ...defaults, ...options.tuning };
    this.#streamedLists = this.#tuning.streamedLists;
    this.#backoff = new Backoff(
      this.#tuning.backoffFirstMs,
      this.#tuning.backoffLongestMs,
      this.#tuning.random,
    );
    this.#path = resourcePath(options.resource, { namespace: options.namespace });
    this.#store = new WatchStore({
      decode: options.decode,
      handler: options.handler,
      onUndecodable: (name, error) =>
        options.log.warn('object left out, it cannot be read', { ...this.#what, name, error }),
    });
  }

  /** Resolves when the first list is complete and has been handed over; rejects when `run` ends before. */
  get synced(): Promise<void> {
    return this.#synced.promise;
  }

  /** The record under `namespace/name`, or `name`. */
  get(key: string): T | undefined {
    return this.#store.get(key);
  }

  /** How many records there are. */
  get size(): number {
    return this.#store.size;
  }

  /** All records, by key. */
  entries(): IterableIterator<[string, T]> {
    return this.#store.entries();
  }

  /**
   * Runs until the signal aborts, then resolves. Failures of the server and of the network are logged and tried
   * again for ever; it rejects only with what a handler threw. Run anew, it resumes from where it was.
   */
  async run(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        const failure = await this.#round(signal);
        if (failure !== undefined) await this.#afterFailure(failure.error, signal);
      }
    } finally {
      this.#synced.reject(
        new KubeError(`${this.#path}: watch stopped`, { code: 'Stopped', status: 0, request: this.#path }),
      );
    }
  }

  get #what(): { resource: string } {
    return { resource: this.#options.resource.plural };
  }

  async #round(signal: AbortSignal): Promise<{ error: unknown } | undefined> {
    try {
      if (this.#version === undefined && !this.#streamedLists) await this.#listPages(signal);
      await this.#watch(signal);
      return undefined;
    } catch (error) {
      if (error instanceof HandlerFailure) throw error.cause;
      return signal.aborted ? undefined : { error };
    }
  }

  async #afterFailure(error: unknown, signal: AbortSignal): Promise<void> {
    this.stats.failures++;
    if (this.#version === undefined && this.#streamedLists && isInvalid(error)) {
      this.#streamedLists = false;
      return;
    }
    const tooOld = isGone(error);
    if (tooOld) this.#version = undefined;
    this.#report(error, tooOld);
    const asked = error instanceof KubeError && isThrottled(error) ? (error.retryAfterMs ?? 0) : 0;
    await sleepOrAbort(Math.max(this.#backoff.next(), asked), signal);
  }

  #report(error: unknown, expected: boolean): void {
    const code = error instanceof KubeError ? error.code : undefined;
    const level = expected || this.#backoff.failures < 3 ? 'debug' : 'warn';
    this.#options.log[level]('watch failed, trying again', { ...this.#what, code, error: messageOf(error) });
  }

  async #listPages(signal: AbortSignal): Promise<void> {
    let token: string | undefined;
    let version: string | undefined;
    this.#store.beginList();
    do {
      const query = { ...this.#selectors, limit: this.#tuning.pageSize, continue: token };
      const body = await this.#options.client.request<KubeList<KubeObject>>({
        method: 'GET',
        path: this.#path,
        query,
        signal,
      });
      for (const object of body.items) this.#hand(() => this.#store.upsert(object));
      this.stats.events += body.items.length;
      version = body.metadata?.resourceVersion;
      token = body.metadata?.continue;
    } while (token !== undefined && token !== '');
    this.#listed(version);
  }

  #listed(version: string | undefined): void {
    this.stats.lists++;
    this.#version = version;
    this.#hand(() => this.#store.endList());
    this.#synced.resolve();
  }

  get #selectors(): Query {
    return { labelSelector: this.#options.labelSelector, fieldSelector: this.#options.fieldSelector };
  }

  #watchQuery(): Query {
    const initial =
      this.#version === undefined ? { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' } : {};
    return {
      ...this.#selectors,
      ...initial,
      watch: true,
      allowWatchBookmarks: true,
      resourceVersion: this.#version,
      timeoutSeconds: Math.round(this.#tuning.watchSeconds * (1 + this.#tuning.random())),
    };
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const query = this.#watchQuery();
    if (this.#version === undefined) this.#store.beginList();
    const stream = await this.#options.client.stream({ method: 'GET', path: this.#path, query, signal });
    this.stats.watches++;
    const startedAt = performance.now();
    const bytesBefore = this.stats.bytes;
    try {
      await this.#readStream(stream);
    } finally {
      if (performance.now() - startedAt >= this.#tuning.healthyMs) this.#backoff.reset();
    }
    // An orderly end is no failure, unless the server ends each stream at once.
    if (this.stats.bytes === bytesBefore && performance.now() - startedAt < this.#tuning.healthyMs) {
      throw new StreamError('the stream ended at once');
    }
    if (this.#version === undefined) throw new StreamError('the stream ended before the list was complete');
  }

  async #readStream(stream: IncomingMessage): Promise<void> {
    const lines = new LineSplitter();
    const silence = new StreamError(`nothing came for ${this.#tuning.idleMs} ms`);
    const timer = setTimeout(() => void stream.destroy(silence), this.#tuning.idleMs);
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        timer.refresh();
        this.stats.bytes += chunk.length;
        for (const line of lines.push(chunk)) this.#event(line);
      }
    } finally {
      clearTimeout(timer);
      stream.destroy();
    }
  }

  #event(line: string): void {
    const { type, object } = JSON.parse(line) as WatchEvent;
    if (type === 'ERROR') throw statusError(object, object.code ?? 500, `WATCH ${this.#path}`);
    const version = object.metadata?.resourceVersion;
    if (type === 'BOOKMARK') {
      if (object.metadata?.annotations?.[initialEventsEnd] === 'true') this.#listed(version);
    } else {
      this.stats.events++;
      this.#hand(() => (type === 'DELETED' ? this.#store.delete(object) : this.#store.upsert(object)));
    }
    // While the list is not complete there is nothing to resume from.
    if (this.#version !== undefined && version !== undefined) this.#version = version;
  }

  /** What a handler throws is the program's fault: it ends the run, and is not taken for a broken stream. */
  #hand(call: () => void): void {
    try {
      call();
    } catch (cause) {
      throw new HandlerFailure(cause);
    }
  }
}

class HandlerFailure extends Error {
  constructor(cause: unknown) {
    super('handler failed', { cause });
  }
}

class StreamError extends Error {
  override readonly name = 'StreamError';
}
