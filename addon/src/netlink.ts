import { loadBinding } from './binding.ts';
import type { Netlink } from './netlink-api.ts';

/**
 * Loads the addon's netlink half. It acts in the network namespace of the process, on pool threads.
 * @throws AddonNotFound, or Node's own error when a shared library that it needs is missing.
 */
export function loadNetlink(): Netlink {
  return loadBinding().netlink;
}
