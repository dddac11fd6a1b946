import type { EventRecorder, Happening, ObjectReference } from '@margay/lib/events';
import type { KubeClient } from '@margay/lib/kube-client';
import type { Logger } from '@margay/lib/log';
import { apiVersion } from '@margay/crds/resources';
import type { InstallationRecord, NodeRecord } from '../watch/records.ts';
import type { World } from '../watch/world.ts';

/** What every controller works with. */
export interface Deps {
  readonly client: KubeClient;
  readonly world: World;
  readonly events: EventRecorder;
  readonly log: Logger;
  /** The operator's own image and version. */
  readonly operator: { readonly image: string; readonly version: string };
  readonly now: () => number;
}

/** The Installation as Events refer to it. */
export function installationReference(record: InstallationRecord): ObjectReference {
  return { apiVersion, kind: 'Installation', name: record.name, uid: record.uid };
}

/** A Node as Events refer to it. */
export function nodeReference(record: NodeRecord): ObjectReference {
  return { apiVersion: 'v1', kind: 'Node', name: record.name, uid: record.uid };
}

/** Tells people about a node: on the Node and on the Installation. */
export function tellOfNode(
  { events, world }: Deps,
  about: { readonly installation: InstallationRecord; readonly node: string },
  happening: Happening,
): void {
  const node = world.nodes.get(about.node);
  if (node !== undefined) events.record(nodeReference(node), happening);
  events.record(installationReference(about.installation), happening);
}
