/** From this node's NodeDataplane and the ConfigMaps around it to what the agent acts on. */
import type { NodeDataplane } from '@margay/crds/nodedataplane.gen';
import { agentConfigKey } from '@margay/crds/resources';
import type { KubeObject } from '@margay/lib/objects';
import type { Order } from '../node-mode/facts.ts';

/** What a NodeDataplane says. */
export interface OrderRecord {
  readonly order: Order;
  /** As it stands on the server; for transition times, and to see that nobody changed it. */
  readonly status: NonNullable<NodeDataplane['status']>;
  /** Another object of the same name has another one. */
  readonly uid: string;
}

/** Never undefined: the schema demands mode and configRef. */
export function decodeOrder(object: KubeObject): OrderRecord {
  const { metadata, spec, status = {} } = object as NodeDataplane;
  return {
    order: { generation: metadata?.generation ?? 0, mode: spec.mode, configName: spec.configRef.name },
    status,
    uid: metadata?.uid ?? '',
  };
}

/** The `data` of a ConfigMap. */
export function decodeData(object: KubeObject): Readonly<Record<string, string>> {
  return (object as { data?: Record<string, string> }).data ?? {};
}

/** The text of an agent's configuration in its ConfigMap; undefined when the key is missing. */
export function configText(object: KubeObject): string | undefined {
  return decodeData(object)[agentConfigKey];
}
