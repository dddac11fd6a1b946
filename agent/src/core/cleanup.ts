/** Takes everything of Margay off a node, without asking anybody. */
import { readdir, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Native } from '@margay/addon/api';
import type { Netlink } from '@margay/addon/netlink-api';
import type { Logger } from '@margay/lib/log';
import { Hooks } from '../dataplane/hooks.ts';
import { pinPaths } from '../dataplane/paths.ts';
import { NodeFabric } from '../fabric/node-fabric.ts';
import { cniSetup } from './cni-setup.ts';
import type { AgentOptions } from './options.ts';

/** What cleanup works with. */
export interface CleanupParts {
  readonly options: AgentOptions;
  readonly native: Native;
  readonly netlink: Netlink;
  readonly log: Logger;
}

/** Detaches programs, removes pins, tables, routes, CNI configuration and the stored order. Idempotent. */
export async function cleanup(parts: CleanupParts): Promise<void> {
  const { options, native, netlink, log } = parts;
  const pins = pinPaths(options.bpffs);
  for (const layout of await readdir(pins.root).catch(() => [])) {
    const links = join(pins.root, layout, 'links');
    for (const name of await readdir(links).catch(() => [])) await unlink(join(links, name));
  }
  // Where the kernel has no TCX links, filters outlive their pins.
  for (const family of [4, 6]) {
    const hooks = new Hooks(native, pins.links, { family, tcx: false });
    for (const { index } of await netlink.links()) await hooks.detach(index);
  }
  await rm(pins.root, { recursive: true, force: true });
  log.info('programs and maps are gone', { path: pins.root });
  await cniSetup(parts).remove();
  await new NodeFabric({ netlink }).remove();
  log.info('routes, nftables tables and the CNI configuration are gone; pods that run keep their interfaces');
  await rm(join(options.stateDir, 'order.json'), { force: true });
}
