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

/** The configuration that most nodes were ordered to use, of equals the first by name; undefined without any node. */
export function commonConfig(objects: readonly KubeObject[]): string | undefined {
  const counts = new Map<string, number>();
  for (const object of objects) {
    const { configName } = decodeOrder(object).order;
    counts.set(configName, (counts.get(configName) ?? 0) + 1);
  }
  const most = Math.max(...counts.values());
  return [...counts]
    .filter(([, count]) => count === most)
    .map(([name]) => name)
    .sort()[0];
}
