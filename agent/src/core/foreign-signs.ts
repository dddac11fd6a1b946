/** Reads what on this node tells of another dataplane. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Netlink } from '@margay/addon/netlink-api';
import type { Signs } from '../node-mode/foreign.ts';

/** Pins lie at the top of the bpffs, or where iproute2 and those who follow it put them. */
const PIN_FOLDERS = ['.', 'tc/globals'] as const;

/** Of the network namespace that this process is in, and of this bpffs. A folder that is not there has no pins. */
export async function readSigns(netlink: Pick<Netlink, 'links'>, bpffs: string): Promise<Signs> {
  const links = await netlink.links();
  const pins = await Promise.all(
    PIN_FOLDERS.map((folder) => readdir(join(bpffs, folder)).catch((): string[] => [])),
  );
  return { interfaces: links.map(({ name }) => name), pins: pins.flat() };
}
