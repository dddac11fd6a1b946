/** Which address families a node serves. Pure: it follows from what its pods and the node itself have. */
import type { Family } from './ip.ts';
import type { NodeRecord } from './records.ts';

/** Every family there is, in the order in which they are loaded. */
export const FAMILIES: readonly Family[] = [4, 6];

/** The family of an address or CIDR in text. */
export function familyOfText(text: string): Family {
  return text.includes(':') ? 6 : 4;
}

/** Something for each family that a node has. */
export type ByFamily<T> = Readonly<Partial<Record<Family, T>>>;

/**
 * By family the InternalIP that this node translates to. A family is served where pods have it (the Node's pod CIDRs and
 * `podNetworks`; where neither is known, as under a CNI that tells nobody, any) and the node has an InternalIP of it,
 * without which no reply would come back. Empty: the Node has not been told its addresses yet.
 */
export function nodeAddresses(
  node: Pick<NodeRecord, 'podCidrs' | 'internalIPs'> | undefined,
  podNetworks: readonly string[] = [],
): ByFamily<string> {
  const pods = new Set([...(node?.podCidrs ?? []), ...podNetworks].map(familyOfText));
  const served = FAMILIES.filter((family) => pods.size === 0 || pods.has(family));
  const found = served.flatMap((family) => {
    const address = node?.internalIPs.find((ip) => familyOfText(ip) === family);
    return address === undefined ? [] : [[family, address] as const];
  });
  return Object.fromEntries(found);
}

/** The families of {@link nodeAddresses}. */
export function familiesOf(addresses: ByFamily<unknown>): readonly Family[] {
  return FAMILIES.filter((family) => addresses[family] !== undefined);
}

/** One text for equal addresses: `10.0.0.11 fd00::11`. */
export function addressesText(addresses: ByFamily<string>): string {
  return FAMILIES.flatMap((family) => addresses[family] ?? []).join(' ');
}
