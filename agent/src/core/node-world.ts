/** Everything that the calculators read, gathered from those who know it. */
import type { AgentConfig } from '@margay/crds/agent-config.gen';
import { contains, type Family, parseAddress, parseCidr } from '../calc/ip.ts';
import { FAMILIES, familiesOf, familyOfText, nodeAddresses, type ByFamily } from '../calc/node-families.ts';
import type { LocalAddress, LocalFacts } from '../calc/node-routes.ts';
import type { HostPort, NodeRecord, ServiceRecord, SliceRecord } from '../calc/records.ts';
import type { NodeFacts } from '../calc/services.ts';
import type { World } from '../dataplane/content.ts';
import type { LocalEndpoint } from '../ports.ts';
import type { ClusterWatch } from '../watch/cluster.ts';

/** Who knows what. */
export interface WorldSources {
  readonly nodeName: string;
  readonly cluster: ClusterWatch;
  readonly addresses: () => readonly LocalAddress[];
  readonly config: () => AgentConfig | undefined;
  readonly endpoints: () => Iterable<LocalEndpoint>;
}

/**
 * Addresses of this node that NodePorts answer at. A family of which no network is named has no entry and answers at
 * all of its own, as with kube-proxy.
 */
export function nodePortAddresses(
  networks: readonly string[],
  addresses: readonly LocalAddress[],
): ByFamily<readonly string[]> {
  const cidrs = networks.flatMap((network) => parseCidr(network) ?? []);
  const restricted = FAMILIES.filter((family) => cidrs.some((cidr) => cidr.family === family));
  const chosen = addresses
    .map(({ address }) => address)
    .filter((address) => {
      const bytes = parseAddress(address);
      return bytes !== undefined && cidrs.some((cidr) => contains(cidr, bytes));
    });
  const distinct = [...new Set(chosen)];
  return Object.fromEntries(
    restricted.map((family) => [family, distinct.filter((ip) => familyOfText(ip) === family)]),
  );
}

/** See the file comment. */
export class NodeWorld implements World {
  readonly #sources: WorldSources;

  constructor(sources: WorldSources) {
    this.#sources = sources;
  }

  services(): Iterable<[string, ServiceRecord]> {
    return this.#sources.cluster.services.entries();
  }

  slices(): Iterable<[string, SliceRecord]> {
    return this.#sources.cluster.slices.entries();
  }

  nodes(): Iterable<[string, NodeRecord]> {
    return this.#sources.cluster.nodes.entries();
  }

  hostPorts(): readonly HostPort[] {
    return this.#sources.cluster.hostPorts();
  }

  /** This Node, as the API server has it. */
  ownNode(): NodeRecord | undefined {
    return this.#sources.cluster.nodes.get(this.#sources.nodeName);
  }

  /** By family the address that this node translates to: the families that it serves. */
  nodeAddresses(): ByFamily<string> {
    return nodeAddresses(this.ownNode(), this.#sources.config()?.network.podCIDRs);
  }

  /** Those of {@link nodeAddresses}. */
  families(): readonly Family[] {
    return familiesOf(this.nodeAddresses());
  }

  nodeFacts(): NodeFacts {
    const addresses = this.#sources.addresses();
    const own = this.ownNode();
    const all = [
      ...addresses.map(({ address }) => address),
      ...(own?.internalIPs ?? []),
      ...(own?.externalIPs ?? []),
    ];
    return {
      zone: own?.zone ?? '',
      addresses: [...new Set(all)],
      nodePortAddresses: nodePortAddresses(this.#sources.config()?.nodePortAddresses ?? [], addresses),
    };
  }

  localFacts(): LocalFacts {
    const config = this.#sources.config();
    return {
      addresses: this.#sources.addresses(),
      podCidrs: config?.network.podCIDRs ?? [],
      excludeFromNat: config?.excludeCIDRsFromNAT ?? [],
      ownFabric: config?.network.cni === 'Margay',
    };
  }

  endpoints(): Iterable<LocalEndpoint> {
    return this.#sources.endpoints();
  }
}
