/** Kubernetes Events for people: one for each thing that happened, and never the same twice in a minute. */
import { randomUUID } from 'node:crypto';
import { mergePatch } from './apply.ts';
import { messageOf } from './errors.ts';
import type { KubeClient } from './kube-client.ts';
import type { Logger } from './log.ts';
import { apiVersionOf, events } from './resources.ts';

/** The object that an Event is about. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
}

/** What happened. */
export interface Happening {
  readonly type: 'Normal' | 'Warning';
  /** PascalCase: why. */
  readonly reason: string;
  /** PascalCase: what was done or tried. */
  readonly action: string;
  /** For people: what, where, what to do; with a name in it. At most 1 kB is kept. */
  readonly note: string;
  readonly related?: ObjectReference;
}

/** Who reports, and how much. */
export interface EventRecorderOptions {
  readonly client: KubeClient;
  /** Such as `margay.io/operator`. */
  readonly controller: string;
  /** Such as the pod's name. */
  readonly instance: string;
  readonly log: Logger;
  readonly now?: () => number;
  /** An Event of the same cause is only counted within this time; default a minute. */
  readonly quietMs?: number;
  /** Events at once, of which one comes back every 200 ms; default 100. */
  readonly burst?: number;
}

interface Sent {
  readonly namespace: string;
  readonly name: string;
  at: number;
  count: number;
}

const refillMs = 200;
const longestNote = 1024;

function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}

function cut(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.length <= longestNote ? text : `${bytes.subarray(0, longestNote - 4).toString('utf8')}...`;
}

/** Writes Events in order, behind the caller's back: an Event is never a reason to fail. */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #now: () => number;
  readonly #quiet: number;
  readonly #sent = new Map<string, Sent>();
  #tokens: number;
  #refilledAt: number;
  #tail: Promise<void> = Promise.resolve();

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#quiet = options.quietMs ?? 60_000;
    this.#tokens = options.burst ?? 100;
    this.#refilledAt = this.#now();
  }

  /** Reports that something happened to the object. */
  record(regarding: ObjectReference, happening: Happening): void {
    const now = this.#now();
    const { kind, namespace = '', name, uid = '' } = regarding;
    const cause = JSON.stringify([
      kind,
      namespace,
      name,
      uid,
      happening.type,
      happening.reason,
      happening.note,
    ]);
    const sent = this.#sent.get(cause);
    if (sent !== undefined) sent.count++;
    if (sent !== undefined && now - sent.at < this.#quiet) return;
    if (!this.#takeToken(now)) {
      this.#options.log.warn('too many Events, some left out', { reason: happening.reason });
      return;
    }
    this.#forgetOld(now);
    if (sent === undefined) this.#create(cause, regarding, happening);
    else this.#repeat(cause, sent);
  }

  /** Resolves when all that was recorded so far is written, or has failed. */
  flush(): Promise<void> {
    return this.#tail;
  }

  #create(cause: string, regarding: ObjectReference, happening: Happening): void {
    const now = this.#now();
    const namespace = regarding.namespace ?? 'default';
    const name = `${regarding.name.slice(0, 200)}.${randomUUID().slice(0, 18)}`;
    this.#sent.set(cause, { namespace, name, at: now, count: 1 });
    const body = {
      apiVersion: apiVersionOf(events),
      kind: events.kind,
      metadata: { namespace, name },
      eventTime: microTime(now),
      reportingController: this.#options.controller,
      reportingInstance: this.#options.instance.slice(0, 128),
      regarding,
      ...(happening.related === undefined ? {} : { related: happening.related }),
      type: happening.type,
      reason: happening.reason,
      action: happening.action,
      note: cut(happening.note),
    };
    this.#send(cause, () => this.#options.client.create(events, body));
  }

  #repeat(cause: string, sent: Sent): void {
    sent.at = this.#now();
    const { namespace, name, count } = sent;
    const value = { series: { count, lastObservedTime: microTime(sent.at) } };
    const patch = { value, fieldManager: this.#options.controller };
    this.#send(cause, () => mergePatch(this.#options.client, events, { namespace, name }, patch));
  }

  #send(cause: string, write: () => Promise<unknown>): void {
    this.#tail = this.#tail.then(write).then(
      () => undefined,
      (error: unknown) => {
        // Gone after its hour, or refused: the next one of this cause is written as a new one.
        this.#sent.delete(cause);
        this.#options.log.debug('Event not written', { error: messageOf(error) });
      },
    );
  }

  #takeToken(now: number): boolean {
    const refill = Math.floor((now - this.#refilledAt) / refillMs);
    this.#tokens = Math.min(this.#options.burst ?? 100, this.#tokens + refill);
    this.#refilledAt += refill * refillMs;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  #forgetOld(now: number): void {
    if (this.#sent.size < 1000) return;
    for (const [cause, { at }] of this.#sent) {
      if (now - at >= this.#quiet) this.#sent.delete(cause);
    }
  }
}
