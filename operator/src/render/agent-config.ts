import { createHash } from 'node:crypto';
import type { AgentConfig } from '@margay/crds/agent-config.gen';
import { agentConfigKey, managedLabel, systemNamespace } from '@margay/crds/resources';
import type { NamedObject } from '@margay/lib/objects';
import { configPrefix } from '../names.ts';

/** JSON with sorted keys: equal data gives equal text. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, v: unknown) => {
    if (typeof v !== 'object' || v === null || Array.isArray(v)) return v;
    return Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** First ten hexadecimal digits of a text's SHA-256. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 10);
}

/** The immutable ConfigMap of a configuration, named by its content. */
export function configMapOf(config: AgentConfig): NamedObject {
  const text = stableJson(config);
  const manifest = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: `${configPrefix}${shortHash(text)}`,
      namespace: systemNamespace,
      labels: { [managedLabel]: 'true', 'app.kubernetes.io/part-of': 'margay' },
    },
    immutable: true,
    data: { [agentConfigKey]: text },
  };
  return manifest;
}

/** A configuration that exists. */
export interface KnownConfig {
  readonly name: string;
  /** ISO 8601. */
  readonly created: string;
}

/** The configurations that nobody will go back to: all but the newest three, the wanted one and those in use. */
export function outdatedConfigs(
  known: readonly KnownConfig[],
  wanted: string,
  inUse: ReadonlySet<string>,
): readonly string[] {
  const newest = known.toSorted((a, b) => (a.created < b.created ? 1 : -1)).slice(0, 3);
  const kept = new Set([wanted, ...inUse, ...newest.map((c) => c.name)]);
  return known.map((c) => c.name).filter((name) => !kept.has(name));
}
