/** Writes NodeDataplane.status when it changed, and again when somebody else changed it. */
import { nodeDataplanes } from '@margay/crds/resources';
import { mergePatch } from '@margay/lib/apply';
import { Backoff } from '@margay/lib/backoff';
import { isNotFound, messageOf } from '@margay/lib/errors';
import type { KubeClient } from '@margay/lib/kube-client';
import type { Logger } from '@margay/lib/log';
import type { StatusDraft } from '../node-mode/facts.ts';
import type { NodeStatus, StatusContext } from './node-status.ts';
import { canonical, nodeStatus, statusPatch } from './node-status.ts';

/** What {@link StatusWriter} needs. */
export interface StatusWriterOptions {
  readonly client: KubeClient;
  readonly nodeName: string;
  readonly log: Logger;
  readonly random?: () => number;
}

/** At most this often is a status put back that somebody else changed. */
const REPAIR_MS = 5 * 60_000;

/** At most this often is a write worth nothing but another count of flows that a drain waits for. */
const COUNT_MS = 10_000;

function withoutCount(status: NodeStatus): string {
  return canonical({ ...status, drain: undefined });
}

/** One request at a time, always about the latest draft. */
export class StatusWriter {
  readonly #options: StatusWriterOptions;
  readonly #backoff: Backoff;
  /** As the server has it, as far as is known. */
  #server: NodeStatus | undefined;
  #draft: { readonly draft: StatusDraft; readonly context: StatusContext } | undefined;
  /** After a failure. */
  #retry: NodeJS.Timeout | undefined;
  /** For a count alone; anything else does not wait for it. */
  #count: NodeJS.Timeout | undefined;
  #writing = false;
  #closed = false;
  #repairAfter = 0;
  #written = 0;
  /** Written since the start; for metrics. */
  writes = 0;

  constructor(options: StatusWriterOptions) {
    this.#options = options;
    this.#backoff = new Backoff(500, 30_000, options.random ?? Math.random);
  }

  /** The server's status, from the watch; undefined when there is no object. */
  observed(status: NodeStatus | undefined, uid: { readonly changed: boolean }): void {
    const first = this.#server === undefined || uid.changed;
    if (first) this.#server = status;
    if (status === undefined || this.#writing || first) return;
    if (canonical(status) === canonical(this.#server) || Date.now() < this.#repairAfter) return;
    this.#repairAfter = Date.now() + REPAIR_MS * (1 + (this.#options.random ?? Math.random)());
    this.#server = status;
    this.#write();
  }

  /** The status shall say this. */
  submit(draft: StatusDraft, context: StatusContext): void {
    this.#draft = { draft, context };
    this.#write();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#count);
  }

  #write(): void {
    if (this.#writing || this.#closed || this.#retry !== undefined) return;
    if (this.#server === undefined || this.#draft === undefined) return;
    const wanted = nodeStatus(this.#server, this.#draft.draft, this.#draft.context);
    if (canonical(wanted) === canonical(this.#server)) return;
    const early = this.#written + COUNT_MS - Date.now();
    if (early > 0 && withoutCount(wanted) === withoutCount(this.#server)) {
      this.#count ??= setTimeout(() => {
        this.#count = undefined;
        this.#write();
      }, early);
      return;
    }
    clearTimeout(this.#count);
    this.#count = undefined;
    this.#writing = true;
    void this.#send(this.#server, wanted).finally(() => {
      this.#writing = false;
      this.#write();
    });
  }

  async #send(server: NodeStatus, wanted: NodeStatus): Promise<void> {
    const { client, nodeName, log } = this.#options;
    try {
      const ref = { name: nodeName, subresource: 'status' };
      const value = statusPatch(server, wanted);
      await mergePatch(client, nodeDataplanes, ref, { value, fieldManager: 'margay-agent' });
      this.#server = wanted;
      this.writes++;
      this.#written = Date.now();
      this.#backoff.reset();
    } catch (error) {
      // Without an order there is nobody to tell.
      if (isNotFound(error)) this.#server = undefined;
      else log.warn('status could not be written, trying again', { error: messageOf(error) });
      this.#retry = setTimeout(() => {
        this.#retry = undefined;
        this.#write();
      }, this.#backoff.next());
    }
  }
}
