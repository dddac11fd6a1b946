/** Network configuration lists (CNI specification 1.1, section 1): pure functions over their contents. */
import { MargayError } from '@margay/lib/errors';

/** A plugin's entry in a list. */
export type PluginConfig = Readonly<Record<string, unknown>>;

/** A network configuration list, as far as this code looks into it. */
export interface ConfigList {
  readonly cniVersion: string;
  readonly name: string;
  readonly plugins: readonly PluginConfig[];
  readonly [key: string]: unknown;
}

/** What Margay's own list is made of. */
export interface OwnListInput {
  /** Of this node; one range a CIDR, so that each pod gets one address of each. */
  readonly podCidrs: readonly string[];
  readonly mtu: number;
  readonly socketPath: string;
  /** CNI versions that every plugin of the list speaks. */
  readonly versions: readonly string[];
  /** With `portmap`, which serves hostPorts. */
  readonly portmap: boolean;
  /** Without `margay-cni`: for a fabric that stays when Margay goes. */
  readonly withAgent: boolean;
}

/** Name of Margay's own network; the runtime and `host-local` keep their state under it. */
export const networkName = 'margay';

/** File of Margay's own list. */
export const ownFile = '10-margay.conflist';

/** File of a copied list with margay-cni at its end; it sorts before what it was copied from. */
export const chainedFile = '00-00-margay.conflist';

const pluginType = 'margay-cni';

function agentPlugin(socketPath: string): PluginConfig {
  return { type: pluginType, socket: socketPath };
}

/** "1.1.0" > "1.0.0"; all versions of the specification have three numbers. */
function byVersion(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/**
 * Versions as the specification writes them: `cniVersion` for runtimes that read one only (1.0.0 is what
 * all of today's know), `cniVersions` for those that choose the highest (GC and STATUS need 1.1.0).
 */
function versionFields(versions: readonly string[]): { cniVersion: string; cniVersions: readonly string[] } {
  const sorted = [...versions].sort(byVersion);
  const highest = sorted.at(-1);
  if (highest === undefined) {
    throw new MargayError('the CNI plugins have no version of the protocol in common', {
      code: 'NoCommonCniVersion',
    });
  }
  return { cniVersion: sorted.includes('1.0.0') ? '1.0.0' : highest, cniVersions: sorted };
}

/** Margay's own list: `ptp` and `host-local` make the interface, `margay-cni` waits for the agent. */
export function ownList(input: OwnListInput): ConfigList {
  const { cniVersion, cniVersions } = versionFields(input.versions);
  const hasFamily = (v6: boolean): boolean => input.podCidrs.some((cidr) => cidr.includes(':') === v6);
  const routes = [
    ...(hasFamily(false) ? [{ dst: '0.0.0.0/0' }] : []),
    ...(hasFamily(true) ? [{ dst: '::/0' }] : []),
  ];
  const ptp = {
    type: 'ptp',
    ipMasq: false,
    mtu: input.mtu,
    ipam: { type: 'host-local', ranges: input.podCidrs.map((subnet) => [{ subnet }]), routes },
  };
  return {
    cniVersion,
    cniVersions,
    name: networkName,
    plugins: [
      ptp,
      ...(input.portmap ? [{ type: 'portmap', capabilities: { portMappings: true }, snat: true }] : []),
      ...(input.withAgent ? [agentPlugin(input.socketPath)] : []),
    ],
  };
}

function invalid(file: string, what: string): never {
  throw new MargayError(`CNI configuration ${file} ${what}`, { code: 'InvalidCniConfiguration' });
}

/** Reads a `.conflist`, or a `.conf`/`.json` with one plugin, which becomes a list of one. */
export function parseList(file: string, contents: string): ConfigList {
  let value: unknown;
  try {
    value = JSON.parse(contents);
  } catch {
    return invalid(file, 'is not JSON');
  }
  if (typeof value !== 'object' || value === null) return invalid(file, 'is not a JSON object');
  const { cniVersion = '0.2.0', name, ...rest } = value as Record<string, unknown>;
  if (typeof cniVersion !== 'string') return invalid(file, 'has a cniVersion that is not a string');
  if (typeof name !== 'string' || name === '') return invalid(file, 'has no name');
  if (Array.isArray(rest['plugins'])) {
    return { ...rest, cniVersion, name, plugins: rest['plugins'] as PluginConfig[] };
  }
  if (typeof rest['type'] !== 'string') return invalid(file, 'has neither plugins nor a type');
  return { cniVersion, name, plugins: [rest] };
}

/** The same list with margay-cni at its end. Its name stays, and with it all state of its plugins. */
export function chained(list: ConfigList, socketPath: string): ConfigList {
  const others = list.plugins.filter((plugin) => plugin['type'] !== pluginType);
  return { ...list, plugins: [...others, agentPlugin(socketPath)] };
}

/** The file that a container runtime uses: the first by name, of those that it reads. */
export function effectiveFile(names: readonly string[]): string | undefined {
  return names.filter((name) => /\.(?:conf|conflist|json)$/.test(name)).sort()[0];
}

/** As {@link effectiveFile}, Margay's own two left out. */
export function foreignFile(names: readonly string[]): string | undefined {
  return effectiveFile(names.filter((name) => name !== ownFile && name !== chainedFile));
}

/** The text of a list, as it is written to disk. */
export function serialize(list: ConfigList): string {
  return `${JSON.stringify(list, null, 2)}\n`;
}
