import { existsSync } from 'node:fs';
import { sh, type RunResult } from './process.ts';
import type { Address, AddressPlan } from './address-plan.ts';

/** Path of a named network namespace. */
export function netnsPath(name: string): string {
  return `/run/netns/${name}`;
}

/** Runs a shell script in a named network namespace (the machine's own /sys stays). */
export async function shIn(netns: string, script: string, args: readonly string[] = []): Promise<RunResult> {
  return sh(
    `ns=$1; shift; exec nsenter --net="$ns" -- sh -euc "$0" lab "$@"`.replace('"$0"', '"$LAB_SCRIPT"'),
    [netnsPath(netns), ...args],
    {
      env: { ...process.env, LAB_SCRIPT: script },
    },
  );
}

/** Makes a network namespace with its loopback up. */
export async function createNetns(name: string): Promise<void> {
  await sh('ip netns add "$1"; ip -n "$1" link set lo up', [name]);
}

/** Removes a network namespace and with it its interfaces; also what an earlier boot of the machine left of it. */
export async function deleteNetns(name: string): Promise<void> {
  if (!existsSync(netnsPath(name))) return;
  await sh('ip netns del "$1" 2>/dev/null || rm -f "/run/netns/$1"', [name]);
}

/** Names of the network namespaces that begin with `prefix`. */
export async function netnsNames(prefix: string): Promise<string[]> {
  const { stdout } = await sh('ls /run/netns 2>/dev/null || true');
  return stdout.split('\n').filter((name) => name !== '' && name.startsWith(prefix));
}

/** `ip address add` arguments for each family of an address, with the network's prefix length. */
export function withPrefix(plan: AddressPlan, address: Address): string[] {
  const v4 = `${address.v4}/${plan.prefix.v4}`;
  return address.v6 === undefined ? [v4] : [v4, `${address.v6}/${plan.prefix.v6}`];
}

/** Script lines that give interface `dev` these addresses; IPv6 ones are usable at once. */
export function addAddresses(dev: string, addresses: readonly string[]): string {
  return addresses.map((a) => `ip address add ${a} dev ${dev}${a.includes(':') ? ' nodad' : ''}`).join('\n');
}
