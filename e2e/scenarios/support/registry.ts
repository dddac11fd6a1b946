import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ensureRegistry } from '../../lab/binaries/build.ts';
import { REGISTRIES } from '../../lab/node/config.ts';
import type { LabNode } from '../../lab/node/lab-node.ts';
import { progress } from './cluster.ts';

/** An image registry that runs, in memory and without TLS. */
export interface Registry {
  /** `host:port`. */
  readonly address: string;
  close(): void;
}

/** Starts one on a free port of this address of the machine. It ends with this process, however that ends. */
export async function startRegistry(host: string): Promise<Registry> {
  const child = spawn(await ensureRegistry(progress), [`--listen=${host}:0`], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  return { address: await listening(child), close: () => void child.kill() };
}

/** The address is in the first line of its log; the others are read so that the pipe never fills. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status) => reject(new Error(`the registry ended with ${String(status)}`)));
    if (!child.stderr) throw new Error('the registry has no log');
    createInterface({ input: child.stderr }).on('line', (line) => {
      const address = /listening on (\S+)$/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
}

/** What a person with a registry without TLS writes on every node. */
export async function trustRegistry(node: LabNode, { address }: Registry): Promise<void> {
  const dir = `${REGISTRIES}/${address}`;
  const hosts = `server = "http://${address}"\n[host."http://${address}"]\ncapabilities = ["pull", "resolve"]\n`;
  await node.exec(['sh', '-c', 'mkdir -p "$1" && printf %s "$2" >"$1/hosts.toml"', 'trust', dir, hosts]);
}
