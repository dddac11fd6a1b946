/** kube-proxy's DaemonSet: whether it is ours to place, and its required node affinity. */
import type { PatchOperation } from '@margay/lib/apply';
import { isTestFailed, jsonPatch } from '@margay/lib/apply';
import { isForbidden, MargayError } from '@margay/lib/errors';
import type { Happening } from '@margay/lib/events';
import type { KubeObject } from '@margay/lib/objects';
import { daemonSets } from '@margay/lib/resources';
import { fieldManager, originalAffinity } from '../names.ts';
import { canPark, parkablePatch, restorePatch } from '../render/kube-proxy.ts';
import type { KubeProxyFinding } from '../status/kube-proxy.ts';
import { ownerOf } from '../status/owner.ts';
import type { DaemonSetRecord, InstallationRecord } from '../watch/records.ts';
import { decodeDaemonSet } from '../watch/records.ts';
import type { KubeProxyPlace } from '../watch/world.ts';
import type { Deps } from './deps.ts';
import { installationReference } from './deps.ts';

/** kube-proxy's DaemonSet may not be changed by us. */
export class KubeProxyForbiddenError extends MargayError {
  override readonly name = 'KubeProxyForbiddenError';
}

/** What is to be done about kube-proxy. */
export interface KubeProxyWish {
  readonly installation: InstallationRecord;
  readonly place: KubeProxyPlace;
  readonly management: 'Enabled' | 'Disabled';
  /** `Keep`: only say how it stands. */
  readonly placement: 'Parkable' | 'Original' | 'Keep';
}

const REVERTS = 3;
const REVERTS_WITHIN_MS = 600_000;

/** The DaemonSet that we made parkable, and when others have changed that back. */
interface Ours {
  uid: string;
  reverts: readonly number[];
  /** The DaemonSet's generation that was counted last: seen again, by a late event or a second try, it is no other. */
  counted: number;
  /** The Installation's. */
  generation: number;
}

function untouched(): Ours {
  return { uid: '', reverts: [], counted: 0, generation: 0 };
}

/** Keeps kube-proxy's placement, and knows when to stop. */
export class KubeProxyController {
  readonly #deps: Deps;
  #ours = untouched();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Finds out how kube-proxy stands and carries the wish out where that is ours to do. */
  async ensure(wish: KubeProxyWish): Promise<KubeProxyFinding> {
    const place = `${wish.place.namespace}/${wish.place.name}`;
    const [record] = this.#deps.world.kubeProxy.values;
    const finding = found(place, record);
    if (wish.management === 'Disabled') return { ...finding, placement: 'Disabled' };
    if (record === undefined) return { ...finding, placement: 'Absent' };
    if (wish.placement === 'Original') {
      const changed = await this.#patch(wish, record, restorePatch(record.placed), 'Restored');
      this.#ours = untouched();
      return { ...finding, placement: 'Managed', replacing: record.replacing || changed };
    }
    if (canPark(record.placed)) {
      this.#claim(record);
      return { ...finding, placement: 'Managed' };
    }
    const refusal = this.#refusal(wish, record);
    if (refusal !== undefined) return { ...finding, placement: 'Refused', ...refusal };
    if (wish.placement === 'Keep') return { ...finding, placement: 'Managed' };
    const again = this.#ours.uid === record.uid;
    await this.#patch(wish, record, parkablePatch(record.placed), again ? 'Repaired' : 'Placed');
    this.#claim(record);
    return { ...finding, placement: 'Managed', replacing: true };
  }

  /** What it was until now undid nothing of ours, when an event of it should come late. */
  #claim({ uid, generation }: DaemonSetRecord): void {
    if (this.#ours.uid !== uid) this.#ours = { ...this.#ours, uid, counted: generation };
  }

  #refusal(
    wish: KubeProxyWish,
    record: DaemonSetRecord,
  ): Pick<KubeProxyFinding, 'why' | 'contested'> | undefined {
    const place = `${wish.place.namespace}/${wish.place.name}`;
    const annotations = record.placed.metadata?.annotations ?? {};
    const owner = ownerOf({ labels: record.labels, annotations, managers: record.managers });
    const disable = 'or set spec.kubeProxyManagement to Disabled and take kube-proxy off the nodes yourself';
    if (owner !== undefined) {
      const why = `DaemonSet ${place} is looked after by ${owner.name}, which would undo our change: ${owner.advice}, ${disable}`;
      return { why, contested: false };
    }
    if (!this.#contested(wish, record)) return undefined;
    const others = record.managers.filter((manager) => manager !== fieldManager);
    const why = `DaemonSet ${place} was changed back ${REVERTS} times within ten minutes (written by ${others.join(', ')}): find out by whom, ${disable}; any change of the Installation makes Margay try again`;
    return { why, contested: true };
  }

  /** Counts a change that undid ours; three within ten minutes make us stop until the Installation changes. */
  #contested({ installation }: KubeProxyWish, record: DaemonSetRecord): boolean {
    if (this.#ours.uid !== record.uid) return false;
    if (this.#ours.generation !== installation.generation && this.#ours.reverts.length >= REVERTS) {
      this.#ours.reverts = [];
    }
    this.#ours.generation = installation.generation;
    if (this.#ours.reverts.length >= REVERTS) return true;
    if (record.generation <= this.#ours.counted) return false;
    this.#ours.counted = record.generation;
    const now = this.#deps.now();
    this.#ours.reverts = [...this.#ours.reverts.filter((at) => now - at < REVERTS_WITHIN_MS), now];
    return this.#ours.reverts.length >= REVERTS;
  }

  /** Says whether there was anything to change. */
  async #patch(
    wish: KubeProxyWish,
    record: DaemonSetRecord,
    operations: readonly PatchOperation[],
    what: 'Placed' | 'Repaired' | 'Restored',
  ): Promise<boolean> {
    if (operations.length === 0) return false;
    const { client, world, log, events } = this.#deps;
    const place = `${wish.place.namespace}/${wish.place.name}`;
    const ref = { namespace: wish.place.namespace, name: wish.place.name };
    const object = await jsonPatch<KubeObject>(client, daemonSets, ref, { operations, fieldManager }).catch(
      (cause: unknown) => failed(place, record, cause),
    );
    world.kubeProxy.put(place, decodeDaemonSet(object));
    log.info('kube-proxy placed', { place, what });
    events.record(installationReference(wish.installation), happening(what, place));
    return true;
  }
}

function found(place: string, record: DaemonSetRecord | undefined): Omit<KubeProxyFinding, 'placement'> {
  return { place, replacing: record?.replacing ?? false, why: '', contested: false, unknown: false };
}

const NOTES = {
  Placed:
    'now keeps off nodes that are labelled margay.io/kube-proxy=parked; its own affinity is kept in an annotation',
  Repaired: 'was changed by somebody so that it would run on parked nodes; it keeps off them again',
  Restored: 'has its own node affinity back',
};

function happening(what: keyof typeof NOTES, place: string): Happening {
  return {
    type: what === 'Repaired' ? 'Warning' : 'Normal',
    reason: `KubeProxy${what}`,
    action: 'Place',
    note: `DaemonSet ${place} ${NOTES[what]}`,
  };
}

function failed(place: string, record: DaemonSetRecord, cause: unknown): never {
  const { namespace = '', name = '' } = { namespace: place.split('/')[0], name: place.split('/')[1] };
  if (isForbidden(cause)) {
    const message = `DaemonSet ${place} may not be changed: bind ClusterRole margay-operator-kube-proxy to the operator's service account in namespace ${namespace}, or see which admission policy refuses ${name}`;
    throw new KubeProxyForbiddenError(message, { code: 'KubeProxyForbidden', cause, retryable: true });
  }
  const changed = isTestFailed(cause) ? ` (version ${record.version}, annotation ${originalAffinity})` : '';
  const message = `DaemonSet ${place} was changed by somebody at the same time${changed}; trying again`;
  if (isTestFailed(cause)) throw new MargayError(message, { code: 'Conflict', cause, retryable: true });
  throw cause;
}
