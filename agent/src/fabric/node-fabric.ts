/** Routes, kernel settings and nftables tables of this node: reads what is there, changes what differs. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Netlink } from '@margay/addon/netlink-api';
import { MargayError, messageOf } from '@margay/lib/errors';
import { parseCidr } from '../calc/ip.ts';
import type { Fabric, FabricSettings } from '../ports.ts';
import { flowKey, isDestinationNat, stillThere } from './flows.ts';
import { Nft } from './nft.ts';
import { ownProtocol, planRoutes } from './routes.ts';
import { fabricRuleset, fabricTable, handoverRuleset, handoverTable } from './ruleset.ts';
import {
  acceptRaPath,
  forwardingPath,
  localPortsPath,
  planSysctls,
  reservedPortsPath,
  rpFilterPath,
  sysctlWarnings,
} from './sysctl.ts';

const fabricName = { family: 'inet', name: fabricTable } as const;
const handoverName = { family: 'inet', name: handoverTable } as const;

/** What {@link NodeFabric} needs. */
export interface NodeFabricOptions {
  readonly netlink: Netlink;
  readonly nft?: Nft;
  /** Where /proc/sys is. */
  readonly sysctlRoot?: string;
}

/** Implements {@link Fabric}. */
export class NodeFabric implements Fabric {
  readonly #netlink: Netlink;
  readonly #nft: Nft;
  readonly #sysctlRoot: string;
  /** The rule set that was asked for, and how nft printed it right after. */
  #applied: { readonly asked: string; readonly listed: string | undefined } | undefined;
  /** Keys of the flows that the handover table is there for; undefined before the first look. */
  #oldFlows: Set<string> | undefined;

  constructor(options: NodeFabricOptions) {
    this.#netlink = options.netlink;
    this.#nft = options.nft ?? new Nft();
    this.#sysctlRoot = options.sysctlRoot ?? '/proc/sys';
  }

  async apply(settings: FabricSettings): Promise<readonly string[]> {
    const sentences = await this.#applySysctls(settings);
    await this.#applyMasquerade(settings);
    return [...sentences, ...(await this.#applyRoutes(settings))];
  }

  async installHandover(): Promise<void> {
    // A switch begins: flows translated since the last one count too.
    this.#oldFlows = undefined;
    if (!(await this.#nft.exists(handoverName))) await this.#nft.apply(handoverRuleset());
  }

  async finishHandover(): Promise<boolean> {
    if (!(await this.#nft.exists(handoverName))) return true;
    const now = await this.#netlink.conntrack({ natOnly: true });
    // What is there at the first look is older than the switch: kube-proxy's rules are gone by then.
    const old = this.#oldFlows ?? new Set(now.map(flowKey));
    this.#oldFlows = stillThere(old, now);
    if (this.#oldFlows.size > 0) return false;
    await this.#nft.delete(handoverName);
    this.#oldFlows = undefined;
    return true;
  }

  async natFlowsLeft(): Promise<boolean> {
    const translated = await this.#netlink.conntrack({ natOnly: true });
    return translated.some(isDestinationNat);
  }

  async remove(): Promise<void> {
    await this.#nft.delete(fabricName);
    await this.#nft.delete(handoverName);
    this.#applied = undefined;
    for (const family of [4, 6] as const) {
      const routes = await this.#netlink.routes(family);
      for (const route of routes.filter((r) => r.protocol === ownProtocol)) {
        await this.#netlink.deleteRoute(route);
      }
    }
  }

  async #applyRoutes(settings: FabricSettings): Promise<readonly string[]> {
    const [addresses, v4, v6] = await Promise.all([
      this.#netlink.addresses(),
      this.#netlink.routes(4),
      this.#netlink.routes(6),
    ]);
    const plan = planRoutes(settings.peers, addresses, [...v4, ...v6]);
    const problems = [...plan.problems];
    for (const route of plan.replace) {
      const what = `route to ${route.destination} via ${route.gateway ?? 'the link'}`;
      await this.#netlink.replaceRoute(route).catch((error: unknown) => {
        problems.push(`${what} was not set: ${messageOf(error)}`);
      });
    }
    for (const route of plan.remove) await this.#netlink.deleteRoute(route);
    return problems;
  }

  async #applyMasquerade(settings: FabricSettings): Promise<void> {
    const asked = fabricRuleset(settings);
    const listed = await this.#nft.list(fabricName);
    if (listed !== undefined && this.#applied?.asked === asked && this.#applied.listed === listed) return;
    await this.#nft.apply(asked);
    this.#applied = { asked, listed: await this.#nft.list(fabricName) };
  }

  async #applySysctls(settings: FabricSettings): Promise<readonly string[]> {
    const families = new Set(settings.localPodCidrs.flatMap((cidr) => parseCidr(cidr)?.family ?? []));
    const interfaces = await readdir(join(this.#sysctlRoot, 'net/ipv6/conf')).catch(() => []);
    const paths = [
      ...Object.values(forwardingPath),
      rpFilterPath,
      localPortsPath,
      reservedPortsPath,
      ...interfaces.map(acceptRaPath),
    ];
    const current = new Map<string, string>();
    for (const path of paths) {
      const value = await readFile(join(this.#sysctlRoot, path), 'utf8').catch(() => undefined);
      if (value !== undefined) current.set(path, value.trim());
    }
    const sentences: string[] = [];
    for (const { path, value, why } of planSysctls(families, interfaces, current)) {
      const name = path.replaceAll('/', '.');
      await writeFile(join(this.#sysctlRoot, path), value).catch((cause: unknown) => {
        const message = `${name} cannot be set to ${value} (${why}); set it on the node`;
        throw new MargayError(message, { code: 'SysctlRefused', cause });
      });
      sentences.push(`${name} was set to ${value}: ${why}`);
    }
    return [...sentences, ...sysctlWarnings(current)];
  }
}
