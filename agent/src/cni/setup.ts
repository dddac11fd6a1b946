/** The node's CNI configuration and plugin binaries. */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Netlink } from '@margay/addon/netlink-api';
import { MargayError } from '@margay/lib/errors';
import { run } from '../fabric/command.ts';
import type { CniSettings, CniSetup } from '../ports.ts';
import { replaceFile } from './atomic-file.ts';
import {
  chained,
  chainedFile,
  type ConfigList,
  effectiveFile,
  foreignFile,
  ownFile,
  ownList,
  parseList,
  serialize,
} from './conflist.ts';

/** Binaries that the image brings; `portmap` is taken along where it is there. */
const ownPlugins = ['ptp', 'host-local', 'loopback', 'margay-cni'] as const;

/** What {@link NodeCniSetup} needs; the defaults are those of docs/contracts.md. */
export interface NodeCniSetupOptions {
  readonly netlink: Pick<Netlink, 'links' | 'routes'>;
  /** The runtime's configuration directory. */
  readonly confDir?: string;
  /** The runtime's plugin directory. */
  readonly binDir?: string;
  /** Where the image has the plugins. */
  readonly sourceDir?: string;
  readonly socketPath?: string;
}

/** Implements {@link CniSetup}. */
export class NodeCniSetup implements CniSetup {
  readonly #netlink: Pick<Netlink, 'links' | 'routes'>;
  readonly #confDir: string;
  readonly #binDir: string;
  readonly #sourceDir: string;
  readonly #socketPath: string;

  constructor(options: NodeCniSetupOptions) {
    this.#netlink = options.netlink;
    this.#confDir = options.confDir ?? '/etc/cni/net.d';
    this.#binDir = options.binDir ?? '/opt/cni/bin';
    this.#sourceDir = options.sourceDir ?? '/opt/margay/cni';
    this.#socketPath = options.socketPath ?? '/run/margay/agent.sock';
  }

  async apply(settings: CniSettings): Promise<void> {
    switch (settings.mode) {
      case 'Margay':
        return this.#applyOwn(settings, true);
      case 'Chained':
        return this.#applyChained();
      case 'None':
        return this.#delete(ownFile, chainedFile);
    }
  }

  async remove(): Promise<void> {
    await this.#delete(ownFile, chainedFile);
  }

  async leaveFabric(settings: CniSettings): Promise<void> {
    if (settings.mode === 'Margay') await this.#applyOwn(settings, false);
    else await this.remove();
  }

  async #applyOwn(settings: CniSettings, withAgent: boolean): Promise<void> {
    if (settings.podCidrs.length === 0) {
      throw new MargayError('this node has no spec.podCIDRs: the controller manager gives them', {
        code: 'NoPodCidr',
        retryable: true,
      });
    }
    const plugins = await this.#install([...ownPlugins, 'portmap']);
    await this.#refuseForeign();
    const list = ownList({
      podCidrs: settings.podCidrs,
      mtu: settings.mtu === 0 ? await this.#mainMtu() : settings.mtu,
      socketPath: this.#socketPath,
      versions: await this.#commonVersions(plugins),
      portmap: plugins.includes('portmap'),
      withAgent,
    });
    await this.#write(ownFile, list);
    await this.#delete(chainedFile);
  }

  async #applyChained(): Promise<void> {
    const original = foreignFile(await this.#files());
    if (original === undefined) {
      await this.#delete(chainedFile, ownFile);
      const message = `${this.#confDir} has no CNI configuration to chain behind`;
      throw new MargayError(message, { code: 'NoCniConfiguration', retryable: true });
    }
    await this.#install(['margay-cni']);
    const list = parseList(original, await readFile(join(this.#confDir, original), 'utf8'));
    await this.#write(chainedFile, chained(list, this.#socketPath));
    await this.#delete(ownFile);
  }

  /** A runtime uses the first file only; a foreign one before ours would silently win. */
  async #refuseForeign(): Promise<void> {
    const foreign = foreignFile(await this.#files());
    if (foreign === undefined || effectiveFile([foreign, ownFile]) === ownFile) return;
    throw new MargayError(
      `${join(this.#confDir, foreign)} is another CNI's and comes before ${ownFile}: ` +
        'set spec.network.cni to Chained or None, or take that file away',
      { code: 'ForeignCni' },
    );
  }

  async #install(names: readonly string[]): Promise<string[]> {
    await mkdir(this.#binDir, { recursive: true });
    const available = new Set(await readdir(this.#sourceDir));
    const installed: string[] = [];
    for (const name of names) {
      if (!available.has(name) && name === 'portmap') continue;
      await replaceFile(join(this.#binDir, name), await readFile(join(this.#sourceDir, name)), 0o755);
      installed.push(name);
    }
    return installed;
  }

  /** Asks each plugin of the list itself. */
  async #commonVersions(plugins: readonly string[]): Promise<string[]> {
    const spoken = await Promise.all(
      plugins.map(async (name) => {
        const options = { env: { CNI_COMMAND: 'VERSION' }, input: '{"cniVersion":"1.0.0"}' };
        const answer: unknown = JSON.parse(await run([join(this.#binDir, name)], options));
        return (answer as { supportedVersions?: string[] }).supportedVersions ?? [];
      }),
    );
    return (spoken[0] ?? []).filter((version) => spoken.every((versions) => versions.includes(version)));
  }

  /** MTU of the device that the default route names, else the smallest of the physical ones. */
  async #mainMtu(): Promise<number> {
    const [links, v4, v6] = await Promise.all([
      this.#netlink.links(),
      this.#netlink.routes(4),
      this.#netlink.routes(6),
    ]);
    const route = [...v4, ...v6].find((r) => r.table === 254 && /^(?:0\.0\.0\.0|::)\/0$/.test(r.destination));
    const main = links.find((link) => link.index === route?.ifindex);
    const physical = links.filter((link) => link.up && link.kind === '' && link.name !== 'lo');
    return main?.mtu ?? Math.min(1500, ...physical.map((link) => link.mtu));
  }

  async #files(): Promise<string[]> {
    await mkdir(this.#confDir, { recursive: true });
    return readdir(this.#confDir);
  }

  async #write(file: string, list: ConfigList): Promise<void> {
    await replaceFile(join(this.#confDir, file), serialize(list), 0o600);
  }

  async #delete(...files: readonly string[]): Promise<void> {
    for (const file of files) await rm(join(this.#confDir, file), { force: true });
  }
}
